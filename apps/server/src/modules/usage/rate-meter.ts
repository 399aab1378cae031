import { type AccessDecision, decideAccess, type Quantity, type UsageRate } from '@florin/core'
import type { CatalogMeter, PublishedCard } from '../catalog/read-catalog.ts'
import { isInForce, periodHolding, type Subscription } from '../subscriptions/read-subscriptions.ts'

/** The card that rates a meter for a customer at an instant, and the period that the instant belongs to. */
export interface Rating {
  readonly subscription: Subscription
  readonly card: PublishedCard
  readonly rate: UsageRate
  readonly periodStart: number
}

/** One meter is rated by one card at a time; the newest subscription that rates it wins. Null: no card rates it. */
export function rateMeter(
  subscriptions: readonly Subscription[],
  versions: ReadonlyMap<number, PublishedCard>,
  meter: CatalogMeter,
  at: number,
  now: number,
): Rating | null {
  for (let i = subscriptions.length - 1; i >= 0; i--) {
    const subscription = subscriptions[i] as Subscription
    const current = versions.get(subscription.cardPk)
    if (!current || !isInForce(subscription, now)) continue
    const period = periodHolding(subscription, current.card.interval, at)
    const card = period && versions.get(period.cardPk)
    const rate = card?.ratesByMeter.get(meter.pk)
    if (!period || !card || !rate) continue
    // What is not paid for lends nothing: in a trial, and until a renewal is paid, only credits that are there can be spent.
    const lends = !period.trial && subscription.status !== 'PAST_DUE'
    return { subscription, card, rate: lends ? rate : { ...rate, overage: 'BLOCK' }, periodStart: period.start }
  }
  return null
}

/** Who pays for a meter, with the card that rates it and all from who asks up to who pays. */
export interface Payer<Member> {
  readonly payer: Member
  readonly levels: readonly Member[]
  readonly rating: Rating
}

/** The nearest of a lineage, who asks first, with a card that rates the meter. Null: nobody has one. */
export function findPayer<Member extends { readonly subscriptions: readonly Subscription[] }>(
  line: readonly Member[],
  versions: ReadonlyMap<number, PublishedCard>,
  meter: CatalogMeter,
  at: number,
  now: number,
): Payer<Member> | null {
  for (const [index, payer] of line.entries()) {
    const rating = rateMeter(payer.subscriptions, versions, meter, at, now)
    if (rating) return { payer, rating, levels: line.slice(0, index + 1) }
  }
  return null
}

/** The decision under a rating. Where a payment is due, that is what would help, not more credits. */
export function decideRated(
  { subscription }: Rating,
  ...[account, request, dearest]: Parameters<typeof decideAccess>
): ReturnType<typeof decideAccess> {
  const access = decideAccess(account, request, dearest)
  if (!access.ok || access.decision.allowed || subscription.status !== 'PAST_DUE') return access
  return { ok: true, decision: { ...access.decision, reason: 'PAYMENT_PAST_DUE' } }
}

/** The decision where no card rates the meter. */
export function withoutCard(quantity: Quantity): { ok: true; decision: AccessDecision } {
  const none = 0n as AccessDecision['available']
  return {
    ok: true,
    decision: {
      allowed: false,
      reason: 'NO_SUBSCRIPTION',
      cost: quantity as bigint as AccessDecision['cost'],
      available: none,
    },
  }
}
