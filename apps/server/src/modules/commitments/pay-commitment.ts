import type { Money } from '@florin/core'
import { nowOf } from '../../platform/clock.ts'
import type { Transaction } from '../../platform/database.ts'
import { settleInvoice } from '../invoices/settle-invoice.ts'
import { type AccountSession, withAccount } from '../ledger/with-account.ts'
import type { Fulfilment, Outcome } from '../payments/purpose.ts'

/**
 * The invoice of a commitment was paid, by the card on file or by the customer on its page. Throws CONFLICT when it is not
 * open any more: the money then goes back.
 */
export async function payCommitment(
  tx: Transaction,
  { project, customerPk, paid }: Fulfilment,
  { invoiceId, at }: { readonly invoiceId: string; readonly at?: number },
): Promise<Outcome> {
  const now = at ?? nowOf(project)
  const { version, gains } = await withAccount(tx, customerPk, now, async (session) => {
    await settleInvoice(tx, invoiceId, paid?.amount as Money, now)
    closeCommitment(tx, session, invoiceId)
  })
  return { invoiceId, version, gains }
}

/** Nobody tries to collect the invoice of a commitment any more: it was paid, credited, or let be. */
export function closeCommitment(tx: Transaction, session: AccountSession, invoiceId: string): void {
  session.touch()
  tx.send(`update commitment set due_at = null where invoice_id = $1`, [invoiceId])
}
