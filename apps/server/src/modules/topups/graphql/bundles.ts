import { builder } from '../../../graphql/builder.ts'
import { type Context, viewerOf } from '../../../graphql/context.ts'
import { BillingStateRef } from '../../billing-state/graphql/state.ts'
import { InvoiceRef } from '../../invoices/graphql.ts'
import { type InvoiceView, readInvoice } from '../../invoices/read-invoices.ts'
import type { GrantState } from '../../ledger/grant-state.ts'
import { GrantRef } from '../../ledger/graphql.ts'
import { readGrant } from '../../ledger/read-grants.ts'
import { linkTo } from '../../payments/checkout-session.ts'
import type { Collected } from '../../payments/collect-payment.ts'
import {
  type CheckoutLink,
  CheckoutRequiredRef,
  CheckoutUrlsInput,
  type FailedPayment,
  PaymentFailedRef,
} from '../../payments/graphql.ts'
import { purchaseBundle } from '../purchase-bundle.ts'

interface Bought {
  readonly kind: 'done'
  readonly grant: GrantState
  readonly invoice: InvoiceView
  readonly customerId: string
}

const PurchaseSuccess = builder.objectRef<Bought>('PurchaseSuccess').implement({
  fields: (t) => ({
    grant: t.expose('grant', { type: GrantRef }),
    invoice: t.expose('invoice', { type: InvoiceRef }),
    billingState: t.field({
      type: BillingStateRef,
      resolve: ({ customerId }, _, context) => context.app.readBillingState(viewerOf(context).project, customerId),
    }),
  }),
})

const PurchaseResult = builder.unionType('PurchaseResult', {
  types: [PurchaseSuccess, CheckoutRequiredRef, PaymentFailedRef],
  resolveType: ({ kind }: Bought | CheckoutLink | FailedPayment) =>
    kind === 'done' ? PurchaseSuccess : kind === 'checkout' ? CheckoutRequiredRef : PaymentFailedRef,
})

async function toResult(
  context: Context,
  customerId: string,
  collected: Collected,
): Promise<Bought | CheckoutLink | FailedPayment> {
  const { app } = context
  if (collected.kind === 'failed') return collected
  if (collected.kind === 'checkout') return linkTo(app.publicUrl, viewerOf(context).project, collected.session)
  const { grantId, invoiceId } = collected.outcome
  const grant = await readGrant(app.database, grantId as string)
  const invoice = await readInvoice(app.database, invoiceId as string)
  return { kind: 'done', grant, invoice: invoice as InvoiceView, customerId }
}

const PurchaseBundleInput = builder.inputType('PurchaseBundleInput', {
  fields: (t) => ({
    customerId: t.id({ required: true }),
    bundle: t.string({ required: true }),
    quantity: t.int({ defaultValue: 1 }),
    checkout: t.field({ type: CheckoutUrlsInput }),
    idempotencyKey: t.string({ required: true }),
  }),
})

builder.mutationFields((t) => ({
  purchaseBundle: t.field({
    access: 'customer',
    type: PurchaseResult,
    args: { input: t.arg({ type: PurchaseBundleInput, required: true }) },
    resolve: async (_, { input }, context) =>
      toResult(context, input.customerId, await purchaseBundle(context.app, viewerOf(context), input)),
  }),
}))
