import { nextAttempt } from '@florin/core'
import { nowOf } from '../../platform/clock.ts'
import type { Transaction } from '../../platform/database.ts'
import type { Catalog } from '../catalog/read-catalog.ts'
import { withAccount } from '../ledger/with-account.ts'
import type { Failure, Purpose, Where } from '../payments/purpose.ts'
import { markDeclined } from './collect-renewal.ts'
import { SUBSCRIPTION_COLUMNS, type Subscription } from './read-subscriptions.ts'

type Renewal = Extract<Purpose, { kind: 'renewal' }>

/** The money for a subscription's invoice is on its way: no further attempt is made until it has come or failed. */
export async function waitForPayment(tx: Transaction, { subscriptionId, invoiceId }: Renewal): Promise<void> {
  await tx.query(`update subscription set due_at = null where id = $1 and open_invoice_id = $2`, [
    subscriptionId,
    invoiceId,
  ])
}

/**
 * The money did not come. An attempt of our own counts as declined, as of now; of one that the customer made on a page, or that
 * goes back because another amount is due by now, the schedule goes on as if it had not been. Answers the customer's version.
 */
export async function stopWaiting(
  tx: Transaction,
  catalog: Catalog,
  { subscriptionId, invoiceId, attempt, at: attemptAt }: Renewal,
  { project, customerPk }: Where,
  settled: Failure | null,
): Promise<number> {
  const at = nowOf(project)
  const { version } = await withAccount(tx, customerPk, at, async (session) => {
    const [subscription] = await tx.query<Subscription>(
      `select ${SUBSCRIPTION_COLUMNS} from subscription s where s.id = $1 and s.open_invoice_id = $2 and s.due_at is null`,
      [subscriptionId, invoiceId],
    )
    if (!subscription) return
    session.touch()
    if (attempt !== undefined && settled) {
      await markDeclined(tx, session, catalog, subscription, { at, attemptAt: attemptAt ?? at, settled })
      return
    }
    const { firstDeclinedAt, attempts } = subscription
    const scheduled = firstDeclinedAt === null ? at : (nextAttempt(firstDeclinedAt, attempts) ?? at)
    await tx.query(`update subscription set due_at = $2 where id = $1`, [
      subscriptionId,
      new Date(Math.max(scheduled, at)),
    ])
  })
  return version
}

/** Has what is not paid tried with a method that it was not tried with before, behind the customer's lock. */
export async function collectAgain(tx: Transaction, { project, customerPk }: Where, methodId: string): Promise<void> {
  await tx.query(
    `update subscription s set due_at = $2 where s.customer_pk = $1 and s.open_invoice_id is not null and s.due_at > $2
       and not exists (select 1 from payment y where y.customer_pk = $1 and y.payment_method_id = $3
         and y.purpose->>'invoiceId' = s.open_invoice_id::text)`,
    [customerPk, new Date(nowOf(project)), methodId],
  )
}
