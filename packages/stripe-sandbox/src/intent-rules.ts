import { invalidRequest, stateConflict } from './api-error.ts'
import { sessionOfIntent } from './checkout-lifecycle.ts'
import type { Context } from './context.ts'
import type { PaymentMethod } from './method-objects.ts'
import { methodBehind } from './methods-on-file.ts'
import { formatMoney, MAX_AMOUNT, minAmount } from './money.ts'
import type { PaymentIntent } from './objects.ts'
import { findMethod, spentMethod } from './payment-methods.ts'

export function checkAmount(amount: number, currency: string): void {
  const min = minAmount(currency)
  if (amount < min) {
    const message = `Amount must be at least ${formatMoney(min, currency)} ${currency}`
    throw invalidRequest(message, { code: 'amount_too_small', param: 'amount' })
  }
  if (amount > MAX_AMOUNT) {
    const message = `Amount must be no more than ${formatMoney(MAX_AMOUNT, currency)} ${currency}`
    throw invalidRequest(message, { code: 'amount_too_large', param: 'amount' })
  }
}

/** Some parameters only mean something in a request that confirms. */
export function checkNeedsConfirm(params: object): void {
  for (const param of ['off_session', 'return_url', 'error_on_requires_action']) {
    if (!(param in params)) continue
    throw invalidRequest(`You can only provide \`${param}\` when \`confirm\` is set to true.`, { param })
  }
}

interface MethodChoice {
  readonly allowed_payment_method_types?: readonly string[] | null
  readonly automatic_payment_methods?: { readonly allow_redirects?: string } | null
  readonly return_url?: string
}

/** With dynamic methods the customer may be redirected, so a confirmation must say where to. */
export function checkRedirects(choice: MethodChoice): void {
  if (choice.return_url !== undefined || choice.allowed_payment_method_types) return
  if (choice.automatic_payment_methods?.allow_redirects === 'never') return
  throw invalidRequest(
    "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`. If you don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.",
  )
}

/** A method may be used with the customer it belongs to; one that belongs to nobody, once. */
export function usableMethod(context: Context, id: string, customer: string | null): PaymentMethod {
  const method = findMethod(context, id, 'payment_method')
  if (method.customer !== null && method.customer !== customer) {
    throw invalidRequest(
      customer === null
        ? 'The payment method you provided is attached to a customer so for security purposes you must provide the customer in the request.'
        : 'The payment method supplied does not belong to the supplied customer.',
      { param: 'payment_method' },
    )
  }
  if (methodBehind(context, method).spent) throw spentMethod()
  return method
}

export function missingMethod(): Error {
  const message =
    "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken."
  return invalidRequest(message, { code: 'payment_intent_unexpected_state' })
}

export function unexpectedState(intent: PaymentIntent, message: string): Error {
  return stateConflict(message, { code: 'payment_intent_unexpected_state', payment_intent: intent })
}

/** A session's intent is paid on the session's page and ends with the session. */
export function refuseForSession(context: Context, intent: PaymentIntent): void {
  const session = sessionOfIntent(context, intent.id)
  if (!session) return
  const message = `You cannot confirm or cancel this PaymentIntent because it was created by a Checkout Session. Expire the session '${session.id}' instead.`
  throw unexpectedState(intent, message)
}
