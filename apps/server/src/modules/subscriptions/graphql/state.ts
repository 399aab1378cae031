import { quantityOf } from '@florin/core'
import { builder } from '../../../graphql/builder.ts'
import { publicId } from '../../../platform/ids.ts'
import { RateCardRef } from '../../catalog/graphql/types.ts'
import type { SubscriptionView as OwnedView } from '../read-subscription.ts'
import type { Subscription } from '../read-subscriptions.ts'

/** A subscription with its cards, as the API shows it. */
type SubscriptionView = Omit<OwnedView, 'subscription'> & { readonly subscription: Subscription }

const SubscriptionStatusEnum = builder.enumType('SubscriptionStatus', {
  values: ['INCOMPLETE', 'TRIALING', 'ACTIVE', 'PAST_DUE', 'PAUSED', 'CANCELED'] as const,
})

const RateQuantityRef = builder.objectRef<{ code: string; quantity: number }>('RateQuantity').implement({
  fields: (t) => ({ code: t.exposeString('code'), quantity: t.exposeInt('quantity') }),
})

export const SubscriptionStateRef = builder.objectRef<SubscriptionView>('SubscriptionState').implement({
  fields: (t) => ({
    id: t.id({ resolve: ({ subscription }) => publicId('sub', subscription.id) }),
    rateCard: t.expose('card', { type: RateCardRef }),
    status: t.field({ type: SubscriptionStatusEnum, resolve: ({ subscription }) => subscription.status }),
    currentPeriodStart: t.field({ type: 'DateTime', resolve: ({ subscription }) => subscription.currentPeriodStart }),
    currentPeriodEnd: t.field({ type: 'DateTime', resolve: ({ subscription }) => subscription.currentPeriodEnd }),
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
    quantities: t.field({
      type: [RateQuantityRef],
      resolve: ({ subscription, card }) =>
        card.fixedRates.map((rate) => ({ code: rate.code, quantity: quantityOf(rate, subscription.quantities) })),
    }),
  }),
})
