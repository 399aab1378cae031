import { type DeclineWords, declineWords } from '@florin/core'
import { builder } from '../../graphql/builder.ts'
import { viewerOf } from '../../graphql/context.ts'
import { connectionOf, pageOf } from '../../graphql/page.ts'
import { publicId } from '../../platform/ids.ts'
import { findCustomer } from '../accounts/read-customer.ts'
import { GrantRef } from '../ledger/graphql.ts'
import { readPaymentMethods } from './read-payment-methods.ts'
import type { PaymentMethod } from './read-payment-profile.ts'
import { type DisputeView, type PaymentView, type RefundView, readPayments } from './read-payments.ts'
import { refundPayment } from './refund-payment.ts'
import { removePaymentMethod } from './remove-payment-method.ts'
import { setDefaultPaymentMethod } from './set-default-payment-method.ts'
import { setPaymentMethodTypes } from './set-payment-method-types.ts'

export const PaymentMethodTypeEnum = builder.enumType('PaymentMethodType', {
  values: {
    CARD: {},
    SEPA_DEBIT: { description: 'Of an account in euros. The money takes days, and what it pays for comes with it.' },
  } as const,
})

export const PaymentMethodRef = builder.objectRef<PaymentMethod>('PaymentMethod').implement({
  description: 'A saved card, or a bank account that is debited.',
  fields: (t) => ({
    id: t.id({ resolve: ({ id }) => publicId('pm', id) }),
    type: t.expose('type', { type: PaymentMethodTypeEnum }),
    brand: t.exposeString('brand', { description: 'As the provider writes it: visa, amex, sepa_debit.' }),
    last4: t.exposeString('last4'),
    expMonth: t.exposeInt('expMonth', { description: '0 for what does not expire.' }),
    expYear: t.exposeInt('expYear', { description: '0 for what does not expire.' }),
    isDefault: t.exposeBoolean('isDefault', { description: 'Whether it is what renewals and top-ups are charged to.' }),
  }),
})

/** A page where the customer can pay: its address, and its token for an overlay. */
export interface CheckoutLink {
  readonly kind: 'checkout'
  readonly url: string
  readonly token: string
  readonly expiresAt: number
}

export interface FailedPayment {
  readonly kind: 'failed'
  readonly code: string
  readonly message: string
}

export const CheckoutRequiredRef = builder.objectRef<CheckoutLink>('CheckoutRequired').implement({
  description:
    'The customer has to act: no payment method on file, or the bank wants authentication. Send the browser to `checkoutUrl`, or give `token` to openCheckout.',
  fields: (t) => ({
    checkoutUrl: t.exposeString('url'),
    token: t.exposeString('token'),
    expiresAt: t.expose('expiresAt', { type: 'DateTime' }),
  }),
})

export const PaymentFailedRef = builder.objectRef<FailedPayment>('PaymentFailed').implement({
  fields: (t) => ({
    code: t.exposeString('code', { description: "The bank's or the provider's code, or one of Florin's own." }),
    message: t.string({
      description: 'What happened and what the customer can do, in words for them: show it as it is.',
      resolve: ({ code, message }) => (code === RETURNED ? message : sentences(declineWords(code))),
    }),
  }),
})

/** A payment that was made and given back, because what it was for could no longer be had. No bank declined it. */
const RETURNED = 'superseded'

const sentences = ({ reason, remedy }: DeclineWords) => `${reason} ${remedy}`

export const CheckoutUrlsInput = builder.inputType('CheckoutUrlsInput', {
  fields: (t) => ({ successUrl: t.string({ required: true }), cancelUrl: t.string({ required: true }) }),
})

const RefundStatusEnum = builder.enumType('RefundStatus', {
  description:
    'FAILED: the money did not go back. Banks say that days later, too, of a refund that had SUCCEEDED: its credits are then back where they were, its debt is forgiven, and `refundPayment` would take the amount again. Told as `payment.refund_failed`; a card that took no refund once seldom takes the next one, so pay the customer in another way.',
  values: ['PENDING', 'SUCCEEDED', 'FAILED'] as const,
})

