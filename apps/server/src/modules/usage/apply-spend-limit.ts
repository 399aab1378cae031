import {
  type AccessDecision,
  add,
  type Credits,
  type ExactMoney,
  type MeterUsage,
  overageCharge,
  subtract,
} from '@florin/core'
import type { PublishedCard } from '../catalog/read-catalog.ts'
import { isInForce, type Subscription } from '../subscriptions/read-subscriptions.ts'
import type { Rating } from './rate-meter.ts'

/** What a customer's overage is measured by. */
export interface Spending {
  /** The most overage money in a billing period; null: no limit. */
  readonly spendLimit: ExactMoney | null
  readonly subscriptions: readonly Subscription[]
  readonly versions: ReadonlyMap<number, PublishedCard>
  /** Overage that open holds have reserved, by meter. */
  readonly heldOverage: (meterPk: number) => Credits
  usageOf(meterPk: number, periodStart: number): MeterUsage
}

/** Refuses what would be charged beyond the customer's limit. */
export function applySpendLimit(
  spending: Spending,
  rating: Rating,
  decision: AccessDecision,
  now: number,
): AccessDecision {
  if (decision.reason !== 'OVERAGE') return decision
  const shortfall = subtract(decision.cost, decision.available)
  if (!isBeyondLimit(spending, rating, shortfall, now)) return decision
  return { ...decision, allowed: false, reason: 'SPEND_LIMIT_REACHED' }
}

/** Whether so much more overage on the rated meter would bring the period's overage money above the limit. */
export function isBeyondLimit(spending: Spending, rating: Rating, more: Credits, now: number): boolean {
  if (spending.spendLimit === null) return false
  return overageSpendIn(spending, rating.card.card.currency, now, { rating, more }) > spending.spendLimit
}

/** What the overage of the running periods comes to, held overage included, where cards charge it in this currency. */
export function overageSpendIn(
  spending: Spending,
  currency: string,
  now: number,
  ahead: { rating: Rating; more: Credits } | null = null,
): ExactMoney {
  let total = 0n as ExactMoney
  for (const { card, meterPk, periodStart } of metersOf(spending, currency, ahead?.rating ?? null, now)) {
    const own = ahead && meterPk === ahead.rating.rate.meter ? ahead.more : (0n as Credits)
    const overage = add(add(spending.usageOf(meterPk, periodStart).overage, spending.heldOverage(meterPk)), own)
    const rate = rateOf(card, meterPk)
    if (rate && overage > 0n) total = add(total, overageCharge(rate, overage))
  }
  return total
}

/** Every meter that the customer's cards charge overage for in the currency, with its period: the rated one's is the rating's. */
function* metersOf({ subscriptions, versions }: Spending, currency: string, rating: Rating | null, now: number) {
  for (const subscription of subscriptions) {
    const card = versions.get(subscription.cardPk)
    if (!card || card.card.currency !== currency || !isInForce(subscription, now)) continue
    const periodStart =
      subscription.id === rating?.subscription.id ? rating.periodStart : subscription.currentPeriodStart
    for (const [meterPk, { overage }] of card.ratesByMeter) {
      if (overage === 'CHARGE') yield { card, meterPk, periodStart }
    }
  }
}

function rateOf({ card, ratesByMeter }: PublishedCard, meterPk: number) {
  const code = ratesByMeter.get(meterPk)?.code
  return card.usageRates.find((rate) => rate.code === code)
}
