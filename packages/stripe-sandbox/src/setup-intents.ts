import { ApiError, invalidRequest, noSuch, stateConflict } from './api-error.ts'
import { sessionOfIntent } from './checkout-lifecycle.ts'
import type { Context, Route } from './context.ts'
import { findCustomer } from './customers.ts'
import { addSetupIntent, cancelSetupIntent } from './intent-lifecycle.ts'
import { checkRedirects, usableMethod } from './intent-rules.ts'
import { createdWithin, listParams, page } from './list.ts'
import { checkMandate, mandateData } from './mandates.ts'
import { mergeMetadata, metadata } from './metadata.ts'
import type { PaymentMethod } from './method-objects.ts'
import { allowedTypes, checkType } from './method-types.ts'
import type { ErrorDetails, SetupIntent } from './objects.ts'
import { boolean, clearable, object, oneOf, type Params, type RawParams, readParams, text } from './params.ts'
import { attemptSetup } from './setup-attempt.ts'
import { webUrl } from './web-url.ts'

const confirmFields = { mandate_data: mandateData, payment_method: text(), return_url: webUrl }

const createFields = {
  ...confirmFields,
  allowed_payment_method_types: allowedTypes,
  automatic_payment_methods: object({ enabled: boolean, allow_redirects: oneOf('always', 'never') }, ['enabled']),
  confirm: boolean,
  customer: text(),
  description: clearable(text(1000)),
  metadata,
  usage: oneOf('on_session', 'off_session'),
}

function createIntent(context: Context, raw: RawParams): object {
  const params = readParams(raw, createFields)
  if (params.customer !== undefined) findCustomer(context, params.customer, 'customer')
  if (params.confirm) checkRedirects(params)
  else if (params.return_url) throw invalidRequest('You can only provide `return_url` when `confirm` is set to true.')
  const customer = params.customer ?? null
  const method = params.payment_method === undefined ? null : usableMethod(context, params.payment_method, customer)
  if (params.confirm && !method) throw missingMethod()
  if (params.confirm && method) checkMandate(context, method, params.mandate_data)
  const automatic = params.automatic_payment_methods
  const intent = addSetupIntent(context, {
    allowed_payment_method_types: params.allowed_payment_method_types ?? null,
    automatic_payment_methods: automatic ? { allow_redirects: 'always', ...automatic } : null,
    customer,
    description: params.description ?? null,
    metadata: mergeMetadata({}, params.metadata),
    payment_method: method?.id ?? null,
    usage: params.usage ?? 'off_session',
  })
  return params.confirm && method ? confirmWith(context, intent, method, params) : intent
}

/** Tries the setup. @throws 402, with the intent inside, if the card is refused. */
function confirmWith(
  context: Context,
  intent: SetupIntent,
  method: PaymentMethod,
  params: Params<typeof confirmFields>,
): SetupIntent {
  checkType(intent, method)
  const returnUrl = params.return_url
  const after = attemptSetup(context, intent, method, returnUrl === undefined ? {} : { returnUrl })
  if (after.last_setup_error === null) return after
  const details: ErrorDetails = { ...after.last_setup_error, setup_intent: after }
  throw new ApiError(402, details, true)
}

function confirmIntent(context: Context, raw: RawParams, id: string): object {
  const params = readParams(raw, confirmFields)
  const intent = findSetupIntent(context, id)
  refuseIfOver(context, intent, 'confirm')
  checkRedirects({ ...intent, ...params })
  const methodId = params.payment_method ?? intent.payment_method
  if (methodId === null) throw missingMethod()
  const method = usableMethod(context, methodId, intent.customer)
  checkMandate(context, method, params.mandate_data)
  return confirmWith(context, intent, method, params)
}

function cancelIntent(context: Context, raw: RawParams, id: string): object {
  const params = readParams(raw, {
    cancellation_reason: oneOf('abandoned', 'duplicate', 'requested_by_customer'),
  })
  const intent = findSetupIntent(context, id)
  refuseIfOver(context, intent, 'cancel')
  return cancelSetupIntent(context, intent, params.cancellation_reason ?? null)
}

function updateIntent(context: Context, raw: RawParams, id: string): object {
  const params = readParams(raw, { description: createFields.description, metadata })
  const intent = findSetupIntent(context, id)
  const { metadata: pairs, ...rest } = params
  return context.store.setupIntents.put({ ...intent, ...rest, metadata: mergeMetadata(intent.metadata, pairs) })
}

function refuseIfOver(context: Context, intent: SetupIntent, action: 'confirm' | 'cancel'): void {
  const session = sessionOfIntent(context, intent.id)
  if (session) {
    throw unexpectedState(
      intent,
      `You cannot ${action} this SetupIntent because it was created by a Checkout Session. Expire the session '${session.id}' instead.`,
    )
  }
  if (intent.status !== 'succeeded' && intent.status !== 'canceled') return
  throw unexpectedState(
    intent,
    `You cannot ${action} this SetupIntent because it has a status of ${intent.status}. Only a SetupIntent with one of the following statuses may be ${action}ed: requires_payment_method, requires_confirmation, requires_action.`,
  )
}

function unexpectedState(intent: SetupIntent, message: string): Error {
  return stateConflict(message, { code: 'setup_intent_unexpected_state', setup_intent: intent })
}

function missingMethod(): Error {
  const message =
    "You cannot confirm this SetupIntent because it's missing a payment method. Update the SetupIntent with a payment method and then confirm it again."
  return invalidRequest(message, { code: 'setup_intent_unexpected_state' })
}

function findSetupIntent(context: Context, id: string): SetupIntent {
  const intent = context.store.setupIntents.get(id)
  if (!intent) throw noSuch('setup_intent', id)
  return intent
}

function listIntents(context: Context, raw: RawParams): object {
  const params = readParams(raw, { ...listParams, customer: text(), payment_method: text() })
  const intents = context.store.setupIntents.newestFirst(
    (intent) =>
      (params.customer ?? intent.customer) === intent.customer &&
      (params.payment_method ?? intent.payment_method) === intent.payment_method &&
      createdWithin(intent, params),
  )
  return page(intents, params, '/v1/setup_intents', 'setup_intent')
}

export const setupIntentRoutes: readonly Route[] = [
  { method: 'POST', path: '/v1/setup_intents', handler: createIntent },
  { method: 'GET', path: '/v1/setup_intents', handler: listIntents },
  { method: 'GET', path: '/v1/setup_intents/:id', handler: (context, _params, id) => findSetupIntent(context, id) },
  { method: 'POST', path: '/v1/setup_intents/:id', handler: updateIntent },
  { method: 'POST', path: '/v1/setup_intents/:id/confirm', handler: confirmIntent },
  { method: 'POST', path: '/v1/setup_intents/:id/cancel', handler: cancelIntent },
]
