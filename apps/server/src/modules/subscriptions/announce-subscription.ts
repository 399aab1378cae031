import type { Transaction } from '../../platform/database.ts'
import { publicId } from '../../platform/ids.ts'
import type { PublishedCard } from '../catalog/read-catalog.ts'
import { announceEvent, type EventType } from '../events/announce-event.ts'
import type { Subscription } from './read-subscriptions.ts'

type Told = Pick<Subscription, 'id' | 'customerPk' | 'status' | 'currentPeriodStart' | 'currentPeriodEnd'>

/** Why the customer left, as events tell it: null where nobody asked. */
export function cancellationOf({ canceledAt, cancelReason, cancelComment }: Subscription) {
  if (canceledAt === null) return null
  return { reason: cancelReason, comment: cancelComment, at: new Date(canceledAt).toISOString() }
}

/** Tells what has become of a subscription: the card, the period and the status that it has now, at an instant of the project's time. */
export function announceSubscription(
  tx: Transaction,
  type: Extract<EventType, `subscription.${string}`>,
  { id, customerPk, status, currentPeriodStart, currentPeriodEnd }: Told,
  { card }: PublishedCard,
  at: number,
  more: Readonly<Record<string, unknown>> = {},
): void {
  announceEvent(tx, {
    customerPk,
    type,
    occurredAt: at,
    data: {
      subscriptionId: publicId('sub', id),
      status,
      rateCard: card.code,
      rateCardVersion: card.version,
      currentPeriodStart: new Date(currentPeriodStart).toISOString(),
      currentPeriodEnd: new Date(currentPeriodEnd).toISOString(),
      ...more,
    },
  })
}
