import type { Bundle } from '@florin/core'
import { notFound } from '../../platform/errors.ts'
import type { Viewer } from '../accounts/viewer.ts'
import type { Catalog, PublishedCard } from './read-catalog.ts'

/** A bundle on offer, and the card that offers it. */
export interface Offer {
  readonly card: PublishedCard
  readonly bundle: Bundle
}

/** Of a subscription: the version of its card. */
export interface Held {
  readonly cardPk: number
}

/**
 * What the code of a bundle sells to a customer: cards may sell different things under one code. Their own cards come first, in
 * the order of their subscriptions, then public cards, then, for a backend, the others. Throws NOT_FOUND.
 */
export function findBundle(catalog: Catalog, held: readonly Held[], viewer: Viewer, code: string): Offer {
  const all = [...catalog.cards.values()]
  const [open, hidden] = [all.filter(({ card }) => card.public), all.filter(({ card }) => !card.public)]
  const found =
    findOwnBundle(catalog, held, code) ?? firstOf(viewer.role === 'secret' ? [...open, ...hidden] : open, code)
  if (!found) throw notFound('bundle', code, 'bundle')
  return found
}

/** The bundle of that code on a card that the customer has. */
export function findOwnBundle({ versionsByPk }: Catalog, held: readonly Held[], code: string): Offer | undefined {
  return firstOf(
    held.flatMap(({ cardPk }) => versionsByPk.get(cardPk) ?? []),
    code,
  )
}

function firstOf(cards: readonly PublishedCard[], code: string): Offer | undefined {
  for (const card of cards) {
    const bundle = card.card.bundles.find((candidate) => candidate.code === code)
    if (bundle) return { card, bundle }
  }
  return undefined
}

/** The bundle of a known version of a card, which never changes. */
export function offerOf(card: PublishedCard, code: string): Offer {
  const offer = firstOf([card], code)
  if (!offer) throw new Error(`card ${card.card.code} has lost its bundle ${code}`)
  return offer
}
