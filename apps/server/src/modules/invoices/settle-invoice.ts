import type { Money } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import { Fault } from '../../platform/errors.ts'
import { announceInvoice } from './announce-invoice.ts'
import { readStoredInvoice } from './read-stored-invoice.ts'

/**
 * Marks an open invoice as paid by a payment. Throws CONFLICT when it is open no longer, or something else is due: the
 * caller then returns the money, so that a link and a retry that both pay end in one payment.
 */
export async function settleInvoice(tx: Transaction, id: string, paid: Money, at: number): Promise<void> {
  const invoice = await readStoredInvoice(tx, id, 'for update')
  if (invoice.status !== 'OPEN') {
    throw new Fault('CONFLICT', `the invoice ${invoice.number} is ${invoice.status.toLowerCase()} already`)
  }
  if (BigInt(invoice.amountDueMinor) !== paid.minor) {
    throw new Fault('CONFLICT', `another amount is due on the invoice ${invoice.number} by now`)
  }
  tx.send(`update invoice set status = 'PAID', amount_due_minor = 0, paid_minor = paid_minor + $2 where id = $1`, [
    id,
    paid.minor,
  ])
  announceInvoice(tx, 'invoice.paid', { ...invoice, status: 'PAID', amountDueMinor: 0 }, at)
}
