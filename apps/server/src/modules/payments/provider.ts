import type { Money } from '@florin/core'
import Stripe from 'stripe'
import { expectObject, providerAmount, REFERENCE, reached } from './provider-calls.ts'
import { connectEvents, type EventOptions, type ProviderEvents } from './provider-events.ts'
import { askRefund, type ProviderReversals, type RefundOrder, readReversals } from './provider-reversals.ts'
import type { PaymentMethod } from './read-payment-profile.ts'

/** A card at the provider that may be charged off session. */
export interface ProviderCard extends PaymentMethod {
  readonly id: string
}

/** How an attempt to charge a card ended. `unknown`: nobody can say yet; ask again with the same key. */
export type ChargeResult =
  | { readonly outcome: 'succeeded'; readonly providerPaymentId: string }
  | { readonly outcome: 'failed'; readonly code: string; readonly message: string; readonly needsCustomer: boolean }
  | { readonly outcome: 'unknown' }

export interface ProviderCheckout {
  readonly id: string
  readonly status: 'open' | 'complete' | 'expired'
  readonly paid: boolean
  readonly url: string | null
  readonly providerPaymentId: string | null
  readonly card: ProviderCard | null
}

/** What a checkout asks the provider to collect. Equal input for an equal key: the provider compares them. */
export interface CheckoutOrder {
  readonly providerCustomerId: string
  readonly amount: Money
  readonly description: string
  readonly reference: string
  readonly successUrl: string
  readonly cancelUrl: string
  readonly expiresAt: number
  readonly key: string
}

/** The one adapter to Stripe. In a sandbox it points at the local payment sandbox; there is no second code path. */
export interface PaymentProvider extends ProviderEvents {
  /** Whether its card page may stand inside another page's frame. */
  readonly frameable: boolean
  createCustomer(input: { reference: string; email: string | null; name: string | null }): Promise<string>
  charge(input: {
    providerCustomerId: string
    paymentMethodId: string
    amount: Money
    description: string
    reference: string
  }): Promise<ChargeResult>
  openCheckout(order: CheckoutOrder): Promise<ProviderCheckout>
  readCheckout(id: string): Promise<ProviderCheckout>
  /** Ends an open card page, so that it can't be paid any more. Answers how it stands then. */
  closeCheckout(id: string): Promise<ProviderCheckout>
  /** Gives a whole payment back that could not be carried out. */
  returnPayment(providerPaymentId: string, key: string): Promise<void>
  /** Asks for a refund. Answers why it is refused; null if it is being done. */
  refund(order: RefundOrder): Promise<string | null>
  /** The refunds and disputes of a payment, whoever began them. */
  readReversals(providerPaymentId: string): Promise<ProviderReversals>
}

export interface ProviderOptions extends EventOptions {
  readonly secretKey: string
  /** The local payment sandbox; null: Stripe itself. */
  readonly sandboxUrl: string | null
}

const TIMEOUT_MS = 20_000

export function createPaymentProvider(options: ProviderOptions): PaymentProvider {
  const stripe = connect(options)
  return {
    frameable: options.sandboxUrl !== null,
    createCustomer: ({ reference, email, name }) =>
      reached(async () => {
        const created = await stripe.customers.create(
          { ...(email ? { email } : {}), ...(name ? { name } : {}), metadata: { [REFERENCE]: reference } },
          { idempotencyKey: `florin_customer_${reference}` },
        )
        return expectObject(created, 'customer').id
      }),
    charge: (input) => charge(stripe, input),
    openCheckout: (order) =>
      reached(async () => toCheckout(await stripe.checkout.sessions.create(...checkoutParams(order)))),
    readCheckout: (id) => reached(() => readCheckout(stripe, id)),
    closeCheckout: (id) =>
      reached(async () => {
        const current = await readCheckout(stripe, id)
        return current.status === 'open' ? toCheckout(await stripe.checkout.sessions.expire(id)) : current
      }),
    returnPayment: (providerPaymentId, key) =>
      reached(async () => {
        const refund = await stripe.refunds.create({ payment_intent: providerPaymentId }, { idempotencyKey: key })
        expectObject(refund, 'refund')
      }),
    refund: (order) => askRefund(stripe, order),
    readReversals: (providerPaymentId) => readReversals(stripe, providerPaymentId),
    ...connectEvents(stripe, options),
  }
}

