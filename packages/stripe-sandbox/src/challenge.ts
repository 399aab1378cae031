import { challengePage } from './challenge-page.ts'
import { confirmSession, sessionOfIntent } from './checkout-lifecycle.ts'
import type { Context } from './context.ts'
import { challengePath } from './intent-lifecycle.ts'
import type { PaymentMethod } from './method-objects.ts'
import { formatMoney } from './money.ts'
import type { CheckoutSession, PaymentIntent, SetupIntent } from './objects.ts'
import { noticePage, type Page } from './page-layout.ts'
import { closedPage, type Redirect } from './pages.ts'
import { attemptPayment, failAuthentication } from './payment-attempt.ts'
import { attemptSetup, failSetupAuthentication } from './setup-attempt.ts'

/** An intent that waits for the bank's challenge. */
interface Pending {
  readonly intent: PaymentIntent | SetupIntent
  readonly method: PaymentMethod
  /** Its session; undefined for an intent that was confirmed through the API. */
  readonly session: CheckoutSession | undefined
}

/** `GET /stripe-sandbox/challenge/:intent` */
export function showChallenge(context: Context, id: string, secret: string | null): Page | Redirect {
  const pending = findPending(context, id, secret)
  if (!('intent' in pending)) return pending
  const { intent } = pending
  const what =
    intent.object === 'payment_intent'
      ? `Confirm the payment of ${formatMoney(intent.amount, intent.currency)}.`
      : 'Confirm that your card may be kept for later payments.'
  return challengePage(challengePath(intent), what)
}

/** `POST /stripe-sandbox/challenge/:intent` */
export function answerChallenge(
  context: Context,
  id: string,
  secret: string | null,
  form: URLSearchParams,
): Page | Redirect {
  const pending = findPending(context, id, secret)
  if (!('intent' in pending)) return pending
  const { intent, method, session } = pending
  const after = form.get('result') === 'complete' ? pass(context, pending) : fail(context, intent, method)
  if (session) {
    return { location: after.status === 'succeeded' ? session.success_url : `/stripe-sandbox/checkout/${session.id}` }
  }
  return returnFrom(intent, after.status)
}

function pass(context: Context, { intent, method, session }: Pending): PaymentIntent | SetupIntent {
  const attempt = { authenticated: true }
  if (session) return confirmSession(context, session, method, attempt)
  return intent.object === 'payment_intent'
    ? attemptPayment(context, intent, method, attempt)
    : attemptSetup(context, intent, method, attempt)
}

function fail(context: Context, intent: PaymentIntent | SetupIntent, method: PaymentMethod) {
  return intent.object === 'payment_intent'
    ? failAuthentication(context, intent, method)
    : failSetupAuthentication(context, intent, method)
}

/** The waiting intent, or where to go if there is nothing to ask any more: answered already, or expired. */
function findPending(context: Context, id: string, secret: string | null): Pending | Page | Redirect {
  const session = sessionOfIntent(context, id)
  const intent = context.store.paymentIntents.get(id) ?? context.store.setupIntents.get(id)
  if (!intent || intent.client_secret !== secret) return closedPage(undefined)
  const method = context.store.paymentMethods.get(intent.payment_method ?? '')
  if (intent.status === 'requires_action' && method) return { intent, method, session }
  if (session?.status === 'complete') return { location: session.success_url }
  if (session?.status === 'open') return { location: `/stripe-sandbox/checkout/${session.id}` }
  return session ? closedPage(session) : returnFrom(intent, intent.status)
}

/** Back to the merchant with the outcome, as Stripe's own redirect has it. */
function returnFrom(intent: PaymentIntent | SetupIntent, status: string): Page | Redirect {
  const action = intent.next_action
  const returnUrl = action?.type === 'redirect_to_url' ? action.redirect_to_url.return_url : null
  if (returnUrl === null) {
    return noticePage(200, 'You can close this page', `The payment is now: ${status.replaceAll('_', ' ')}.`, null)
  }
  const location = new URL(returnUrl)
  location.searchParams.set(intent.object, intent.id)
  location.searchParams.set(`${intent.object}_client_secret`, intent.client_secret)
  location.searchParams.set('redirect_status', status === 'succeeded' ? 'succeeded' : 'failed')
  return { location: location.href }
}
