import { ApiError, noSuch } from './api-error.ts'
import type { Context, Route } from './context.ts'
import { findCustomer } from './customers.ts'
import { addPaymentIntent, cancelPaymentIntent } from './intent-lifecycle.ts'
import {
  checkAmount,
  checkNeedsConfirm,
  checkRedirects,
  missingMethod,
  refuseForSession,
  unexpectedState,
  usableMethod,
} from './intent-rules.ts'
import { createdWithin, listParams, page } from './list.ts'
import { checkMandate, mandateData } from './mandates.ts'
import { mergeMetadata, metadata } from './metadata.ts'
import type { PaymentMethod } from './method-objects.ts'
import { allowedTypes, checkType, methodTypes } from './method-types.ts'
import { currencyCode } from './money.ts'
import type { ErrorDetails, PaymentIntent } from './objects.ts'
import { boolean, clearable, integer, object, oneOf, type Params, type RawParams, readParams, text } from './params.ts'
import { type Attempt, attemptPayment } from './payment-attempt.ts'
import { shipping } from './shipping.ts'
import { webUrl } from './web-url.ts'

const confirmFields = {
  allowed_payment_method_types: allowedTypes,
  error_on_requires_action: boolean,
  mandate: text(),
  mandate_data: mandateData,
  off_session: boolean,
  payment_method: text(),
  return_url: webUrl,
  setup_future_usage: oneOf('on_session', 'off_session'),
  shipping,
}

const createFields = {
  ...confirmFields,
  amount: integer({ min: 0 }),
  automatic_payment_methods: object({ enabled: boolean, allow_redirects: oneOf('always', 'never') }, ['enabled']),
  capture_method: oneOf('automatic', 'automatic_async'),
  confirm: boolean,
  confirmation_method: oneOf('automatic'),
  currency: currencyCode,
  customer: text(),
  description: clearable(text(1000)),
  metadata,
  receipt_email: clearable(text(800)),
  statement_descriptor: text(22),
  statement_descriptor_suffix: text(22),
}

type CreateParams = Params<typeof createFields, 'amount' | 'currency'>

function createIntent(context: Context, raw: RawParams): object {
  const params = readParams(raw, createFields, ['amount', 'currency'])
  checkAmount(params.amount, params.currency)
  if (params.customer !== undefined) findCustomer(context, params.customer, 'customer')
  if (!params.confirm) {
    checkNeedsConfirm(params)
    return addPaymentIntent(context, givenBy(params, chosenMethod(context, params)))
  }
  checkRedirects(params)
  const method = chosenMethod(context, params)
  if (!method) throw missingMethod()
  checkMandate(context, method, params.mandate_data ?? params.mandate)
  return pay(context, addPaymentIntent(context, givenBy(params, method)), method, attemptOf(params))
}

function chosenMethod(context: Context, params: CreateParams): PaymentMethod | null {
  if (params.payment_method === undefined) return null
  const method = usableMethod(context, params.payment_method, params.customer ?? null)
  const types = methodTypes(params.allowed_payment_method_types, params.currency)
  checkType({ object: 'payment_intent', payment_method_types: types }, method)
  return method
}

function givenBy(params: CreateParams, method: PaymentMethod | null) {
  const automatic = params.automatic_payment_methods
  return {
    allowed_payment_method_types: params.allowed_payment_method_types ?? null,
    amount: params.amount,
    automatic_payment_methods: automatic ? { allow_redirects: 'always', ...automatic } : null,
    currency: params.currency,
    customer: params.customer ?? null,
    description: params.description ?? null,
    metadata: mergeMetadata({}, params.metadata),
    payment_method: method?.id ?? null,
    receipt_email: params.receipt_email ?? null,
    setup_future_usage: params.setup_future_usage ?? null,
    shipping: params.shipping ?? null,
    statement_descriptor: params.statement_descriptor ?? null,
    statement_descriptor_suffix: params.statement_descriptor_suffix ?? null,
  }
}

