import { formatMoney } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import type { Project } from '../accounts/viewer.ts'
import type { Catalog } from '../catalog/read-catalog.ts'
import { lockCustomer } from '../payments/lock-customer.ts'
import { announceSubscription } from './announce-subscription.ts'
import type { SubscriptionDeps } from './deps.ts'
import { readNextRenewal } from './read-next-renewal.ts'
import { SUBSCRIPTION_COLUMNS, type Subscription } from './read-subscriptions.ts'

/** SQL: when the customer of a subscription `s` is to be told that its trial ends; of a shorter trial: at once. */
const TOLD_AT = `greatest(s.current_period_start, s.trial_ends_at - interval '3 days')`

/** SQL: whether a subscription `s` still has to tell. One that ends or rests with its trial charges nothing then. */
const IS_UNTOLD = `s.status = 'TRIALING' and s.trial_told_end is distinct from s.trial_ends_at
  and not s.cancel_at_period_end and not s.pause_at_period_end`

/** SQL: whether it is time to by an instant. */
export const isTrialUntoldBy = (now: string) =>
  `${IS_UNTOLD} and s.trial_ends_at <= ${now}::timestamptz + interval '3 days'`

/** The earliest instant, up to the one given, at which the customer is to be told of a trial's end; null: none. */
export async function readUntoldTrial(
  { database }: SubscriptionDeps,
  customerPk: number,
  until: number,
): Promise<number | null> {
  const [row] = await database.query<{ at: number | null }>(
    `select min(${TOLD_AT}) as at from subscription s where s.customer_pk = $1 and ${isTrialUntoldBy('$2')}`,
    [customerPk, new Date(until)],
  )
  return row?.at ?? null
}

/** Tells of a trial that ends soon, once: when, and what is charged then. Another worker may have been first. */
export async function tellTrialEnd(
  deps: SubscriptionDeps,
  project: Project,
  customerPk: number,
  at: number,
): Promise<void> {
  const catalog = await deps.catalog.read(project.id)
  await deps.database.transaction(async (tx) => {
    await lockCustomer(tx, customerPk)
    const untold = await tx.query<Subscription>(
      `update subscription s set trial_told_end = s.trial_ends_at
       where s.customer_pk = $1 and ${isTrialUntoldBy('$2')} returning ${SUBSCRIPTION_COLUMNS}`,
      [customerPk, new Date(at)],
    )
    for (const subscription of untold) await tell(tx, catalog, subscription, at)
  })
}

async function tell(tx: Transaction, catalog: Catalog, subscription: Subscription, at: number): Promise<void> {
  const card = catalog.versionsByPk.get(subscription.cardPk)
  const renewal = await readNextRenewal(tx, catalog, subscription.id)
  if (!card || !renewal) throw new Error(`the catalogue lacks version ${subscription.cardPk}`)
  announceSubscription(tx, 'subscription.trial_ending', subscription, card, at, {
    trialEndsAt: new Date(renewal.at).toISOString(),
    amount: formatMoney(renewal.amount),
    currency: renewal.amount.currency,
  })
}
