import type { Context } from './context.ts'
import { addCustomer } from './customers.ts'
import { emit } from './events.ts'
import { addPaymentIntent, cancelPaymentIntent, cancelSetupIntent } from './intent-lifecycle.ts'
import type { PaymentMethod } from './method-objects.ts'
import type { CheckoutSession, PaymentIntent, SetupIntent } from './objects.ts'
import { type Attempt, attemptPayment } from './payment-attempt.ts'
import { attemptSetup } from './setup-attempt.ts'

/** The session as it is now: one that is past its time is expired on the way. */
export function currentSession(context: Context, id: string): CheckoutSession | undefined {
  const session = context.store.checkoutSessions.get(id)
  if (session?.status !== 'open' || session.expires_at > context.now) return session
  return expireSession(context, session)
}

/** Closes an open session; what was begun in it can't be paid any more. */
export function expireSession(context: Context, session: CheckoutSession): CheckoutSession {
  const payment = session.payment_intent === null ? undefined : context.store.paymentIntents.get(session.payment_intent)
  const setup = session.setup_intent === null ? undefined : context.store.setupIntents.get(session.setup_intent)
  if (payment) cancelPaymentIntent(context, payment, 'expired')
  if (setup) cancelSetupIntent(context, setup, 'abandoned')
  const expired = context.store.checkoutSessions.put({ ...session, status: 'expired', url: null })
  emit(context, 'checkout.session.expired', expired)
  return expired
}

/** Expires every session that is past its time, seen or not. */
export function expireDueSessions(context: Context): void {
  for (const session of context.store.checkoutSessions.oldestFirst()) currentSession(context, session.id)
}

/** The session that an intent belongs to. */
export function sessionOfIntent(context: Context, intentId: string): CheckoutSession | undefined {
  for (const session of context.store.checkoutSessions.oldestFirst()) {
    if (session.payment_intent === intentId || session.setup_intent === intentId)
      return currentSession(context, session.id)
  }
  return undefined
}

/**
 * The customer confirms an open session, or answers the bank's challenge. The session completes if that succeeds or a
 * bank will answer later, and stays open otherwise; the intent tells which.
 */
export function confirmSession(
  context: Context,
  session: CheckoutSession,
  method: PaymentMethod,
  attempt: Attempt = {},
): PaymentIntent | SetupIntent {
  const intent =
    session.mode === 'setup'
      ? attemptSetup(context, setupOf(context, session), method, attempt)
      : attemptPayment(context, paymentOf(context, session), method, attempt)
  if (intent.status === 'succeeded' || intent.status === 'processing') complete(context, session.id, method, intent)
  return intent
}

/** Completes a session whose total is zero: there is nothing to pay and no card to ask for. */
export function completeFreeSession(context: Context, session: CheckoutSession): CheckoutSession {
  return complete(context, session.id, null, null)
}

function complete(
  context: Context,
  id: string,
  method: PaymentMethod | null,
  intent: PaymentIntent | SetupIntent | null,
): CheckoutSession {
  const session = context.store.checkoutSessions.get(id) as CheckoutSession
  const email = session.customer_email ?? customerEmail(context, session) ?? method?.billing_details.email ?? null
  const completed = context.store.checkoutSessions.put({
    ...session,
    customer_details: { email, name: method?.billing_details.name ?? null },
    payment_status: isPaid(session, intent) ? 'paid' : session.payment_status,
    status: 'complete',
    url: null,
  })
  emit(context, 'checkout.session.completed', completed)
  return completed
}

function isPaid(session: CheckoutSession, intent: PaymentIntent | SetupIntent | null): boolean {
  return session.payment_status === 'unpaid' && intent?.status === 'succeeded'
}

/** The bank has answered the debit of a completed session. */
export function settleSession(context: Context, session: CheckoutSession, intent: PaymentIntent): CheckoutSession {
  const paid = isPaid(session, intent)
  const settled = paid ? context.store.checkoutSessions.put({ ...session, payment_status: 'paid' }) : session
  emit(context, `checkout.session.async_payment_${paid ? 'succeeded' : 'failed'}`, settled)
  return settled
}

/** The e-mail address that the session's customer is known by. */
export function customerEmail(context: Context, session: CheckoutSession): string | null {
  return session.customer === null ? null : (context.store.customers.get(session.customer)?.email ?? null)
}

/** The session's payment intent; it is made when the customer confirms for the first time. */
function paymentOf(context: Context, session: CheckoutSession): PaymentIntent {
  const known = session.payment_intent === null ? undefined : context.store.paymentIntents.get(session.payment_intent)
  if (known) return known
  const order = context.store.orders.get(session.id)
  if (!order) throw new Error(`session without an order: ${session.id}`)
  const needsCustomer = session.customer_creation === 'always' || order.intent.setupFutureUsage !== null
  const customer =
    session.customer ?? (needsCustomer ? addCustomer(context, { email: session.customer_email }).id : null)
  const intent = addPaymentIntent(context, {
    allowed_payment_method_types: session.allowed_payment_method_types,
    amount: session.amount_total ?? 0,
    currency: session.currency ?? 'usd',
    customer,
    description: order.intent.description,
    metadata: order.intent.metadata,
    payment_method_types: session.payment_method_types,
    receipt_email: order.intent.receiptEmail,
    setup_future_usage: order.intent.setupFutureUsage,
    shipping: order.intent.shipping ?? null,
    statement_descriptor_suffix: order.intent.statementDescriptorSuffix,
  })
  context.store.checkoutSessions.put({ ...session, customer, payment_intent: intent.id })
  return intent
}

function setupOf(context: Context, session: CheckoutSession): SetupIntent {
  const intent = session.setup_intent === null ? undefined : context.store.setupIntents.get(session.setup_intent)
  if (!intent) throw new Error(`session without a setup intent: ${session.id}`)
  return intent
}
