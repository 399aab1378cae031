import { builder } from '../../../graphql/builder.ts'
import { viewerOf } from '../../../graphql/context.ts'
import { BrandRef } from '../../accounts/graphql/brand.ts'
import { TaxRateRef } from '../../accounts/graphql.ts'
import { BundleRef, MoneyRef, RateCardRef } from '../../catalog/graphql/types.ts'
import { InvoiceLineRef, InvoiceRef } from '../../invoices/graphql.ts'
import { linkTo, readCheckoutByToken } from '../../payments/checkout-session.ts'
import {
  type CheckoutLink,
  CheckoutUrlsInput,
  type FailedPayment,
  PaymentFailedRef,
  PaymentMethodRef,
} from '../../payments/graphql.ts'
import { RateQuantityInput } from '../../subscriptions/graphql/fields.ts'
import { changeCheckout } from '../change-checkout.ts'
import { confirmCheckout } from '../confirm-checkout.ts'
import { createCheckoutSession } from '../create-checkout-session.ts'
import { findCheckout } from '../find-checkout.ts'
import { payCheckout } from '../pay-checkout.ts'
import { type CheckoutCredits, type CheckoutPage, readCheckoutPage } from '../read-checkout-page.ts'
import type { OrderTax } from '../read-order.ts'
import type { CheckoutQuantity } from '../read-quantities.ts'

const CheckoutStatusEnum = builder.enumType('CheckoutStatus', {
  values: {
    OPEN: { description: 'Nothing was done yet.' },
    PROCESSING: { description: "The customer was sent to the provider's card page; nothing is known to be paid." },
    PENDING: {
      description: 'The customer has confirmed, and the bank takes days: what was bought comes with the money.',
    },
    COMPLETED: { description: 'Paid, and carried out; or the payment method is saved.' },
    EXPIRED: { description: 'It was not paid in time, or the money that was confirmed did not come: see `failure`.' },
    REFUNDED: { description: 'Paid, but it could no longer be carried out: the money went back.' },
  } as const,
})
const CheckoutMethodEnum = builder.enumType('CheckoutMethod', { values: ['NEW_CARD', 'CARD_ON_FILE'] as const })

const CheckoutCreditsRef = builder.objectRef<CheckoutCredits>('CheckoutCredits').implement({
  fields: (t) => ({
    creditType: t.exposeString('creditType'),
    name: t.exposeString('name'),
    before: t.expose('before', { type: 'Decimal' }),
    after: t.expose('after', { type: 'Decimal' }),
  }),
})

const CheckoutQuantityRef = builder.objectRef<CheckoutQuantity>('CheckoutQuantity').implement({
  description: 'What the customer may order another number of on the page, with `changeCheckout`.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'Of a fixed rate of the card, or of the bundle.' }),
    name: t.exposeString('name'),
    quantity: t.exposeInt('quantity'),
    least: t.exposeInt('least'),
    most: t.exposeInt('most'),
    unitPrice: t.expose('unitPrice', {
      type: MoneyRef,
      nullable: true,
      description: 'The price of one; null where it depends on the number.',
    }),
  }),
})

const CheckoutTaxRef = builder.objectRef<OrderTax>('CheckoutTax').implement({
  fields: (t) => ({
    amount: t.expose('amount', { type: MoneyRef }),
    included: t.exposeBoolean('included', { description: 'The prices have it in them; the lines are without it.' }),
  }),
})

