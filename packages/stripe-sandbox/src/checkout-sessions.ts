import { noSuch, stateConflict } from './api-error.ts'
import { currentSession, expireSession } from './checkout-lifecycle.ts'
import { checkSession, type SessionParams, sessionFields } from './checkout-params.ts'
import type { Context, Route } from './context.ts'
import { findCustomer } from './customers.ts'
import { newId } from './ids.ts'
import { addSetupIntent } from './intent-lifecycle.ts'
import { lineItemsOf, totalOf } from './line-items.ts'
import { createdWithin, listParams, page } from './list.ts'
import { mergeMetadata } from './metadata.ts'
import { methodTypes } from './method-types.ts'
import type { CheckoutSession, LineItem, SetupIntent } from './objects.ts'
import { oneOf, type RawParams, readParams, text } from './params.ts'

const DEFAULT_LIFE_SECONDS = 24 * 60 * 60

function createSession(context: Context, raw: RawParams): object {
  const params = readParams(raw, sessionFields, ['mode', 'success_url'])
  checkSession(params, context.now)
  if (params.customer !== undefined) findCustomer(context, params.customer, 'customer')
  const items = lineItemsOf(context, params)
  const session = sessionOf(context, params, items, params.mode === 'setup' ? setupOf(context, params) : null)
  const intent = params.payment_intent_data ?? {}
  context.store.orders.put({
    id: session.id,
    lineItems: items,
    intent: {
      description: intent.description ?? null,
      metadata: mergeMetadata({}, intent.metadata),
      receiptEmail: intent.receipt_email ?? null,
      setupFutureUsage: intent.setup_future_usage ?? null,
      shipping: intent.shipping ?? null,
      statementDescriptorSuffix: intent.statement_descriptor_suffix ?? null,
    },
  })
  return context.store.checkoutSessions.put(session)
}

function setupOf(context: Context, params: SessionParams): SetupIntent {
  return addSetupIntent(context, {
    allowed_payment_method_types: params.allowed_payment_method_types ?? null,
    customer: params.customer ?? null,
    description: params.setup_intent_data?.description ?? null,
    metadata: mergeMetadata({}, params.setup_intent_data?.metadata),
    payment_method_types: methodTypes(params.allowed_payment_method_types, params.currency ?? null),
  })
}

function sessionOf(
  context: Context,
  params: SessionParams,
  items: readonly LineItem[],
  setup: SetupIntent | null,
): CheckoutSession {
  const id = newId('checkoutSession')
  const total = setup ? null : totalOf(items)
  const currency = items[0]?.currency ?? params.currency ?? null
  return {
    id,
    object: 'checkout.session',
    allowed_payment_method_types: params.allowed_payment_method_types ?? null,
    amount_subtotal: total,
    amount_total: total,
    automatic_tax: { enabled: false, status: null },
    cancel_url: params.cancel_url ?? null,
    client_reference_id: params.client_reference_id ?? null,
    created: context.now,
    currency,
    customer: params.customer ?? null,
    customer_creation: params.customer || setup ? null : (params.customer_creation ?? 'if_required'),
    customer_details: params.customer_email ? { email: params.customer_email, name: null } : null,
    customer_email: params.customer_email ?? null,
    expires_at: params.expires_at ?? context.now + DEFAULT_LIFE_SECONDS,
    livemode: false,
    locale: params.locale ?? null,
    metadata: mergeMetadata({}, params.metadata),
    mode: params.mode,
    payment_intent: null,
    payment_method_types: methodTypes(params.allowed_payment_method_types, currency),
    payment_status: setup || total === 0 ? 'no_payment_required' : 'unpaid',
    setup_intent: setup?.id ?? null,
    status: 'open',
    submit_type: params.submit_type ?? null,
    success_url: params.success_url.replaceAll('{CHECKOUT_SESSION_ID}', id),
    total_details: setup ? null : { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted_page',
    url: `${context.publicUrl}/stripe-sandbox/checkout/${id}`,
  }
}

function findSession(context: Context, id: string): CheckoutSession {
  const session = currentSession(context, id)
  if (!session) throw noSuch('checkout.session', id)
  return session
}

function expire(context: Context, raw: RawParams, id: string): object {
  readParams(raw, {})
  const session = findSession(context, id)
  if (session.status === 'open') return expireSession(context, session)
  throw stateConflict(
    `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${session.status}\`.`,
  )
}

function listLineItems(context: Context, raw: RawParams, id: string): object {
  const params = readParams(raw, listParams)
  const items = context.store.orders.get(findSession(context, id).id)?.lineItems ?? []
  return page(items, params, `/v1/checkout/sessions/${id}/line_items`, 'item')
}

function listSessions(context: Context, raw: RawParams): object {
  const params = readParams(raw, {
    ...listParams,
    customer: text(),
    payment_intent: text(),
    status: oneOf('open', 'complete', 'expired'),
  })
  const sessions = context.store.checkoutSessions.newestFirst(
    (session) =>
      (params.customer ?? session.customer) === session.customer &&
      (params.payment_intent ?? session.payment_intent) === session.payment_intent &&
      (params.status ?? session.status) === session.status &&
      createdWithin(session, params),
  )
  return page(sessions, params, '/v1/checkout/sessions', 'checkout.session')
}

export const checkoutSessionRoutes: readonly Route[] = [
  { method: 'POST', path: '/v1/checkout/sessions', handler: createSession },
  { method: 'GET', path: '/v1/checkout/sessions', handler: listSessions },
  { method: 'GET', path: '/v1/checkout/sessions/:id', handler: (context, _params, id) => findSession(context, id) },
  { method: 'GET', path: '/v1/checkout/sessions/:id/line_items', handler: listLineItems },
  { method: 'POST', path: '/v1/checkout/sessions/:id/expire', handler: expire },
]
