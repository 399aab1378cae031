import { realNow } from '../../platform/clock.ts'
import type { Transaction } from '../../platform/database.ts'
import { Fault } from '../../platform/errors.ts'

/** The most checkouts of a customer that can be paid at a time. */
const MOST_OPEN = 20

/**
 * Makes room for one more checkout, behind the customer's lock: the oldest ones expire, first those that nobody has tried to
 * pay. One that is being paid never does: its customer is at the card page, or a charge is on its way.
 *
 * @throws Fault RATE_LIMITED where each of them is being paid.
 */
export async function expireOldCheckouts(tx: Transaction, customerPk: number): Promise<void> {
  const now = new Date(realNow())
  const [live] = await tx.query<{ count: number }>(
    `select count(*) from checkout_session
     where customer_pk = $1 and status in ('OPEN', 'PROCESSING') and expires_at > $2`,
    [customerPk, now],
  )
  const tooMany = (live?.count ?? 0) + 1 - MOST_OPEN
  if (tooMany <= 0) return
  // Whoever pays locks the session before the customer: one that is locked is being paid. Waiting for it would be a deadlock.
  const expired = await tx.query(
    `update checkout_session set status = 'EXPIRED' where id in (
       select s.id from checkout_session s
       where s.customer_pk = $1 and s.status = 'OPEN' and s.expires_at > $2 and not exists (
         select 1 from payment y where y.checkout_session_id = s.id and y.status in ('PENDING', 'PROCESSING'))
       order by exists (select 1 from payment y where y.checkout_session_id = s.id), s.created_at, s.id
       limit $3 for update of s skip locked)
     returning 1`,
    [customerPk, now, tooMany],
  )
  if (expired.length === tooMany) return
  throw new Fault(
    'RATE_LIMITED',
    `${MOST_OPEN} checkouts of this customer are being paid: finish one, or wait until they end after an hour`,
  )
}