const CheckoutRef = builder.objectRef<CheckoutPage>('Checkout').implement({
  description: 'What a hosted checkout page shows.',
  fields: (t) => ({
    status: t.expose('status', { type: CheckoutStatusEnum }),
    title: t.exposeString('title'),
    description: t.exposeString('description', { nullable: true }),
    merchant: t.exposeString('merchant'),
    brand: t.expose('brand', { type: BrandRef }),
    setup: t.exposeBoolean('setup', { description: 'It saves a payment method and charges nothing.' }),
    testMode: t.exposeBoolean('testMode'),
    rateCard: t.expose('rateCard', { type: RateCardRef, nullable: true }),
    bundle: t.expose('bundle', { type: BundleRef, nullable: true }),
    quantity: t.exposeInt('quantity'),
    quantities: t.field({ type: [CheckoutQuantityRef], resolve: ({ quantities }) => [...quantities] }),
    lines: t.field({ type: [InvoiceLineRef], resolve: ({ lines }) => lines }),
    tax: t.expose('tax', { type: CheckoutTaxRef, nullable: true, description: 'The tax among the lines.' }),
    taxRate: t.expose('taxRate', {
      type: TaxRateRef,
      nullable: true,
      description:
        'On what is sold: `dueNow` and `nextRenewal` have it in them, prices of the catalogue as `mode` says.',
    }),
    trialEndsAt: t.expose('trialEndsAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Of the trial that it begins, or goes on with: the first charge comes then.',
    }),
    dueNow: t.expose('dueNow', { type: MoneyRef }),
    nextRenewal: t.expose('nextRenewal', { type: MoneyRef, nullable: true }),
    nextRenewalAt: t.expose('nextRenewalAt', { type: 'DateTime', nullable: true }),
    creditsAfter: t.field({ type: [CheckoutCreditsRef], resolve: ({ creditsAfter }) => creditsAfter }),
    paymentMethod: t.expose('paymentMethod', {
      type: PaymentMethodRef,
      nullable: true,
      description:
        'The one on file, where it may pay. Null in a checkout that the link of an invoice or a top-up opened.',
    }),
    saveMethod: t.exposeBoolean('saveMethod', {
      nullable: true,
      description:
        'Whether a new method that pays is kept and charged from then on, unless `payCheckout` says otherwise. Null: there is no choice, what pays is kept.',
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime' }),
    successUrl: t.exposeString('successUrl'),
    cancelUrl: t.exposeString('cancelUrl'),
    invoice: t.expose('invoice', { type: InvoiceRef, nullable: true }),
    failure: t.field({
      type: PaymentFailedRef,
      nullable: true,
      description: 'Why the last payment failed, or was returned.',
      resolve: ({ failure }) => failure && { kind: 'failed' as const, ...failure },
    }),
  }),
})

type Done = { readonly kind: 'done'; readonly checkout: CheckoutPage; readonly already: boolean }
type Redirect = { readonly kind: 'redirect'; readonly url: string; readonly frameable: boolean }

const CheckoutDone = builder.objectRef<Done>('CheckoutDone').implement({
  fields: (t) => ({
    checkout: t.expose('checkout', { type: CheckoutRef }),
    already: t.exposeBoolean('already', { description: 'It was paid before this step: nothing was charged by it.' }),
  }),
})

const CheckoutRedirect = builder.objectRef<Redirect>('CheckoutRedirect').implement({
  description: "The provider's card page, and whether it may stand inside a frame.",
  fields: (t) => ({ url: t.exposeString('url'), frameable: t.exposeBoolean('frameable') }),
})

const CheckoutStep = builder.unionType('CheckoutStep', {
  types: [CheckoutDone, CheckoutRedirect, PaymentFailedRef],
  resolveType: ({ kind }: Done | Redirect | FailedPayment) =>
    kind === 'done' ? CheckoutDone : kind === 'redirect' ? CheckoutRedirect : PaymentFailedRef,
})

export const CheckoutSessionRef = builder.objectRef<CheckoutLink>('CheckoutSession').implement({
  fields: (t) => ({
    token: t.exposeString('token'),
    url: t.exposeString('url'),
    expiresAt: t.expose('expiresAt', { type: 'DateTime' }),
  }),
})

const CheckoutSessionInput = builder.inputType('CheckoutSessionInput', {
  fields: (t) => ({
    customerId: t.id({ required: true }),
    rateCard: t.string(),
    bundle: t.string(),
    quantity: t.int({ description: 'Of the bundle; 1 unless said otherwise.' }),
    quantities: t.field({ type: [RateQuantityInput], description: "Of the card's fixed rates." }),
    checkout: t.field({ type: CheckoutUrlsInput, required: true }),
    idempotencyKey: t.string(),
  }),
})

builder.queryFields((t) => ({
  checkout: t.field({
    access: 'public',
    type: CheckoutRef,
    nullable: true,
    description: 'What a checkout page shows. The token in its URL is the credential.',
    args: { token: t.arg.string({ required: true }) },
    resolve: async (_, { token }, { app }) => {
      const found = await readCheckoutByToken(app.database, token)
      return found && readCheckoutPage(app, found.project, found.session)
    },
  }),
}))

builder.mutationFields((t) => ({
  createCheckoutSession: t.field({
    access: 'customer',
    type: CheckoutSessionRef,
    description:
      'Opens a checkout page for 60 minutes; asked again for the same, it answers the open one. A customer has 20 open at most: one more ends the oldest that nobody is paying. RATE_LIMITED where all of them are being paid.',
    args: { input: t.arg({ type: CheckoutSessionInput, required: true }) },
    resolve: async (_, { input }, context) => {
      const viewer = viewerOf(context)
      return linkTo(context.app.publicUrl, viewer.project, await createCheckoutSession(context.app, viewer, input))
    },
  }),
  payCheckout: t.field({
    access: 'public',
    type: CheckoutStep,
    description: 'Takes the next step to pay a checkout. Safe to repeat: a second click pays once.',
    args: {
      token: t.arg.string({ required: true }),
      method: t.arg({ type: CheckoutMethodEnum, required: true, defaultValue: 'NEW_CARD' }),
      dueNow: t.arg({
        type: 'Decimal',
        description: 'What the page showed as due. If another amount is due by now, nothing is paid: CONFLICT.',
      }),
      saveMethod: t.arg.boolean({
        description:
          'Whether the new method is kept and charged from then on. A choice where `Checkout.saveMethod` is not null.',
      }),
    },
    resolve: async (_, args, { app }) => {
      const step = await payCheckout(app, args)
      if (step.kind !== 'done') return step
      const { project } = await findCheckout(app, args.token)
      const checkout = await readCheckoutPage(app, project, step.session)
      return { kind: 'done' as const, checkout, already: step.already }
    },
  }),
  changeCheckout: t.field({
    access: 'public',
    type: CheckoutRef,
    description:
      'Orders another number of what an open checkout sells: `quantity` of a bundle, or `quantities` of a card. A card page that is open for the old amount is closed first. CONFLICT once it is paid, or being paid.',
    args: {
      token: t.arg.string({ required: true }),
      quantity: t.arg.int(),
      quantities: t.arg({ type: [RateQuantityInput] }),
    },
    resolve: async (_, args, { app }) => {
      const { project, session } = await changeCheckout(app, args)
      return readCheckoutPage(app, project, session)
    },
  }),
  confirmCheckout: t.field({
    access: 'public',
    type: CheckoutRef,
    description:
      'Asks the payment provider how it went, and settles. Safe to call any number of times: the provider is asked every two seconds at most, and what is known is answered meanwhile.',
    args: { token: t.arg.string({ required: true }) },
    resolve: async (_, { token }, { app }) => {
      const { project, session } = await confirmCheckout(app, token)
      return readCheckoutPage(app, project, session)
    },
  }),
}))
