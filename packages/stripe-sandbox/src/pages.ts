import { emptyForm, filledWith, readForm, type TypedForm, typedForm } from './checkout-form.ts'
import { completeFreeSession, confirmSession, currentSession, customerEmail } from './checkout-lifecycle.ts'
import { checkoutPage } from './checkout-page.ts'
import type { Context } from './context.ts'
import { html } from './html.ts'
import { challengePath } from './intent-lifecycle.ts'
import { addMethod } from './methods-on-file.ts'
import type { CheckoutSession, PaymentIntent, SetupIntent } from './objects.ts'
import { noticePage, type Page } from './page-layout.ts'

/** Where the browser goes next. */
export interface Redirect {
  readonly location: string
}

/** `GET /stripe-sandbox/checkout/:id` */
export function showCheckout(context: Context, id: string): Page {
  const session = currentSession(context, id)
  if (session?.status !== 'open') return closedPage(session)
  const failure = lastFailure(context, session)
  return checkoutPage(session, itemsOf(context, session), emptyOf(context, session), failure)
}

/** `POST /stripe-sandbox/checkout/:id`: fills in a test card, or confirms. A second confirmation changes nothing. */
export function submitCheckout(context: Context, id: string, form: URLSearchParams): Page | Redirect {
  const session = currentSession(context, id)
  if (session?.status === 'complete') return { location: session.success_url }
  if (session?.status !== 'open') return closedPage(session)
  const empty = emptyOf(context, session)
  const typed = typedForm(form, empty, session.payment_method_types)
  const items = itemsOf(context, session)
  const fill = form.get('fill')
  if (fill !== null) return checkoutPage(session, items, filledWith(fill, typed, context.now), null)
  if (session.amount_total === 0) return { location: completeFreeSession(context, session).success_url }
  const entry = readForm(typed, context.now)
  if ('message' in entry) return checkoutPage(session, items, typed, entry)
  const intent = confirmSession(context, session, addMethod(context, entry, detailsOf(session, typed)))
  if (intent.status === 'requires_action') return { location: challengePath(intent) }
  const failure = failureOf(intent)
  if (!failure) return { location: session.success_url }
  const { method, name, holder, email } = typed
  return checkoutPage(session, items, { ...empty, method, name, holder, email }, failure)
}

function emptyOf(context: Context, session: CheckoutSession): TypedForm {
  return emptyForm(session.payment_method_types, session.customer_email ?? customerEmail(context, session))
}

function detailsOf(session: CheckoutSession, typed: TypedForm) {
  if (typed.method === 'card') return { name: typed.name, email: session.customer_email }
  return { name: typed.holder, email: typed.email }
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
  const waits = session.payment_status === 'unpaid'
  const paid = waits ? 'Your bank has been asked for the payment and answers later.' : 'Your payment was received.'
  const text = session.mode === 'setup' ? 'Your payment method has been saved.' : paid
  return noticePage(200, 'This checkout is finished', text, html`<a href="${session.success_url}">Continue</a>`)
}
