import { periodAt, type Quantities, quantityOf, type RateCard } from '@florin/core'
import { builder } from '../../../graphql/builder.ts'
import { publicId } from '../../../platform/ids.ts'
import { RateCardRef } from '../../catalog/graphql/types.ts'
import type { SubscriptionView as OwnedView } from '../read-subscription.ts'
import { CANCEL_REASONS, type Subscription } from '../read-subscriptions.ts'

/** A subscription with its cards, as the API shows it. */
type SubscriptionView = Omit<OwnedView, 'subscription'> & { readonly subscription: Subscription }

const SubscriptionStatusEnum = builder.enumType('SubscriptionStatus', {
  values: ['INCOMPLETE', 'TRIALING', 'ACTIVE', 'PAST_DUE', 'PAUSED', 'CANCELED'] as const,
})

export const CancelReasonEnum = builder.enumType('CancelReason', { values: CANCEL_REASONS })

const CancellationRef = builder.objectRef<Subscription>('Cancellation').implement({
  description: 'That a subscription ends, or has ended, and why, in the words of whoever asked for it.',
  fields: (t) => ({
    reason: t.field({ type: CancelReasonEnum, nullable: true, resolve: ({ cancelReason }) => cancelReason }),
    comment: t.string({
      nullable: true,
      description: "The customer's own words.",
      resolve: ({ cancelComment }) => cancelComment,
    }),
    at: t.field({
      type: 'DateTime',
      description: 'When it was asked for.',
      resolve: ({ canceledAt }) => canceledAt as number,
    }),
  }),
})

const RateQuantityRef = builder.objectRef<{ code: string; quantity: number }>('RateQuantity').implement({
  fields: (t) => ({ code: t.exposeString('code'), quantity: t.exposeInt('quantity') }),
})

const quantitiesOf = ({ fixedRates }: RateCard, quantities: Quantities) =>
  fixedRates.map((rate) => ({ code: rate.code, quantity: quantityOf(rate, quantities) }))

function previousStart({ anchorAt, timezone, periodIndex }: Subscription, { interval }: RateCard): number | null {
  return periodIndex > 0 ? periodAt(anchorAt, interval, timezone, periodIndex - 1).start : null
}

export const SubscriptionStateRef = builder.objectRef<SubscriptionView>('SubscriptionState').implement({
  fields: (t) => ({
    id: t.id({ resolve: ({ subscription }) => publicId('sub', subscription.id) }),
    rateCard: t.expose('card', { type: RateCardRef }),
    status: t.field({ type: SubscriptionStatusEnum, resolve: ({ subscription }) => subscription.status }),
    currentPeriodStart: t.field({ type: 'DateTime', resolve: ({ subscription }) => subscription.currentPeriodStart }),
    currentPeriodEnd: t.field({ type: 'DateTime', resolve: ({ subscription }) => subscription.currentPeriodEnd }),
    previousPeriodStart: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the period before began, which ended with `currentPeriodStart`. Null: there was none.',
      resolve: ({ subscription, card }) => previousStart(subscription, card),
    }),
    trialEndsAt: t.field({
      type: 'DateTime',
      nullable: true,
      resolve: ({ subscription }) => subscription.trialEndsAt,
    }),
    cancelAtPeriodEnd: t.boolean({ resolve: ({ subscription }) => subscription.cancelAtPeriodEnd }),
    pauseAtPeriodEnd: t.boolean({ resolve: ({ subscription }) => subscription.pauseAtPeriodEnd }),
    resumesAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When a pause ends by itself.',
      resolve: ({ subscription }) => subscription.resumesAt,
    }),
    pendingRateCard: t.field({
      type: RateCardRef,
      nullable: true,
      description: "A change that waits for the period's end.",
      resolve: ({ pendingCard }) => pendingCard,
    }),
    pendingQuantities: t.field({
      type: [RateQuantityRef],
      nullable: true,
      description: 'The quantities that come with `pendingRateCard`.',
      resolve: ({ subscription, pendingCard }) =>
        pendingCard && quantitiesOf(pendingCard, subscription.pendingQuantities ?? {}),
    }),
    cancellation: t.field({
      type: CancellationRef,
      nullable: true,
      description: 'Null while nobody has cancelled.',
      resolve: ({ subscription }) => (subscription.canceledAt === null ? null : subscription),
    }),
    quantities: t.field({
      type: [RateQuantityRef],
      resolve: ({ subscription, card }) => quantitiesOf(card, subscription.quantities),
    }),
  }),
})
