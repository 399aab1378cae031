import type { RateCard } from '@florin/core'
import type { Viewer } from '../accounts/viewer.ts'
import type { CatalogReader } from './read-catalog.ts'

/** The newest version of each card; for a customer's browser only public ones. */
export async function readRateCards({ catalog }: { catalog: CatalogReader }, viewer: Viewer): Promise<RateCard[]> {
  const { cards } = await catalog.read(viewer.project.id)
  return [...cards.values()].map(({ card }) => card).filter((card) => maySee(viewer, card))
}

/** One card, newest or of a version; null if there is none that the viewer may see. */
export async function readRateCard(
  { catalog }: { catalog: CatalogReader },
  viewer: Viewer,
  { code, version }: { code: string; version?: number | null | undefined },
): Promise<RateCard | null> {
  const { cards, versionsByPk } = await catalog.read(viewer.project.id)
  const card =
    version == null
      ? cards.get(code)?.card
      : [...versionsByPk.values()].find(({ card }) => card.code === code && card.version === version)?.card
  return card && maySee(viewer, card) ? card : null
}

function maySee(viewer: Viewer, card: RateCard): boolean {
  return viewer.role === 'secret' || card.public
}
