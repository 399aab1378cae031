import type { Bundle } from '@florin/core'
import { notFound } from '../../platform/errors.ts'
import type { Viewer } from '../accounts/viewer.ts'
import type { Catalog, PublishedCard } from '../catalog/read-catalog.ts'
import type { Subscription } from '../subscriptions/read-subscriptions.ts'

/** A bundle on offer, and the card that offers it. */
export interface Offer {
  readonly card: PublishedCard
  readonly bundle: Bundle
}

/** The bundle of that code on the customer's own cards, else on a public card. Throws NOT_FOUND. */
export function findBundle(
  catalog: Catalog,
  subscriptions: readonly Subscription[],
  viewer: Viewer,
  code: string,
): Offer {
  const own = subscriptions.flatMap(({ cardPk }) => catalog.versionsByPk.get(cardPk) ?? [])
  const others = [...catalog.cards.values()].filter(({ card }) => card.public || viewer.role === 'secret')
  for (const card of [...own, ...others]) {
    const bundle = card.card.bundles.find((candidate) => candidate.code === code)
    if (bundle) return { card, bundle }
  }
  throw notFound('bundle', code, 'bundle')
}

/** The bundle of a known version of a card, which never changes. */
export function offerOf(card: PublishedCard, code: string): Offer {
  const bundle = card.card.bundles.find((candidate) => candidate.code === code)
  if (!bundle) throw new Error(`card ${card.card.code} has lost its bundle ${code}`)
  return { card, bundle }
}
