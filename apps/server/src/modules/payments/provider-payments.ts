import type { Money } from '@florin/core'
import Stripe from 'stripe'
import {
  expectObject,
  idOf,
  isMissing,
  type Marked,
  metadataOf,
  providerAmount,
  REFERENCE,
  wrongFields,
} from './provider-calls.ts'
import type { PaymentMethodType } from './read-payment-profile.ts'

/** What an attempt asks for. Equal input for an equal reference: the provider compares them. */
export interface ChargeOrder {
  readonly providerCustomerId: string
  readonly paymentMethodId: string
  readonly type: PaymentMethodType
  readonly amount: Money
  readonly description: string
  readonly reference: string
}

/** How an attempt to charge a method stands. `unknown`: nobody can say yet; ask again with the same key. */
export type ChargeResult =
  | { readonly outcome: 'succeeded'; readonly providerPaymentId: string }
  | { readonly outcome: 'processing'; readonly providerPaymentId: string }
  | {
      readonly outcome: 'failed'
      readonly code: string
      readonly message: string
      /** What the provider still has of it, and could be paid by somebody: to be cancelled. */
      readonly abandoned: string | null
    }
  /** `wrong`: what an answer said otherwise than was asked for. */
  | { readonly outcome: 'unknown'; readonly wrong?: readonly string[] }

/** The customer, or what they pay with, is not there any more. */
export const CUSTOMER_MISSING = 'customer_missing'
export const METHOD_MISSING = 'payment_method_missing'

const LONGEST_DESCRIPTION = 1_000

/** Charges a method without its customer. Asked again with the same reference, it answers the same. */
export async function charge(stripe: Stripe, order: ChargeOrder & Marked): Promise<ChargeResult> {
  try {
    const intent = await stripe.paymentIntents.create(
      {
        amount: providerAmount(order.amount),
        currency: order.amount.currency.toLowerCase(),
        customer: order.providerCustomerId,
        payment_method: order.paymentMethodId,
        off_session: true,
        confirm: true,
        allowed_payment_method_types: [order.type === 'CARD' ? 'card' : 'sepa_debit'],
        description: order.description.slice(0, LONGEST_DESCRIPTION),
        metadata: metadataOf(order),
      },
      { idempotencyKey: `florin_payment_${order.reference}` },
    )
    return resultOf(intent, order)
  } catch (error) {
    return failedCharge(error, order)
  }
}

/** How a payment stands that the provider has taken on. */
export async function readPayment(stripe: Stripe, id: string, order: ChargeOrder): Promise<ChargeResult> {
  return answered(async () => resultOf(await stripe.paymentIntents.retrieve(id), order))
}

/**
 * Looks for an attempt that the provider was asked for before: it forgets keys after a day, and payments never.
 *
 * @returns null if it has never heard of it.
 */
export async function findPayment(stripe: Stripe, order: ChargeOrder, since: number): Promise<ChargeResult | null> {
  let found: Stripe.PaymentIntent | undefined
  let ended = false
  const looked = await answered(async () => {
    let after: { starting_after?: string } = {}
    while (!found && !ended) {
      const page = expectObject(
        await stripe.paymentIntents.list({ customer: order.providerCustomerId, limit: 100, ...after }),
        'list',
      )
      found = page.data.find(({ metadata }) => metadata?.[REFERENCE] === order.reference)
      const last = page.data.at(-1)
      ended = !page.has_more || !last || last.created * 1000 < since - HOUR_MS
      after = last ? { starting_after: last.id } : {}
    }
    return found ? resultOf(found, order) : { outcome: 'unknown' }
  })
  return ended && !found ? null : looked
}

const HOUR_MS = 3_600_000

/** Ends a payment that nobody may pay any more. Answers how it stands then. */
export async function cancelPayment(stripe: Stripe, id: string, order: ChargeOrder): Promise<ChargeResult> {
  try {
    const canceled = await stripe.paymentIntents.cancel(
      id,
      { cancellation_reason: 'abandoned' },
      { idempotencyKey: `florin_cancel_${id}` },
    )
    return resultOf(canceled, order)
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError) return readPayment(stripe, id, order)
    if (error instanceof Stripe.errors.StripeError) return { outcome: 'unknown' }
    throw error
  }
}

function resultOf(intent: Stripe.PaymentIntent, order: ChargeOrder): ChargeResult {
  const wrong = wrongFields({
    object: [intent?.object, 'payment_intent'],
    id: [typeof intent?.id, 'string'],
    amount: [intent?.amount, providerAmount(order.amount)],
    currency: [intent?.currency, order.amount.currency.toLowerCase()],
    customer: [idOf(intent?.customer), order.providerCustomerId],
    metadata: [intent?.metadata?.[REFERENCE], order.reference],
  })
  if (wrong.length > 0) return { outcome: 'unknown', wrong }
  switch (intent.status) {
    case 'succeeded':
      return { outcome: 'succeeded', providerPaymentId: intent.id }
    case 'processing':
      return { outcome: 'processing', providerPaymentId: intent.id }
    case 'requires_action':
      return { ...failureOf(intent), code: 'authentication_required', abandoned: intent.id }
    case 'requires_payment_method':
      return { ...failureOf(intent), abandoned: intent.id }
    case 'canceled':
      return { ...failureOf(intent), abandoned: null }
    default:
      return { outcome: 'unknown' }
  }
}

/** Why a payment was not made, by what the bank said last. */
export function failureOf(intent: Stripe.PaymentIntent | null) {
  const { code, decline_code, message } = intent?.last_payment_error ?? {}
  return {
    outcome: 'failed' as const,
    code: codeOf(code, decline_code) ?? 'canceled',
    message: message ?? 'the payment was not made',
  }
}

function codeOf(code: string | undefined, declineCode: string | undefined): string | undefined {
  return code === 'authentication_required' ? code : (declineCode ?? code)
}

// Only an answer of the provider's is a failure. A lost connection, a 409, a 429 or a 500 after the request left says nothing.
function failedCharge(error: unknown, order: ChargeOrder): ChargeResult {
  if (error instanceof Stripe.errors.StripeCardError) {
    const intent = error.payment_intent
    const told = intent ? resultOf(intent, order) : null
    if (told?.outcome === 'unknown') return told
    const code = codeOf(error.code, error.decline_code) ?? 'card_declined'
    return { outcome: 'failed', code, message: error.message, abandoned: intent?.id ?? null }
  }
  if (error instanceof Stripe.errors.StripeInvalidRequestError) {
    const code = isMissing(error, 'customer')
      ? CUSTOMER_MISSING
      : error.param === 'payment_method'
        ? METHOD_MISSING
        : (error.code ?? 'invalid_request')
    return { outcome: 'failed', code, message: error.message, abandoned: null }
  }
  if (error instanceof Stripe.errors.StripeError) return { outcome: 'unknown' }
  throw error
}

async function answered(call: () => Promise<ChargeResult>): Promise<ChargeResult> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return { outcome: 'unknown' }
    throw error
  }
}
