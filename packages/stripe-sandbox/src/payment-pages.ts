import { ApiError, invalidRequest, missingParam, noSuch, stateConflict } from './api-error.ts'
import { completeFreeSession, confirmSession, currentSession } from './checkout-lifecycle.ts'
import type { Context, Route } from './context.ts'
import { usableMethod } from './intent-rules.ts'
import type { CheckoutSession, ErrorDetails, PaymentIntent, SetupIntent } from './objects.ts'
import { integer, type RawParams, readParams, text } from './params.ts'

// What Stripe's own page asks of its API. It is not documented; the official CLI pays sessions by it.

function pageOfSession(session: CheckoutSession, intent: PaymentIntent | SetupIntent | null = null): object {
  return {
    id: session.id.replace('cs_test_', 'ppage_'),
    object: 'payment_page',
    amount_total: session.amount_total,
    currency: session.currency,
    customer_email: session.customer_email,
    livemode: false,
    mode: session.mode,
    payment_intent: intent?.object === 'payment_intent' ? intent : session.payment_intent,
    payment_method_types: session.payment_method_types,
    payment_status: session.payment_status,
    session_id: session.id,
    setup_intent: intent?.object === 'setup_intent' ? intent : session.setup_intent,
    status: session.status,
    success_url: session.success_url,
  }
}

function findSession(context: Context, id: string): CheckoutSession {
  const session = currentSession(context, id)
  if (!session) throw noSuch('payment_page', id)
  return session
}

function confirmPage(context: Context, raw: RawParams, id: string): object {
  const params = readParams(raw, { expected_amount: integer({ min: 0 }), payment_method: text() })
  const session = findSession(context, id)
  if (session.status !== 'open') {
    throw stateConflict(
      `This Checkout Session has a status of \`${session.status}\`; only an open one can be confirmed.`,
    )
  }
  if (params.expected_amount !== undefined && params.expected_amount !== session.amount_total) {
    const message = `The amount of this Checkout Session is ${session.amount_total}, not ${params.expected_amount}.`
    throw invalidRequest(message, { param: 'expected_amount' })
  }
  if (session.amount_total === 0) return pageOfSession(completeFreeSession(context, session))
  if (params.payment_method === undefined) throw missingParam('payment_method')
  const method = usableMethod(context, params.payment_method, session.customer)
  if (!session.payment_method_types.includes(method.type)) {
    throw invalidRequest(`This Checkout Session does not take ${method.type}.`, { param: 'payment_method' })
  }
  const intent = confirmSession(context, session, method)
  const error = intent.object === 'payment_intent' ? intent.last_payment_error : intent.last_setup_error
  if (!error) return pageOfSession(findSession(context, id), intent)
  const details: ErrorDetails = { ...error, [intent.object]: intent }
  throw new ApiError(402, details, true)
}

export const paymentPageRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/payment_pages/:id',
    handler: (context, _params, id) => pageOfSession(findSession(context, id)),
  },
  { method: 'POST', path: '/v1/payment_pages/:id/confirm', handler: confirmPage },
]
