import { arrayOf, type Statement, type Transaction } from '../../platform/database.ts'
import type { EndedPeriod, Subscription } from './read-subscriptions.ts'

const ENDED: Statement = {
  name: 'subscriptions-ended-periods',
  text: `select subscription_id as "subscriptionId", start, "end", rate_card_version_pk as "cardPk", trial
         from ended_period where customer_pk = any($1::bigint[]) and "end" > $2`,
}

/** Gives subscriptions their ended periods that reach beyond an instant: what late usage belongs to. */
export async function withEndedPeriods(
  tx: Transaction,
  subscriptions: ReadonlyMap<number, readonly Subscription[]>,
  since: number,
): Promise<Map<number, Subscription[]>> {
  const rows = await tx.query<EndedPeriod & { subscriptionId: string }>(ENDED, [
    arrayOf([...subscriptions.keys()]),
    new Date(since),
  ])
  const of = (id: string) => rows.filter(({ subscriptionId }) => subscriptionId === id)
  return new Map(
    [...subscriptions].map(([customerPk, own]) => [customerPk, own.map((each) => ({ ...each, ended: of(each.id) }))]),
  )
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