function attemptOf(params: Params<typeof confirmFields>): Attempt {
  return {
    offSession: params.off_session ?? false,
    failOnChallenge: params.error_on_requires_action ?? false,
    ...(params.return_url !== undefined && { returnUrl: params.return_url }),
  }
}

/** Tries the payment. @throws 402, with the intent inside, if the card is refused. */
function pay(context: Context, intent: PaymentIntent, method: PaymentMethod, attempt: Attempt): PaymentIntent {
  const after = attemptPayment(context, intent, method, attempt)
  if (after.last_payment_error === null) return after
  const details: ErrorDetails = { ...after.last_payment_error, payment_intent: after }
  throw new ApiError(402, details, true)
}

function confirmIntent(context: Context, raw: RawParams, id: string): object {
  const params = readParams(raw, confirmFields)
  const intent = findPaymentIntent(context, id)
  refuseForSession(context, intent)
  refuseIfOver(intent, 'confirm')
  checkRedirects({ ...intent, ...params })
  const methodId = params.payment_method ?? intent.payment_method
  if (methodId === null) throw missingMethod()
  const method = usableMethod(context, methodId, intent.customer)
  const confirmed = confirmedBy(intent, params)
  checkType(confirmed, method)
  checkMandate(context, method, params.mandate_data ?? params.mandate)
  return pay(context, confirmed, method, attemptOf(params))
}

function confirmedBy(intent: PaymentIntent, params: Params<typeof confirmFields>): PaymentIntent {
  const allowed = params.allowed_payment_method_types ?? intent.allowed_payment_method_types
  return {
    ...intent,
    allowed_payment_method_types: allowed,
    payment_method_types: methodTypes(allowed, intent.currency),
    setup_future_usage: params.setup_future_usage ?? intent.setup_future_usage,
    shipping: params.shipping ?? intent.shipping,
  }
}

function cancelIntent(context: Context, raw: RawParams, id: string): object {
  const cancellation_reason = oneOf('duplicate', 'fraudulent', 'requested_by_customer', 'abandoned')
  const params = readParams(raw, { cancellation_reason })
  const intent = findPaymentIntent(context, id)
  refuseForSession(context, intent)
  refuseIfOver(intent, 'cancel')
  return cancelPaymentIntent(context, intent, params.cancellation_reason ?? null)
}

/** A debit on its way can be stopped as little as a payment that is over. */
function refuseIfOver(intent: PaymentIntent, action: 'confirm' | 'cancel'): void {
  if (!['succeeded', 'canceled', 'processing'].includes(intent.status)) return
  throw unexpectedState(
    intent,
    `You cannot ${action} this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be ${action}ed: requires_payment_method, requires_confirmation, requires_action.`,
  )
}

export function findPaymentIntent(context: Context, id: string, param?: string): PaymentIntent {
  const intent = context.store.paymentIntents.get(id)
  if (!intent) throw noSuch('payment_intent', id, param)
  return intent
}

function listIntents(context: Context, raw: RawParams): object {
  const params = readParams(raw, { ...listParams, customer: text() })
  const intents = context.store.paymentIntents.newestFirst(
    (intent) => (params.customer ?? intent.customer) === intent.customer && createdWithin(intent, params),
  )
  return page(intents, params, '/v1/payment_intents', 'payment_intent')
}

export const paymentIntentRoutes: readonly Route[] = [
  { method: 'POST', path: '/v1/payment_intents', handler: createIntent },
  { method: 'GET', path: '/v1/payment_intents', handler: listIntents },
  { method: 'GET', path: '/v1/payment_intents/:id', handler: (context, _params, id) => findPaymentIntent(context, id) },
  { method: 'POST', path: '/v1/payment_intents/:id/confirm', handler: confirmIntent },
  { method: 'POST', path: '/v1/payment_intents/:id/cancel', handler: cancelIntent },
]
