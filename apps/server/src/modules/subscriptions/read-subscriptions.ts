import { type Interval, periodContaining } from '@florin/core'
import { arrayOf, type Statement, type Transaction } from '../../platform/database.ts'

export type SubscriptionStatus = 'INCOMPLETE' | 'TRIALING' | 'ACTIVE' | 'PAST_DUE' | 'PAUSED' | 'CANCELED'

/** A subscription as stored. Instants are epoch milliseconds. */
export interface Subscription {
  readonly id: string
  readonly customerPk: number
  readonly cardPk: number
  readonly status: SubscriptionStatus
  readonly quantities: Readonly<Record<string, number>>
  readonly anchorAt: number
  readonly timezone: string
  readonly periodIndex: number
  readonly currentPeriodStart: number
  readonly currentPeriodEnd: number
  readonly trialEndsAt: number | null
  readonly cancelAtPeriodEnd: boolean
  readonly canceledAt: number | null
  readonly pendingCardPk: number | null
  readonly pendingQuantities: Readonly<Record<string, number>> | null
  /** The invoice of the running period while it is not paid. */
  readonly openInvoiceId: string | null
  readonly firstDeclinedAt: number | null
  readonly attempts: number
  /** When the next thing happens by itself; null: nothing will. */
  readonly dueAt: number | null
}

export const SUBSCRIPTION_COLUMNS = `s.id, s.customer_pk as "customerPk", s.rate_card_version_pk as "cardPk", s.status::text,
  s.quantities, s.anchor_at as "anchorAt", s.timezone, s.period_index as "periodIndex",
  s.current_period_start as "currentPeriodStart", s.current_period_end as "currentPeriodEnd",
  s.trial_ends_at as "trialEndsAt", s.cancel_at_period_end as "cancelAtPeriodEnd", s.canceled_at as "canceledAt",
  s.pending_card_pk as "pendingCardPk", s.pending_quantities as "pendingQuantities", s.open_invoice_id as "openInvoiceId",
  s.first_declined_at as "firstDeclinedAt", s.attempts, s.due_at as "dueAt"`

const LIVE: Statement = {
  name: 'subscriptions-live',
  text: `select ${SUBSCRIPTION_COLUMNS} from subscription s
         where s.customer_pk = any($1::bigint[]) and s.status <> 'CANCELED' order by s.id`,
}

/** The subscriptions of many customers that have not ended, oldest first. */
export async function readLiveSubscriptions(
  tx: Transaction,
  customerPks: readonly number[],
): Promise<Map<number, Subscription[]>> {
  const rows = await tx.query<Subscription>(LIVE, [arrayOf(customerPks)])
  const byCustomer = new Map<number, Subscription[]>()
  for (const row of rows) byCustomer.set(row.customerPk, [...(byCustomer.get(row.customerPk) ?? []), row])
  return byCustomer
}

/** The start of the subscription's period that holds the instant, also when its renewal has not run yet. */
export function periodStartAt(subscription: Subscription, interval: Interval, at: number): number {
  const { currentPeriodStart, currentPeriodEnd } = subscription
  if (currentPeriodStart <= at && at < currentPeriodEnd) return currentPeriodStart
  return periodContaining(subscription.anchorAt, interval, subscription.timezone, at).start
}

/** The end of its period has come and no worker has taken it over yet. */
export function isOverdue({ dueAt, openInvoiceId }: Subscription, at: number): boolean {
  return dueAt !== null && dueAt <= at && openInvoiceId === null
}

/** A cancelled period's end has passed: nothing of the card is in force any more, whether or not a worker has said so. */
export function isInForce(subscription: Subscription, at: number): boolean {
  return !(subscription.cancelAtPeriodEnd && subscription.currentPeriodEnd <= at)
}
