import type { RateCard } from '@florin/core'
import type { Database } from '../../platform/database.ts'
import { Fault, notFound } from '../../platform/errors.ts'
import { storedId } from '../../platform/ids.ts'
import type { Viewer } from '../accounts/viewer.ts'
import type { CatalogReader, PublishedCard } from '../catalog/read-catalog.ts'
import { SUBSCRIPTION_COLUMNS, type Subscription } from './read-subscriptions.ts'

/** A subscription with its customer's own id. */
export type OwnedSubscription = Subscription & { readonly customerId: string }

/** The viewer's subscription of that id. A customer token finds only its own. Throws NOT_FOUND. */
export async function findSubscription(
  database: Database,
  viewer: Viewer,
  publicId: string,
): Promise<OwnedSubscription> {
  const id = storedId('sub', publicId)
  const [row] = id
    ? await database.query<OwnedSubscription>(
        `select ${SUBSCRIPTION_COLUMNS}, c.id as "customerId" from subscription s
         join customer c on c.pk = s.customer_pk where s.id = $1 and c.project_id = $2`,
        [id, viewer.project.id],
      )
    : []
  if (!row || (viewer.role === 'customer' && row.customerId !== viewer.customerId)) {
    throw notFound('subscription', publicId, 'subscriptionId')
  }
  return row
}

/** The newest version of a card that the viewer may subscribe to. Throws NOT_FOUND: hidden cards look like none. */
export async function findCard(reader: CatalogReader, viewer: Viewer, code: string): Promise<PublishedCard> {
  for (const read of [reader.read, reader.fresh]) {
    const card = (await read(viewer.project.id)).cards.get(code)
    if (card && (viewer.role === 'secret' || card.card.public)) return card
  }
  throw notFound('rate card', code, 'rateCard', 'publish it with publishRateCard')
}

/** A version by its key, also one that another process published a moment ago. */
export async function versionOf(reader: CatalogReader, projectId: string, pk: number): Promise<PublishedCard> {
  for (const read of [reader.read, reader.fresh]) {
    const card = (await read(projectId)).versionsByPk.get(pk)
    if (card) return card
  }
  throw new Fault('NOT_FOUND', 'this version of the card is gone')
}

/** A subscription with its cards, as the API shows it. */
export interface SubscriptionView {
  readonly subscription: OwnedSubscription
  readonly card: RateCard
  /** The card that waits for the period's end. */
  readonly pendingCard: RateCard | null
}

/** The viewer's subscription as it is now. Throws NOT_FOUND. */
export async function readSubscription(
  { database, catalog }: { database: Database; catalog: CatalogReader },
  viewer: Viewer,
  publicId: string,
): Promise<SubscriptionView> {
  const subscription = await findSubscription(database, viewer, publicId)
  const { cardPk, pendingCardPk } = subscription
  const { card } = await versionOf(catalog, viewer.project.id, cardPk)
  const pending = pendingCardPk === null ? null : await versionOf(catalog, viewer.project.id, pendingCardPk)
  return { subscription, card, pendingCard: pending?.card ?? null }
}
