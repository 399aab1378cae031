import { EMPTY_CARD, filledWith, readCard, typedCard } from './checkout-form.ts'
import { completeFreeSession, confirmSession, currentSession } from './checkout-lifecycle.ts'
import { checkoutPage } from './checkout-page.ts'
import type { Context } from './context.ts'
import { html } from './html.ts'
import { challengePath } from './intent-lifecycle.ts'
import type { CheckoutSession, PaymentIntent, SetupIntent } from './objects.ts'
import { noticePage, type Page } from './page-layout.ts'
import { addMethod } from './payment-methods.ts'

/** Where the browser goes next. */
export interface Redirect {
  readonly location: string
}

/** `GET /stripe-sandbox/checkout/:id` */
export function showCheckout(context: Context, id: string): Page {
  const session = currentSession(context, id)
  if (session?.status !== 'open') return closedPage(session)
  const failure = lastFailure(context, session)
  return checkoutPage(session, itemsOf(context, session), EMPTY_CARD, failure)
}

/** `POST /stripe-sandbox/checkout/:id`: fills in a test card, or confirms. A second confirmation changes nothing. */
export function submitCheckout(context: Context, id: string, form: URLSearchParams): Page | Redirect {
  const session = currentSession(context, id)
  if (session?.status === 'complete') return { location: session.success_url }
  if (session?.status !== 'open') return closedPage(session)
  const typed = typedCard(form)
  const items = itemsOf(context, session)
  const fill = form.get('fill')
  if (fill !== null) return checkoutPage(session, items, filledWith(fill, typed, context.now), null)
  if (session.amount_total === 0) return { location: completeFreeSession(context, session).success_url }
  const entry = readCard(typed, context.now)
  if ('message' in entry) return checkoutPage(session, items, typed, entry)
  const method = addMethod(context, entry, { name: typed.name, email: session.customer_email })
  const intent = confirmSession(context, session, method)
  if (intent.status === 'succeeded') return { location: session.success_url }
  if (intent.status === 'requires_action') return { location: challengePath(intent) }
  return checkoutPage(session, items, { ...EMPTY_CARD, name: typed.name }, failureOf(intent))
}

/** Why the last attempt failed, in the words of the bank. */
function lastFailure(context: Context, session: CheckoutSession) {
  const { paymentIntents, setupIntents } = context.store
  const intent = paymentIntents.get(session.payment_intent ?? '') ?? setupIntents.get(session.setup_intent ?? '')
  return intent ? failureOf(intent) : null
}

function failureOf(intent: PaymentIntent | SetupIntent) {
  const error = intent.object === 'payment_intent' ? intent.last_payment_error : intent.last_setup_error
  if (!error) return null
  const refused = error.code?.endsWith('authentication_failure')
  const message = refused
    ? 'Your bank could not confirm it is you, so the card was not accepted. Try again or use another card.'
    : `${error.message} Nothing was charged. Try another card.`
  return { field: null, message }
}

function itemsOf(context: Context, session: CheckoutSession) {
  return context.store.orders.get(session.id)?.lineItems ?? []
}

/** The page of a session that nothing can be done with any more, or that never was. */
export function closedPage(session: CheckoutSession | undefined): Page {
  if (!session) return noticePage(404, 'Checkout not found', 'There is no such checkout session.', null)
  const back = session.cancel_url === null ? null : html`<a href="${session.cancel_url}">Back</a>`
  if (session.status === 'expired') {
    return noticePage(410, 'This checkout has expired', 'Nothing was charged. Please start again.', back)
  }
  const text = session.mode === 'setup' ? 'Your card has been saved.' : 'Your payment was received.'
  return noticePage(200, 'This checkout is finished', text, html`<a href="${session.success_url}">Continue</a>`)
}
