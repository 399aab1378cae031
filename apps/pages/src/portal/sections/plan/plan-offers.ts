import { amountOf } from '@florin/core'
import type { RateCard, SubscriptionState } from '@florin/sdk'
import { compare } from '../../amounts.ts'
import { periodCostOf, type Quantities, quantitiesBy, quantityOf } from '../../rate-card-words.ts'

/** What choosing a card would mean to somebody who has another one. */
export type Direction = 'up' | 'down'

/** A subscription with the public cards that could take its place. */
export type PlanOffers = { subscription: SubscriptionState; cards: RateCard[] }

/**
 * Which public card is offered in which place: beside the subscription that it would replace, because both rate the same
 * usage or bring the same features, or as something to add.
 */
export function sortOffers(
  subscriptions: readonly SubscriptionState[],
  cards: readonly RateCard[],
): { plans: PlanOffers[]; additions: RateCard[] } {
  const plans = subscriptions.map((subscription) => ({ subscription, cards: [] as RateCard[] }))
  const additions: RateCard[] = []
  for (const card of cards) {
    const own = plans.find(({ subscription }) => subscription.rateCard.code === card.code)
    const replaced = own ?? plans.find(({ subscription: { rateCard } }) => isAlternative(rateCard, card))
    // A change keeps the currency: another one is another contract.
    if (replaced && replaced.subscription.rateCard.currency === card.currency) replaced.cards.push(card)
    else if (!replaced) additions.push(card)
  }
  for (const plan of plans) plan.cards.sort(bySize)
  return { plans, additions: additions.sort(bySize) }
}

function isAlternative(one: RateCard, other: RateCard): boolean {
  const share = <Item>(list: (card: RateCard) => Item[]) => list(one).some((item) => list(other).includes(item))
  return (
    share(({ usageRates }) => usageRates.map(({ meter }) => meter)) ||
    share(({ allowances }) => allowances.map(({ creditType }) => creditType)) ||
    share(({ features }) => features.map(({ feature }) => feature))
  )
}

const DAYS: Record<RateCard['interval'], number> = { DAY: 1, WEEK: 7, MONTH: 30, YEAR: 360 }

/** In a year of 360 days, so that twelve months are a year. */
const perYear = (card: RateCard, amount: bigint) => amount * BigInt(Math.floor(360 / DAYS[card.interval]))

function creditsPerYear(card: RateCard, quantities: Quantities): bigint {
  return card.allowances.reduce((sum, { amount, perQuantityOf }) => {
    const rate = card.fixedRates.find(({ code }) => code === perQuantityOf)
    return sum + amountOf(amount) * BigInt(rate ? quantityOf(rate, quantities) : 1)
  }, 0n)
}

function sizes(card: RateCard, quantities: Quantities = {}) {
  return {
    credits: perYear(card, creditsPerYear(card, quantities)),
    cost: perYear(card, periodCostOf(card, quantities)),
    days: DAYS[card.interval],
  }
}

function bySize(one: RateCard, other: RateCard): number {
  const [a, b] = [sizes(one), sizes(other)]
  return compare(a.cost, b.cost) || compare(a.credits, b.credits)
}

/** Whether a card is more than what the customer has: more credits; as many, and a longer term; else a higher price. */
export function directionOf(subscription: SubscriptionState, card: RateCard, quantities?: Quantities): Direction {
  const has = quantitiesBy(subscription.quantities)
  const [now, then] = [sizes(subscription.rateCard, has), sizes(card, { ...has, ...quantities })]
  const more = compare(then.credits, now.credits) || then.days - now.days || compare(then.cost, now.cost)
  return more >= 0 ? 'up' : 'down'
}

/** Intervals between which a customer can switch. */
export function intervalsOf(cards: readonly RateCard[]): RateCard['interval'][] {
  return (['DAY', 'WEEK', 'MONTH', 'YEAR'] as const).filter((interval) =>
    cards.some((card) => card.interval === interval),
  )
}
