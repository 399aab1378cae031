import type { Transaction } from '../../platform/database.ts'

/** Notes what of an invoice's payment went back to the customer's bank. The caller holds the payment's lock. */
export function refundInvoice(tx: Transaction, id: string, refundedMinor: bigint): void {
  tx.send(`update invoice set refunded_minor = $2 where id = $1`, [id, refundedMinor])
}
