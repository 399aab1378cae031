import { add, amountOf, type Credits, type Grant } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import { GRANT_COLUMNS, type GrantRow, toGrant } from './load-accounts.ts'

/** The grant that a payment bought, also one that is closed. */
export interface PaidGrant {
  readonly grant: Grant
  /** What it brought, before refunds made it smaller. */
  readonly bought: Credits
  /** What left it unspent, other than by refunds. */
  readonly gone: Credits
}

/** Null for a payment that bought no grant. Call it under the customer's lock, when what is due has been written. */
export async function readPaidGrant(tx: Transaction, paymentId: string): Promise<PaidGrant | null> {
  const [row] = await tx.query<GrantRow>(`select ${GRANT_COLUMNS} from "grant" where payment_id = $1`, [paymentId])
  if (!row) return null
  const [left] = await tx.query<{ revoked: string; gone: string }>(
    `select coalesce(-sum(amount) filter (where by_refund), 0)::text as revoked,
       coalesce(-sum(amount) filter (where not by_refund), 0)::text as gone
     from (
       select amount, kind <> 'EXPIRE' and (cause_type = 'payment' or cause ? 'settles') is true as by_refund
       from ledger_entry
       where grant_id = $1 and (kind in ('VOID', 'EXPIRE') or (kind = 'REVERSE' and cause_type = 'payment'))) e`,
    [row.id],
  )
  if (!left) throw new Error(`the entries of grant ${row.id} have no sum`)
  const grant = toGrant(row)
  return { grant, bought: add(grant.amount, amountOf(left.revoked)), gone: amountOf(left.gone) }
}
