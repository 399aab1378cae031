import { amountOf } from '@florin/core'
import { placesOfCard, type RateCard, type SubscriptionState } from '@florin/sdk'
import { compare } from '../../amounts.ts'
import { periodCostOf, type Quantities, quantitiesBy, quantityOf } from '../../rate-card-words.ts'

/** What choosing a card would mean to somebody who has another one. */
export type Direction = 'up' | 'down'

/** A subscription with the public cards that could take its place. */
export type PlanOffers = { subscription: SubscriptionState; cards: RateCard[] }

/**
 * Which public card is offered in which place: beside each subscription that it would replace, or as something to add. One that
 * can only be had without several of them is in none.
 */
export function sortOffers(
  subscriptions: readonly SubscriptionState[],
  cards: readonly RateCard[],
): { plans: PlanOffers[]; additions: RateCard[] } {
  const places = cards.map((card) => ({ card, ...placesOfCard(card, subscriptions) }))
  const plans = subscriptions.map((subscription) => {
    const inItsPlace = places.filter(({ insteadOf }) => insteadOf.includes(subscription)).map(({ card }) => card)
    // A change keeps the currency: another one is another contract.
    const { currency } = subscription.rateCard
    return { subscription, cards: inItsPlace.filter((card) => card.currency === currency).sort(bySize) }
  })
  const additions = places.filter(({ beside }) => beside).map(({ card }) => card)
  return { plans, additions: additions.sort(bySize) }
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