const RefundRef = builder.objectRef<RefundView>('Refund').implement({
  description: "Money that goes back to the customer's bank. Its credits go back in the moment it succeeds.",
  fields: (t) => ({
    id: t.id({ resolve: ({ id }) => publicId('ref', id) }),
    status: t.expose('status', { type: RefundStatusEnum }),
    amount: t.expose('amount', { type: 'Decimal' }),
    currency: t.exposeString('currency'),
    reason: t.exposeString('reason', { nullable: true }),
    failure: t.exposeString('failure', { nullable: true, description: 'Why it failed.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
  }),
})

const DisputeStatusEnum = builder.enumType('DisputeStatus', { values: ['OPEN', 'WON', 'LOST'] as const })

const DisputeRef = builder.objectRef<DisputeView>('Dispute').implement({
  description:
    'The bank wants the money back for its customer. What is left of the credits is frozen until that is decided: WON releases it, LOST takes it back.',
  fields: (t) => ({
    id: t.id({ resolve: ({ id }) => publicId('dsp', id) }),
    status: t.expose('status', { type: DisputeStatusEnum }),
    amount: t.expose('amount', { type: 'Decimal' }),
    currency: t.exposeString('currency'),
    reason: t.exposeString('reason', { nullable: true }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
  }),
})

const PaymentStatusEnum = builder.enumType('PaymentStatus', {
  description:
    'PENDING: it is being made, or its outcome is being looked up. PROCESSING: the bank takes days, and nothing has come of it yet. RETURNED: it was paid for what could no longer be given, so it brought nothing and the money goes back; only where the bank does not take it is that among `refunds`, as FAILED, and `refundPayment` may try again.',
  values: ['PENDING', 'PROCESSING', 'SUCCEEDED', 'PARTIALLY_REFUNDED', 'REFUNDED', 'FAILED', 'RETURNED'] as const,
})

const PaymentRef = builder.objectRef<PaymentView>('Payment').implement({
  fields: (t) => ({
    id: t.id({ resolve: ({ id }) => publicId('pay', id) }),
    status: t.expose('status', { type: PaymentStatusEnum }),
    amount: t.expose('amount', { type: 'Decimal' }),
    currency: t.exposeString('currency'),
    refunded: t.expose('refunded', { type: 'Decimal', description: 'What went back: refunds and lost disputes.' }),
    refundable: t.expose('refundable', { type: 'Decimal', description: 'What `refundPayment` would still take.' }),
    overRefunded: t.expose('overRefunded', {
      type: 'Decimal',
      description:
        "What went back beyond what was paid, less credit notes: on the provider's pages or by a bank, where no limit of Florin's holds. Told as `payment.over_refunded`.",
    }),
    purpose: t.exposeString('purpose', { description: 'What it pays for, in words.' }),
    grant: t.expose('grant', { type: GrantRef, nullable: true, description: 'The credits that it bought, as of now.' }),
    invoiceId: t.id({ nullable: true, resolve: ({ invoiceId }) => invoiceId && publicId('inv', invoiceId) }),
    refunds: t.field({ type: [RefundRef], resolve: ({ refunds }) => [...refunds] }),
    disputes: t.field({ type: [DisputeRef], resolve: ({ disputes }) => [...disputes] }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
  }),
})

const PaymentConnection = connectionOf('Payment', PaymentRef)

builder.queryFields((t) => ({
  paymentMethods: t.field({
    access: 'customer',
    type: [PaymentMethodRef],
    description: 'What the customer may be charged with: the default first, then the newest.',
    args: { customerId: t.arg.id({ required: true }) },
    resolve: async (_, { customerId }, context) => {
      const { pk } = await findCustomer(context.app.database, viewerOf(context).project, customerId)
      return [...(await readPaymentMethods(context.app.database, pk))]
    },
  }),
  payments: t.field({
    access: 'customer',
    type: PaymentConnection,
    description: 'Newest first.',
    args: {
      customerId: t.arg.id({ required: true }),
      first: t.arg.int({ defaultValue: 20 }),
      after: t.arg.string(),
    },
    resolve: async (_, { customerId, first, after }, context) => {
      const { pk } = await findCustomer(context.app.database, viewerOf(context).project, customerId)
      return pageOf({ first, after }, (page) => readPayments(context.app.database, { customerPk: pk, ...page }))
    },
  }),
}))

const RefundPaymentInput = builder.inputType('RefundPaymentInput', {
  fields: (t) => ({
    paymentId: t.id({ required: true }),
    amount: t.field({ type: 'Decimal', description: 'In the currency of the payment. Left out: all that is left.' }),
    reason: t.string({ description: 'The customer can read it.' }),
    idempotencyKey: t.string({ required: true }),
  }),
})

const customerAndMethod = builder.args((t) => ({
  customerId: t.id({ required: true }),
  paymentMethodId: t.id({ required: true }),
}))

builder.mutationFields((t) => ({
  setDefaultPaymentMethod: t.field({
    access: 'customer',
    type: [PaymentMethodRef],
    description:
      'Charges renewals and top-ups to this one from now on. An unpaid invoice of a subscription is tried with it at once, unless that failed before.',
    args: customerAndMethod,
    resolve: async (_, args, context) => [
      ...(await setDefaultPaymentMethod(context.app, viewerOf(context).project, args)),
    ],
  }),
  removePaymentMethod: t.field({
    access: 'customer',
    type: [PaymentMethodRef],
    description:
      'Answers those that are left; the newest of them becomes the default if this one was. The last one may be removed as well: subscriptions go on until their next renewal, which then waits for the customer as PAST_DUE with a link, and automatic top-ups ask for the customer. CONFLICT while a payment is being made with it.',
    args: customerAndMethod,
    resolve: async (_, args, context) => [...(await removePaymentMethod(context.app, viewerOf(context).project, args))],
  }),
  setPaymentMethodTypes: t.field({
    access: 'secret',
    type: [PaymentMethodTypeEnum],
    description:
      'What customers may pay with, on pages that are opened from now on; CARD alone unless it is set. SEPA_DEBIT is offered for amounts in EUR, and to save a method.',
    args: { types: t.arg({ type: [PaymentMethodTypeEnum], required: true }) },
    resolve: async (_, { types }, context) => [
      ...(await setPaymentMethodTypes(context.app, viewerOf(context).project, types)),
    ],
  }),
  refundPayment: t.field({
    access: 'secret',
    type: RefundRef,
    description:
      "Gives money back to the customer's bank. What is unspent of the credits that it bought is taken back in proportion; what was spent of them becomes a debt, which the next credits that are paid for settle first. All refunds together never pass the payment. A subscription goes on: cancel it with `cancelSubscription`.",
    args: { input: t.arg({ type: RefundPaymentInput, required: true }) },
    resolve: (_, { input }, context) => refundPayment(context.app, viewerOf(context).project, input),
  }),
}))
