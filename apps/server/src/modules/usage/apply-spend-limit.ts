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
  let total = 0n
  for (const { card, meterPk, periodStart } of metersOf(spending, rating, now)) {
    const own = meterPk === rating.rate.meter ? more : (0n as Credits)
    const overage = add(add(spending.usageOf(meterPk, periodStart).overage, spending.heldOverage(meterPk)), own)
    const rate = rateOf(card, meterPk)
    if (rate && overage > 0n) total += overageCharge(rate, overage)
  }
  return total > spending.spendLimit
}

/** Every meter that the customer's cards charge overage for in the currency of the rated one, with its period. */
function* metersOf({ subscriptions, versions }: Spending, rating: Rating, now: number) {
  for (const subscription of subscriptions) {
    const card = versions.get(subscription.cardPk)
    if (!card || card.card.currency !== rating.card.card.currency || !isInForce(subscription, now)) continue
    const periodStart =
      subscription.id === rating.subscription.id ? rating.periodStart : subscription.currentPeriodStart
    for (const [meterPk, { overage }] of card.ratesByMeter) {
      if (overage === 'CHARGE') yield { card, meterPk, periodStart }
    }
  }
}

function rateOf({ card, ratesByMeter }: PublishedCard, meterPk: number) {
  const code = ratesByMeter.get(meterPk)?.code
  return card.usageRates.find((rate) => rate.code === code)
}