function connect({ secretKey, sandboxUrl }: ProviderOptions): Stripe {
  const common = { maxNetworkRetries: 2, timeout: TIMEOUT_MS, telemetry: false }
  if (!sandboxUrl) return new Stripe(secretKey, common)
  const { hostname, port, protocol } = new URL(sandboxUrl)
  const local = protocol === 'https:' ? 'https' : 'http'
  return new Stripe(secretKey, {
    ...common,
    host: hostname,
    port: Number(port) || (local === 'https' ? 443 : 80),
    protocol: local,
  })
}

async function charge(stripe: Stripe, input: Parameters<PaymentProvider['charge']>[0]): Promise<ChargeResult> {
  try {
    const intent = await stripe.paymentIntents.create(
      {
        amount: providerAmount(input.amount),
        currency: input.amount.currency.toLowerCase(),
        customer: input.providerCustomerId,
        payment_method: input.paymentMethodId,
        off_session: true,
        confirm: true,
        allowed_payment_method_types: ['card'],
        description: input.description,
        metadata: { [REFERENCE]: input.reference },
      },
      { idempotencyKey: `florin_payment_${input.reference}` },
    )
    const { id, status } = expectObject(intent, 'payment_intent')
    return status === 'succeeded' ? { outcome: 'succeeded', providerPaymentId: id } : { outcome: 'unknown' }
  } catch (error) {
    return failedCharge(error)
  }
}

// Only an answer of the provider's is a failure. A lost connection or a 500 after the request left says nothing.
function failedCharge(error: unknown): ChargeResult {
  if (!(error instanceof Stripe.errors.StripeCardError)) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError) {
      return { outcome: 'failed', code: error.code ?? 'invalid_request', message: error.message, needsCustomer: false }
    }
    return { outcome: 'unknown' }
  }
  const code = error.decline_code ?? error.code ?? 'card_declined'
  const needsCustomer = [error.code, error.decline_code].includes('authentication_required')
  return { outcome: 'failed', code, message: error.message, needsCustomer }
}

function checkoutParams(order: CheckoutOrder): [Stripe.Checkout.SessionCreateParams, Stripe.RequestOptions] {
  const metadata = { [REFERENCE]: order.reference }
  const params: Stripe.Checkout.SessionCreateParams = {
    mode: 'payment',
    customer: order.providerCustomerId,
    client_reference_id: order.reference,
    allowed_payment_method_types: ['card'],
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency: order.amount.currency.toLowerCase(),
          unit_amount: providerAmount(order.amount),
          product_data: { name: order.description },
        },
      },
    ],
    payment_intent_data: { metadata, setup_future_usage: 'off_session', description: order.description },
    metadata,
    success_url: order.successUrl,
    cancel_url: order.cancelUrl,
    expires_at: Math.floor(order.expiresAt / 1000),
  }
  return [params, { idempotencyKey: order.key }]
}

async function readCheckout(stripe: Stripe, id: string): Promise<ProviderCheckout> {
  return toCheckout(await stripe.checkout.sessions.retrieve(id, { expand: ['payment_intent.payment_method'] }))
}

function toCheckout(session: Stripe.Checkout.Session): ProviderCheckout {
  const { id, status, payment_status, url, payment_intent } = expectObject(session, 'checkout.session')
  const intent = typeof payment_intent === 'object' ? payment_intent : null
  const method = typeof intent?.payment_method === 'object' ? intent.payment_method : null
  return {
    id,
    status: (status ?? 'open') as ProviderCheckout['status'],
    paid: status === 'complete' && payment_status !== 'unpaid',
    url: url ?? null,
    providerPaymentId: typeof payment_intent === 'string' ? payment_intent : (intent?.id ?? null),
    card: method?.card ? toCard(method.id, method.card) : null,
  }
}

function toCard(id: string, card: Stripe.PaymentMethod.Card): ProviderCard {
  return { id, brand: card.brand, last4: card.last4, expMonth: card.exp_month, expYear: card.exp_year }
}
