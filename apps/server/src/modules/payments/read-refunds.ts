import type { Money } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import { creditedBy, readCreditNotes } from '../invoices/read-credit-notes.ts'
import { readStoredInvoice } from '../invoices/read-stored-invoice.ts'
import type { PaidPayment } from './lock-payment.ts'

/** What of a payment went back to the bank, or is on its way: refunds that have not failed, and disputes that were lost. */
const TAKEN = `(select coalesce(sum(amount_minor), 0) from refund where payment_id = y.id and status <> 'FAILED')
  + (select coalesce(sum(amount_minor), 0) from dispute where payment_id = y.id and status = 'LOST')`

/** The same, as far as the provider has taken it on. */
const GONE = `(select coalesce(sum(amount_minor), 0) from refund
    where payment_id = y.id and status <> 'FAILED' and provider_refund_id is not null)
  + (select coalesce(sum(amount_minor), 0) from dispute where payment_id = y.id and status = 'LOST')`

/** How a payment stands against the one limit of all that gives money back: what was paid, less what credit notes gave. */
export interface Limits {
  /** What may still go back. Negative: refunds of ours that are not made yet have no room any more. */
  readonly left: bigint
  /** What went back beyond the limit, on the provider's pages or by a bank: nothing can undo it. */
  readonly over: bigint
  /** Whether its bank decides about the rest. */
  readonly disputed: boolean
}

/** In minor units. The caller holds the payment's lock; the invoice is locked here, so that credit notes take their turn. */
export async function readLimits(tx: Transaction, { id, paid, invoiceId }: PaidPayment): Promise<Limits> {
  const limit = await readLimit(tx, paid, invoiceId)
  const [row] = await tx.query<{ taken: string; gone: string; disputed: boolean }>(
    `select (${TAKEN})::text as taken, (${GONE})::text as gone,
       exists (select 1 from dispute where payment_id = y.id and status = 'OPEN') as disputed
     from payment y where y.id = $1`,
    [id],
  )
  const [taken, gone] = [BigInt(row?.taken ?? 0), BigInt(row?.gone ?? 0)]
  return { left: limit - taken, over: gone > limit ? gone - limit : 0n, disputed: row?.disputed ?? false }
}

/** What of a payment may go back in all: what credit notes of its invoice gave back, account credit holds already. */
async function readLimit(tx: Transaction, paid: Money, invoiceId: string | null): Promise<bigint> {
  if (invoiceId === null) return paid.minor
  const { totalMinor } = await readStoredInvoice(tx, invoiceId, 'for update')
  const uncredited = BigInt(totalMinor) - creditedBy(await readCreditNotes(tx, invoiceId))
  return uncredited < paid.minor ? uncredited : paid.minor
}

/** What of all payments of an invoice went back, or is on its way. Minor units. */
export async function readInvoiceRefunds(tx: Transaction, invoiceId: string): Promise<bigint> {
  const [row] = await tx.query<{ taken: string }>(
    `select coalesce(sum(${TAKEN}), 0)::text as taken from payment y
     where y.customer_pk = (select customer_pk from invoice where id = $1) and y.outcome->>'invoiceId' = $2`,
    [invoiceId, invoiceId],
  )
  return BigInt(row?.taken ?? 0)
}
