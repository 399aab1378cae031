import { builder } from '../../../graphql/builder.ts'
import { type Context, viewerOf } from '../../../graphql/context.ts'
import { publicId } from '../../../platform/ids.ts'
import type { BillingState } from '../../billing-state/assemble-billing-state.ts'
import { BillingStateRef } from '../../billing-state/graphql/state.ts'
import { InvoiceRef } from '../../invoices/graphql.ts'
import { linkTo } from '../../payments/checkout-session.ts'
import type { Collected } from '../../payments/collect-payment.ts'
import {
  type CheckoutLink,
  CheckoutRequiredRef,
  CheckoutUrlsInput,
  type FailedPayment,
  PaymentFailedRef,
} from '../../payments/graphql.ts'
import { cancelSubscription } from '../cancel-subscription.ts'
import { changeRateCard } from '../change-rate-card.ts'
import { pauseSubscription } from '../pause-subscription.ts'
import { previewInvoice } from '../preview-invoice.ts'
import { readSubscription, type SubscriptionView } from '../read-subscription.ts'
import { resumeSubscription } from '../resume-subscription.ts'
import { subscribe } from '../subscribe.ts'
import { CancelReasonEnum, SubscriptionStateRef } from './state.ts'

type Success = SubscriptionView & { readonly kind: 'done'; readonly customerId: string }
type Result = Success | CheckoutLink | FailedPayment

const SubscriptionSuccess = builder.objectRef<Success>('SubscriptionSuccess').implement({
  fields: (t) => ({
    subscription: t.field({ type: SubscriptionStateRef, resolve: (success) => success }),
    billingState: t.field({
      type: BillingStateRef,
      resolve: ({ customerId }, _, context): Promise<BillingState> =>
        context.app.readBillingState(viewerOf(context).project, customerId),
    }),
  }),
})

const SubscriptionResult = builder.unionType('SubscriptionResult', {
  types: [SubscriptionSuccess, CheckoutRequiredRef, PaymentFailedRef],
  resolveType: ({ kind }) =>
    kind === 'done' ? SubscriptionSuccess : kind === 'checkout' ? CheckoutRequiredRef : PaymentFailedRef,
})

async function toResult(context: Context, collected: Collected): Promise<Result> {
  const { app } = context
  const viewer = viewerOf(context)
  if (collected.kind === 'failed') return collected
  if (collected.kind === 'checkout') return linkTo(app.publicUrl, viewer.project, collected.session)
  const view = await readSubscription(app, viewer, publicId('sub', collected.outcome.subscriptionId as string))
  return { kind: 'done', ...view, customerId: view.subscription.customerId }
}

export const RateQuantityInput = builder.inputType('RateQuantityInput', {
  fields: (t) => ({ code: t.string({ required: true }), quantity: t.int({ required: true }) }),
})

const SubscribeInput = builder.inputType('SubscribeInput', {
  fields: (t) => ({
    customerId: t.id({ required: true }),
    rateCard: t.string({ required: true }),
    quantities: t.field({ type: [RateQuantityInput] }),
    checkout: t.field({ type: CheckoutUrlsInput }),
    idempotencyKey: t.string(),
  }),
})

const ChangeBehaviorEnum = builder.enumType('ChangeBehavior', {
  values: {
    RATE_DIFFERENCE: {
      description: 'Charge and grant the full difference between the two cards now; the period stays.',
    },
    PRORATE: {
      description: 'Charge, credit and grant the difference in proportion to the time left; the period stays.',
    },
    AT_PERIOD_END: { description: 'Nothing now; the new card begins with the next period.' },
  } as const,
})

export const ChangeRateCardInput = builder.inputType('ChangeRateCardInput', {
  fields: (t) => ({
    subscriptionId: t.id({ required: true }),
    rateCard: t.string({ required: true }),
    behavior: t.field({ type: ChangeBehaviorEnum, required: true, defaultValue: 'RATE_DIFFERENCE' }),
    quantities: t.field({ type: [RateQuantityInput] }),
    checkout: t.field({ type: CheckoutUrlsInput }),
    idempotencyKey: t.string(),
  }),
})

const CancelAtEnum = builder.enumType('CancelAt', { values: ['PERIOD_END', 'NOW'] as const })

const CancelSubscriptionInput = builder.inputType('CancelSubscriptionInput', {
  fields: (t) => ({
    subscriptionId: t.id({ required: true }),
    at: t.field({ type: CancelAtEnum, required: true, defaultValue: 'PERIOD_END' }),
    reason: t.field({
      type: CancelReasonEnum,
      description: 'Why the customer leaves: kept, told by events, shown to you.',
    }),
    comment: t.string({ description: "The customer's own words, at most 1,000 characters." }),
  }),
})

const PauseSubscriptionInput = builder.inputType('PauseSubscriptionInput', {
  fields: (t) => ({
    subscriptionId: t.id({ required: true }),
    resumesAt: t.field({
      type: 'DateTime',
      description: 'After the end of the running period. Left out: the pause lasts until `resumeSubscription`.',
    }),
  }),
})

builder.queryFields((t) => ({
  upcomingInvoice: t.field({
    access: 'customer',
    type: InvoiceRef,
    nullable: true,
    description:
      'What would be invoiced at the end of the running period if nothing more were used: a DRAFT. Null: nothing.',
    args: { subscriptionId: t.arg.id({ required: true }) },
    resolve: (_, { subscriptionId }, context) => previewInvoice(context.app, viewerOf(context), subscriptionId),
  }),
}))

builder.mutationFields((t) => ({
  pauseSubscription: t.field({
    access: 'secret',
    type: SubscriptionStateRef,
    description:
      'Lets a subscription rest from the end of its period on: nothing is charged or granted, and its card rates no usage. Purchased credits are kept.',
    args: { input: t.arg({ type: PauseSubscriptionInput, required: true }) },
    resolve: (_, { input }, context) => pauseSubscription(context.app, viewerOf(context), input),
  }),
  subscribe: t.field({
    access: 'customer',
    type: SubscriptionResult,
    args: { input: t.arg({ type: SubscribeInput, required: true }) },
    resolve: async (_, { input }, context) => toResult(context, await subscribe(context.app, viewerOf(context), input)),
  }),
  changeRateCard: t.field({
    access: 'customer',
    type: SubscriptionResult,
    args: { input: t.arg({ type: ChangeRateCardInput, required: true }) },
    resolve: async (_, { input }, context) =>
      toResult(context, await changeRateCard(context.app, viewerOf(context), input)),
  }),
  cancelSubscription: t.field({
    access: 'customer',
    type: SubscriptionStateRef,
    args: { input: t.arg({ type: CancelSubscriptionInput, required: true }) },
    resolve: (_, { input }, context) => cancelSubscription(context.app, viewerOf(context), input),
  }),
  resumeSubscription: t.field({
    access: 'customer',
    type: SubscriptionStateRef,
    description:
      'Takes back a cancellation, a pause or a pending change that has not happened yet. Ends a pause that has begun: a period begins now.',
    args: { subscriptionId: t.arg.id({ required: true }) },
    resolve: (_, { subscriptionId }, context) => resumeSubscription(context.app, viewerOf(context), subscriptionId),
  }),
}))
