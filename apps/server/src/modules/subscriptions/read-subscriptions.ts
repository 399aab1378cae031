import { type Interval, periodContaining, type Span } from '@florin/core'
import { arrayOf, type Statement, type Transaction } from '../../platform/database.ts'

export type SubscriptionStatus = 'INCOMPLETE' | 'TRIALING' | 'ACTIVE' | 'PAST_DUE' | 'PAUSED' | 'CANCELED'

/** Why a customer wanted to leave, in the order in which they are asked. */
export const CANCEL_REASONS = [
  'TOO_EXPENSIVE',
  'MISSING_FEATURES',
  'SWITCHED_SERVICE',
  'UNUSED',
  'CUSTOMER_SERVICE',
  'TOO_COMPLEX',
  'LOW_QUALITY',
  'OTHER',
] as const

export type CancelReason = (typeof CANCEL_REASONS)[number]

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
  readonly pauseAtPeriodEnd: boolean
  /** When a pause ends by itself; null: when it is resumed. */
  readonly resumesAt: number | null
  /** Fixed rates paid for the running period, less what changes in it gave back; in minor units, without exclusive tax. */
  readonly paidMinor: number
  /** What of it stays with the seller whatever follows in the period. */
  readonly keptMinor: number
  /** By credit type: what of a free allowance counts as granted and spent, because an earlier period had it. */
  readonly withheld: Readonly<Record<string, string>>
  /** When the cancellation was asked for, and in what words; null once it is taken back. */
  readonly canceledAt: number | null
  readonly cancelReason: CancelReason | null
  readonly cancelComment: string | null
  readonly pendingCardPk: number | null
  readonly pendingQuantities: Readonly<Record<string, number>> | null
  /** The invoice that is not paid yet: of the running period, or of overage when it ended or came to rest. */
  readonly openInvoiceId: string | null
  readonly firstDeclinedAt: number | null
  readonly attempts: number
  /** When the next thing happens by itself; null: nothing will. */
  readonly dueAt: number | null
  /** Periods that have ended, where late usage asks for them. */
  readonly ended?: readonly EndedPeriod[]
  /** When the customer's first period of any subscription began, likewise. */
  readonly firstStart?: number
}

/** A period that has ended, and the card that was in force when it did. */
export interface EndedPeriod extends Span {
  readonly cardPk: number
  readonly trial: boolean
}

export const SUBSCRIPTION_COLUMNS = `s.id, s.customer_pk as "customerPk", s.rate_card_version_pk as "cardPk", s.status::text,
  s.quantities, s.anchor_at as "anchorAt", s.timezone, s.period_index as "periodIndex",
  s.current_period_start as "currentPeriodStart", s.current_period_end as "currentPeriodEnd",
  s.trial_ends_at as "trialEndsAt", s.cancel_at_period_end as "cancelAtPeriodEnd",
  s.pause_at_period_end as "pauseAtPeriodEnd", s.resumes_at as "resumesAt", s.paid_minor as "paidMinor",
  s.kept_minor as "keptMinor", s.withheld, s.canceled_at as "canceledAt",
  s.cancel_reason::text as "cancelReason", s.cancel_comment as "cancelComment",
  s.pending_card_pk as "pendingCardPk", s.pending_quantities as "pendingQuantities", s.open_invoice_id as "openInvoiceId",
  s.first_declined_at as "firstDeclinedAt", s.attempts, s.due_at as "dueAt"`

/** What is set where a cancellation is taken back, or another plan takes its place. */
export const NOT_CANCELED = `cancel_at_period_end = false, canceled_at = null, cancel_reason = null, cancel_comment = null`

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

/** One of a customer's subscriptions, unless it has ended. */
export async function readLiveSubscription(
  tx: Transaction,
  customerPk: number,
  id: string,
): Promise<Subscription | undefined> {
  return (await readLiveSubscriptions(tx, [customerPk])).get(customerPk)?.find((subscription) => subscription.id === id)
}

const DUE: Statement = {
  name: 'subscriptions-due',
  text: `select ${SUBSCRIPTION_COLUMNS} from subscription s
         where s.customer_pk = $1 and s.due_at <= $2 order by s.due_at, s.id`,
}

/** The customer's subscriptions for which something is due, first things first: an ended one may still have an invoice open. */
export async function readDueSubscriptions(
  tx: Pick<Transaction, 'query'>,
  customerPk: number,
  until: number,
): Promise<Subscription[]> {
  return tx.query<Subscription>(DUE, [customerPk, new Date(until)])
}

/**
 * The period that holds an instant, with the card that rates it: the running one, one that has ended, or, before the first,
 * one by the calendar. Null in a pause, or under another subscription: this one's card was not in force then.
 */
export function periodHolding(subscription: Subscription, interval: Interval, at: number): EndedPeriod | null {
  const { currentPeriodStart: start, currentPeriodEnd: end, cardPk, ended = [], firstStart = start } = subscription
  const trial = subscription.status === 'TRIALING'
  if (start <= at && at < end) return { start, end, cardPk, trial }
  const found = ended.find((period) => period.start <= at && at < period.end)
  if (found || (firstStart <= at && at < start)) return found ?? null
  const { anchorAt, timezone } = subscription
  return { ...periodContaining(anchorAt, interval, timezone, at), cardPk, trial }
}

/** The end of its period has come and no worker has taken it over yet. */
export function isOverdue({ dueAt, openInvoiceId }: Subscription, at: number): boolean {
  return dueAt !== null && dueAt <= at && openInvoiceId === null
}

/** Whether the card is the customer's, if only to be resumed: a cancelled period's end has passed, whether or not a worker has said so. */
export function isHeld(subscription: Subscription, at: number): boolean {
  return !(subscription.cancelAtPeriodEnd && subscription.currentPeriodEnd <= at)
}

/** Whether the card rates usage and brings its features: held, and not paused. */
export function isInForce(subscription: Subscription, at: number): boolean {
  return isHeld(subscription, at) && subscription.status !== 'PAUSED'
}
