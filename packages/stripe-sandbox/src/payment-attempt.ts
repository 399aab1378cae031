import { docUrl } from './api-error.ts'
import { judgeCharge } from './cards.ts'
import { addCharge } from './charges.ts'
import type { Context } from './context.ts'
import { startDebit } from './debits.ts'
import { DECLINES, type Decline } from './declines.ts'
import { emit } from './events.ts'
import { challengePath } from './intent-lifecycle.ts'
import type { PaymentMethod } from './method-objects.ts'
import { methodBehind } from './methods-on-file.ts'
import type { ErrorDetails, PaymentIntent } from './objects.ts'
import { attachMethod } from './payment-methods.ts'

export interface Attempt {
  /** The customer isn't there to be asked by the bank. */
  readonly offSession?: boolean
  /** The customer has just passed the bank's challenge. */
  readonly authenticated?: boolean
  /** A challenge counts as a decline. */
  readonly failOnChallenge?: boolean
  /** Where the challenge takes place, and where it leads afterwards. */
  readonly returnUrl?: string
}

/**
 * Tries to pay an intent: it ends as `succeeded`, as `processing` (a bank answers later), as `requires_action` (the bank
 * wants to ask the customer), or as `requires_payment_method` with the reason in `last_payment_error`.
 */
export function attemptPayment(
  context: Context,
  intent: PaymentIntent,
  method: PaymentMethod,
  attempt: Attempt,
): PaymentIntent {
  const { instrument, setUp } = methodBehind(context, method)
  if (instrument.type === 'sepa_debit') return startDebit(context, intent, keep(context, intent, method), instrument)
  const { offSession = false, authenticated = false } = attempt
  const verdict = judgeCharge(instrument, { offSession, authenticated, setUp })
  if (verdict.kind === 'approved') return settle(context, intent, method, authenticated)
  if (verdict.kind === 'declined') return decline(context, intent, method, verdict.why)
  if (attempt.failOnChallenge) return decline(context, intent, method, DECLINES.authenticationRequired)
  return challenge(context, intent, method, attempt.returnUrl)
}

/** The customer failed, or refused, the bank's challenge. */
export function failAuthentication(context: Context, intent: PaymentIntent, method: PaymentMethod): PaymentIntent {
  return fail(context, intent, intent.latest_charge, {
    type: 'invalid_request_error',
    code: 'payment_intent_authentication_failure',
    doc_url: docUrl('payment_intent_authentication_failure'),
    message:
      'The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new PaymentMethod to attempt to fulfill this PaymentIntent again.',
    payment_method: method,
  })
}

function settle(context: Context, intent: PaymentIntent, method: PaymentMethod, authenticated: boolean): PaymentIntent {
  const used = keep(context, intent, method)
  const { instrument, ...onFile } = methodBehind(context, used)
  const setUp = onFile.setUp || (authenticated && intent.setup_future_usage === 'off_session')
  context.store.cards.put({ ...onFile, setUp })
  const charge = addCharge(context, intent, used, null)
  if (instrument.dispute !== 'never') context.store.disputesToCome.put({ id: charge.id })
  const succeeded = context.store.paymentIntents.put({
    ...intent,
    amount_received: intent.amount,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    payment_method: used.id,
    status: 'succeeded',
  })
  emit(context, 'payment_intent.succeeded', succeeded)
  return succeeded
}

/** Saves the method to the customer if the intent says so; one that belongs to nobody is used up. */
function keep(context: Context, intent: PaymentIntent, method: PaymentMethod): PaymentMethod {
  const kept = intent.setup_future_usage !== null && intent.customer !== null
  const used = kept ? attachMethod(context, method, intent.customer as string) : method
  const { instrument: _instrument, ...onFile } = methodBehind(context, used)
  context.store.cards.put({ ...onFile, spent: used.customer === null })
  return used
}

function decline(context: Context, intent: PaymentIntent, method: PaymentMethod, why: Decline): PaymentIntent {
  const charge = addCharge(context, intent, method, why)
  const error: ErrorDetails = {
    ...why,
    type: 'card_error',
    charge: charge.id,
    doc_url: docUrl(why.code),
    payment_method: method,
  }
  return fail(context, intent, charge.id, error)
}

function fail(
  context: Context,
  intent: PaymentIntent,
  latestCharge: string | null,
  error: ErrorDetails,
): PaymentIntent {
  const failed = context.store.paymentIntents.put({
    ...intent,
    last_payment_error: error,
    latest_charge: latestCharge,
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  })
  emit(context, 'payment_intent.payment_failed', failed)
  return failed
}

function challenge(
  context: Context,
  intent: PaymentIntent,
  method: PaymentMethod,
  returnUrl: string | undefined,
): PaymentIntent {
  const url = context.publicUrl + challengePath(intent)
  const waiting = context.store.paymentIntents.put({
    ...intent,
    last_payment_error: null,
    next_action:
      returnUrl === undefined
        ? { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'three_d_secure_redirect', stripe_js: url } }
        : { type: 'redirect_to_url', redirect_to_url: { url, return_url: returnUrl } },
    payment_method: method.id,
    status: 'requires_action',
  })
  emit(context, 'payment_intent.requires_action', waiting)
  return waiting
}
