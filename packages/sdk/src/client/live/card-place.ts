import type { RateCard, SubscriptionState } from '../types.ts'

export const liveSubscriptions = (
  state: { readonly subscriptions: readonly SubscriptionState[] } | null,
): readonly SubscriptionState[] =>
  state?.subscriptions.filter(({ status }) => status !== 'CANCELED' && status !== 'INCOMPLETE') ?? []

export interface CardPlaces {
  /** The customer can have it beside what they have. */
  readonly beside: boolean
  /** The subscriptions that it can take the place of: more than one only where no card rates usage. */
  readonly insteadOf: readonly SubscriptionState[]
}

/**
 * How a customer comes to a card: by a change of a subscription, beside what they have, or, where it rates what two of their cards
 * rate, not at all. It is the server's rule, for the moment in which nobody asks the server (a test holds the two together).
 */
export function placesOfCard(card: RateCard, subscriptions: readonly SubscriptionState[]): CardPlaces {
  const same = subscriptions.filter(({ rateCard }) => rateCard.code === card.code)
  const others = subscriptions.filter(({ rateCard }) => rateCard.code !== card.code && isAlternative(rateCard, card))
  const ended = same.length > 0 ? same : others
  const blocked = card.usageRates.length > 0 && same.length + others.length > 1
  return { beside: ended.length === 0, insteadOf: blocked ? [] : ended }
}

/** The subscription that a change to the card would end. A change keeps the currency: another one is another contract. */
export const replacedBy = (
  card: RateCard,
  subscriptions: readonly SubscriptionState[],
): SubscriptionState | undefined =>
  placesOfCard(card, subscriptions).insteadOf.find(({ rateCard }) => rateCard.currency === card.currency)

function isAlternative({ usageRates }: RateCard, other: RateCard): boolean {
  if (usageRates.length === 0 || other.usageRates.length === 0) return usageRates.length === other.usageRates.length
  return usageRates.some(({ meter }) => other.usageRates.some((rate) => rate.meter === meter))
}
