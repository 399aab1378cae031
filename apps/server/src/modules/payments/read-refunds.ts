import type { Transaction } from '../../platform/database.ts'

/** What of a payment went back to the bank, or is on its way: refunds that have not failed, and disputes that were lost. */
const TAKEN = `(select coalesce(sum(amount_minor), 0) from refund where payment_id = y.id and status <> 'FAILED')
  + (select coalesce(sum(amount_minor), 0) from dispute where payment_id = y.id and status = 'LOST')`

/** The same, with whether its bank decides about the rest. Minor units. */
export async function readTaken(tx: Transaction, paymentId: string): Promise<{ minor: bigint; disputed: boolean }> {
  const [row] = await tx.query<{ taken: string; disputed: boolean }>(
    `select (${TAKEN})::text as taken,
       exists (select 1 from dispute where payment_id = y.id and status = 'OPEN') as disputed
     from payment y where y.id = $1`,
    [paymentId],
  )
  return { minor: BigInt(row?.taken ?? 0), disputed: row?.disputed ?? false }
}

/** The same of all payments of an invoice, in minor units. */
export async function readInvoiceRefunds(tx: Transaction, invoiceId: string): Promise<bigint> {
  const [row] = await tx.query<{ taken: string }>(
    `select coalesce(sum(${TAKEN}), 0)::text as taken from payment y
     where y.customer_pk = (select customer_pk from invoice where id = $1) and y.outcome->>'invoiceId' = $2`,
    [invoiceId, invoiceId],
  )
  return BigInt(row?.taken ?? 0)
}
