/**
 * Where a card goes among those that a customer has. Source: product.md, "The model in five sentences".
 */
import type { RateCard } from './card.ts'

type Rating = Pick<RateCard, 'code'> & { readonly usageRates: readonly { readonly meter: string }[] }

/** Whether a customer has the one or the other: they rate a common meter, or neither rates any. Other cards come beside. */
export function isAlternative(one: Rating, other: Rating): boolean {
  if (one.usageRates.length === 0 || other.usageRates.length === 0) {
    return one.usageRates.length === other.usageRates.length
  }
  return one.usageRates.some(({ meter }) => other.usageRates.some((rate) => rate.meter === meter))
}

export interface CardPlaces<Held> {
  /** It is had beside all of them. */
  readonly beside: boolean
  /** Each of those that a change to it would end. */
  readonly insteadOf: readonly Held[]
}

/**
 * How a customer comes to a card, by what they have: another version of a card takes that card's place. Where two of their cards
 * each rate a meter of it, no change of the one would do, so it is neither.
 */
export function placesOf<Held>(
  card: Rating,
  held: readonly Held[],
  cardOf: (held: Held) => Rating | undefined,
): CardPlaces<Held> {
  const withCard = held.flatMap((one) => {
    const theirs = cardOf(one)
    return theirs ? [{ one, theirs }] : []
  })
  const same = withCard.filter(({ theirs }) => theirs.code === card.code)
  const others = withCard.filter(({ theirs }) => theirs.code !== card.code && isAlternative(theirs, card))
  const ended = same.length > 0 ? same : others
  const blocked = card.usageRates.length > 0 && same.length + others.length > 1
  return { beside: ended.length === 0, insteadOf: blocked ? [] : ended.map(({ one }) => one) }
}
