import { chargeLines, type Money } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import { type Catalog, type PublishedCard, successorOf } from '../catalog/read-catalog.ts'
import { quoteInvoice } from '../invoices/quote-invoice.ts'
import { SUBSCRIPTION_COLUMNS, type Subscription } from './read-subscriptions.ts'

/** The card of the next period: the change that waits, or the newest version that moves subscribers at their renewal. */
export function nextCard(catalog: Catalog, { pendingCardPk }: Subscription, from: PublishedCard): PublishedCard {
  const pending = pendingCardPk === null ? undefined : catalog.versionsByPk.get(pendingCardPk)
  return pending ?? successorOf(catalog, from)
}

/** When a subscription renews, and what its fixed rates come to then, with tax and before account credit. */
export interface NextRenewal {
  readonly at: number
  readonly amount: Money
}

/** Null for a subscription that is unknown here. */
export async function readNextRenewal(
  tx: Pick<Transaction, 'query'>,
  catalog: Catalog,
  subscriptionId: string,
): Promise<NextRenewal | null> {
  const [subscription] = await tx.query<Subscription>(
    `select ${SUBSCRIPTION_COLUMNS} from subscription s where s.id = $1`,
    [subscriptionId],
  )
  const from = subscription && catalog.versionsByPk.get(subscription.cardPk)
  if (!subscription || !from) return null
  const { customerPk, currentPeriodEnd, pendingQuantities, quantities } = subscription
  const { card } = nextCard(catalog, subscription, from)
  const lines = chargeLines({ card, quantities: pendingQuantities ?? quantities })
  const { total } = await quoteInvoice(tx, { customerPk, currency: card.currency, lines })
  return { at: currentPeriodEnd, amount: total }
}
