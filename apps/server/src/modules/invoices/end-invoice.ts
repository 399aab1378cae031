import type { Transaction } from '../../platform/database.ts'
import { announceInvoice } from './announce-invoice.ts'
import { moveAccountCredit } from './move-account-credit.ts'
import type { StoredInvoice } from './read-stored-invoice.ts'

/**
 * Ends an open invoice that is not going to be paid. VOID: nothing is due any more. UNCOLLECTIBLE: what is due stays on record.
 * Account credit that it used comes back either way: nothing came of it. The caller holds the customer's and the invoice's lock.
 */
export function endInvoice(
  tx: Transaction,
  invoice: StoredInvoice,
  status: 'VOID' | 'UNCOLLECTIBLE',
  at: number,
): void {
  const { id, customerPk, currency, creditMinor, amountDueMinor } = invoice
  const due = status === 'VOID' ? 0 : amountDueMinor + creditMinor
  tx.send(
    `update invoice set status = $2::invoice_status, amount_due_minor = $3,
       credit_minor = case $2 when 'VOID' then credit_minor else 0 end where id = $1`,
    [id, status, due],
  )
  moveAccountCredit(tx, customerPk, currency, BigInt(creditMinor), { type: 'VOID', id })
  const type = status === 'VOID' ? 'invoice.voided' : 'invoice.uncollectible'
  announceInvoice(tx, type, { ...invoice, status, amountDueMinor: due }, at)
}
