import { arrayOf, type Statement, type Transaction } from '../../platform/database.ts'
import type { EndedPeriod, Subscription } from './read-subscriptions.ts'

const ENDED: Statement = {
  name: 'subscriptions-ended-periods',
  text: `select subscription_id as "subscriptionId", start, "end", rate_card_version_pk as "cardPk", trial
         from ended_period where customer_pk = any($1::bigint[]) and "end" > $2 order by start`,
}

const FIRST: Statement = {
  name: 'subscriptions-first-periods',
  text: `select customer_pk as "customerPk", min(start) as start from ended_period
         where customer_pk = any($1::bigint[]) group by customer_pk`,
}

type OwnedPeriod = EndedPeriod & { readonly subscriptionId: string }

/** Periods of customers that reach beyond an instant, of all their subscriptions: also of those that have ended. */
export async function readEndedPeriods(
  tx: Transaction,
  customerPks: readonly number[],
  since: number,
): Promise<OwnedPeriod[]> {
  return tx.query<OwnedPeriod>(ENDED, [arrayOf(customerPks), new Date(since)])
}

/** Gives subscriptions their ended periods that reach beyond an instant: what late usage belongs to. */
export async function withEndedPeriods(
  tx: Transaction,
  subscriptions: ReadonlyMap<number, readonly Subscription[]>,
  since: number,
): Promise<Map<number, Subscription[]>> {
  const customerPks = [...subscriptions.keys()]
  const [periods, firsts] = await Promise.all([
    readEndedPeriods(tx, customerPks, since),
    tx.query<{ customerPk: number; start: number }>(FIRST, [arrayOf(customerPks)]),
  ])
  const withPeriods = (each: Subscription): Subscription => ({
    ...each,
    ended: periods.filter(({ subscriptionId }) => subscriptionId === each.id),
    firstStart: firsts.find(({ customerPk }) => customerPk === each.customerPk)?.start ?? each.currentPeriodStart,
  })
  return new Map([...subscriptions].map(([customerPk, own]) => [customerPk, own.map(withPeriods)]))
}

/** Writes down that the running period has ended, so that late usage finds it. */
export function recordEndedPeriod(tx: Transaction, subscription: Subscription, end: number): void {
  const { id, customerPk, cardPk, currentPeriodStart, status } = subscription
  tx.send(
    `insert into ended_period (subscription_id, start, "end", customer_pk, rate_card_version_pk, trial)
     values ($1, $2, $3, $4, $5, $6)`,
    [id, new Date(currentPeriodStart), new Date(end), customerPk, cardPk, status === 'TRIALING'],
  )
}
