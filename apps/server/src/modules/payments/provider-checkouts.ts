import type { Money } from '@florin/core'
import type Stripe from 'stripe'
import {
  askAnew,
  disbelieved,
  expectObject,
  idOf,
  isMissing,
  type Marked,
  metadataOf,
  providerAmount,
  REFERENCE,
  wrongFields,
} from './provider-calls.ts'
import { failureOf } from './provider-payments.ts'
import type { PaymentMethodType } from './read-payment-profile.ts'

/** A method that is saved at the provider, and may be charged off session. */
export interface ProviderMethod {
  readonly providerId: string
  readonly type: PaymentMethodType
  readonly brand: string
  readonly last4: string
  readonly expMonth: number
  readonly expYear: number
  readonly fingerprint: string | null
}

export interface ProviderCheckout {
  readonly id: string
  /** `pending`: confirmed, and the money takes days. `failed`: confirmed, and the money did not come. */
  readonly status: 'open' | 'complete' | 'pending' | 'failed' | 'expired'
  readonly url: string | null
  readonly providerPaymentId: string | null
  readonly method: ProviderMethod | null
  readonly failure: { readonly code: string; readonly message: string } | null
}

/** What a checkout must be about to be believed. */
export interface CheckoutSubject {
  readonly providerCustomerId: string | null
  /** Null: it saves a method and charges nothing. */
  readonly amount: Money | null
  readonly reference: string
}

/** What a checkout asks the provider to collect. Equal input for an equal key: the provider compares them. */
export interface CheckoutOrder extends CheckoutSubject {
  readonly providerCustomerId: string
  readonly types: readonly PaymentMethodType[]
  /** Whether the provider keeps the method that pays, for charges without the customer. */
  readonly saveMethod: boolean
  readonly description: string
  readonly successUrl: string
  readonly cancelUrl: string
  readonly expiresAt: number
  readonly key: string
}

const LONGEST_NAME = 250
const EXPAND = { expand: ['payment_intent.payment_method', 'setup_intent.payment_method'] }

/** Null: the provider has no such customer any more. */
export async function openCheckout(stripe: Stripe, order: CheckoutOrder & Marked): Promise<ProviderCheckout | null> {
  try {
    const params = checkoutParams(order)
    // Of two pages nobody has ever seen the first one: it ends unpaid.
    const made = await askAnew(order.key, (idempotencyKey) =>
      stripe.checkout.sessions.create(params, { idempotencyKey }),
    )
    return toCheckout(made, order)
  } catch (error) {
    if (isMissing(error, 'customer')) return null
    throw error
  }
}

/** One that the provider does not know (any more) can't be paid: it counts as expired. */
export async function readCheckout(stripe: Stripe, id: string, subject: CheckoutSubject): Promise<ProviderCheckout> {
  try {
    return toCheckout(await stripe.checkout.sessions.retrieve(id, EXPAND), subject, id)
  } catch (error) {
    if (!isMissing(error)) throw error
    return { id, status: 'expired', url: null, providerPaymentId: null, method: null, failure: null }
  }
}

function checkoutParams(order: CheckoutOrder & Marked): Stripe.Checkout.SessionCreateParams {
  const { amount } = order
  const metadata = metadataOf(order)
  const types = order.types.filter((type) => type === 'CARD' || amount === null || amount.currency === 'EUR')
  return {
    mode: amount ? 'payment' : 'setup',
    customer: order.providerCustomerId,
    client_reference_id: order.reference,
    allowed_payment_method_types: types.map((type) => (type === 'CARD' ? ('card' as const) : ('sepa_debit' as const))),
    ...(amount ? paymentParams(order, amount, metadata) : { setup_intent_data: { metadata } }),
    metadata,
    success_url: order.successUrl,
    cancel_url: order.cancelUrl,
    expires_at: Math.floor(order.expiresAt / 1000),
  }
}

function paymentParams(order: CheckoutOrder, amount: Money, metadata: Record<string, string>) {
  const price_data = {
    currency: amount.currency.toLowerCase(),
    unit_amount: providerAmount(amount),
    product_data: { name: order.description.slice(0, LONGEST_NAME) },
  }
  return {
    line_items: [{ quantity: 1, price_data }],
    payment_intent_data: {
      metadata,
      ...(order.saveMethod ? { setup_future_usage: 'off_session' as const } : {}),
      description: order.description.slice(0, LONGEST_NAME),
    },
  }
}

/** @throws Fault PAYMENT_PROVIDER_UNAVAILABLE for an answer that is not about the subject. */
function toCheckout(answer: Stripe.Checkout.Session, subject: CheckoutSubject, id?: string): ProviderCheckout {
  const session = expectObject(answer, 'checkout.session')
  const { amount, reference, providerCustomerId } = subject
  const intent = typeof session.payment_intent === 'object' ? session.payment_intent : null
  const setup = typeof session.setup_intent === 'object' ? session.setup_intent : null
  const currency = amount?.currency.toLowerCase()
  const wrong = wrongFields({
    id: [id === undefined ? typeof session.id : session.id, id ?? 'string'],
    mode: [session.mode, amount ? 'payment' : 'setup'],
    metadata: [session.metadata?.[REFERENCE], reference],
    ...(providerCustomerId === null ? {} : { customer: [idOf(session.customer), providerCustomerId] }),
    // What was not paid may have been for another amount: an order that was changed closes its card page.
    ...(amount && session.status === 'complete'
      ? { amount_total: [session.amount_total, providerAmount(amount)], currency: [session.currency, currency] }
      : {}),
    ...(amount && intent && session.status === 'complete'
      ? {
          'payment_intent.amount': [intent.amount, providerAmount(amount)],
          'payment_intent.currency': [intent.currency, currency],
        }
      : {}),
  })
  if (wrong.length > 0) throw disbelieved('checkout.session', wrong)
  const status = statusOf(session, intent)
  return {
    id: session.id,
    status,
    url: session.url ?? null,
    providerPaymentId: idOf(session.payment_intent),
    method: methodOf(intent?.payment_method ?? setup?.payment_method ?? null),
    failure: status === 'failed' ? failureOf(intent) : null,
  }
}

function statusOf(
  { status, payment_status }: Stripe.Checkout.Session,
  intent: Stripe.PaymentIntent | null,
): ProviderCheckout['status'] {
  if (status !== 'complete') return status === 'expired' ? 'expired' : 'open'
  if (payment_status !== 'unpaid') return 'complete'
  return intent?.status === 'requires_payment_method' || intent?.status === 'canceled' ? 'failed' : 'pending'
}

/** What is saved, as we keep it; null for what is not expanded, or of another kind. */
export function methodOf(method: string | Stripe.PaymentMethod | null): ProviderMethod | null {
  if (method === null || typeof method === 'string') return null
  const { id, card, sepa_debit: sepa } = method
  if (card) {
    const { brand, last4, exp_month: expMonth, exp_year: expYear, fingerprint = null } = card
    return { providerId: id, type: 'CARD', brand, last4, expMonth, expYear, fingerprint }
  }
  if (!sepa) return null
  const { last4, fingerprint } = sepa
  return {
    providerId: id,
    type: 'SEPA_DEBIT',
    brand: 'sepa_debit',
    last4: last4 ?? '',
    expMonth: 0,
    expYear: 0,
    fingerprint: fingerprint ?? null,
  }
}
