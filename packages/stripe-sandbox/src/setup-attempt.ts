import { docUrl } from './api-error.ts'
import { judgeSetup } from './cards.ts'
import type { Context } from './context.ts'
import { emit } from './events.ts'
import { challengePath } from './intent-lifecycle.ts'
import { mandateOf } from './mandates.ts'
import type { PaymentMethod } from './method-objects.ts'
import { methodBehind } from './methods-on-file.ts'
import type { ErrorDetails, SetupIntent } from './objects.ts'
import { attachMethod } from './payment-methods.ts'

/**
 * Tries to save a payment method for later payments: the intent ends as `succeeded`, as `requires_action` (the bank wants to ask
 * the customer), or as `requires_payment_method` with the reason in `last_setup_error`.
 */
export function attemptSetup(
  context: Context,
  intent: SetupIntent,
  method: PaymentMethod,
  attempt: { readonly authenticated?: boolean; readonly returnUrl?: string },
): SetupIntent {
  const { instrument } = methodBehind(context, method)
  if (instrument.type === 'sepa_debit') return succeed(context, intent, method)
  const verdict = judgeSetup(instrument, attempt.authenticated ?? false)
  if (verdict.kind === 'approved') return succeed(context, intent, method)
  if (verdict.kind !== 'declined') return challenge(context, intent, method, attempt.returnUrl ?? null)
  const { why } = verdict
  return fail(context, intent, { ...why, type: 'card_error', doc_url: docUrl(why.code), payment_method: method })
}

/** The customer failed, or refused, the bank's challenge. */
export function failSetupAuthentication(context: Context, intent: SetupIntent, method: PaymentMethod): SetupIntent {
  return fail(context, intent, {
    type: 'invalid_request_error',
    code: 'setup_intent_authentication_failure',
    doc_url: docUrl('setup_intent_authentication_failure'),
    message:
      'The latest attempt to set up the payment method has failed because authentication failed. You can provide a new PaymentMethod to attempt to fulfill this SetupIntent again.',
    payment_method: method,
  })
}

function succeed(context: Context, intent: SetupIntent, method: PaymentMethod): SetupIntent {
  const saved = intent.customer === null ? method : attachMethod(context, method, intent.customer)
  const mandate = mandateOf(context, saved)
  const { instrument: _instrument, ...onFile } = methodBehind(context, saved)
  context.store.cards.put({ ...onFile, setUp: true })
  const succeeded = context.store.setupIntents.put({
    ...intent,
    last_setup_error: null,
    mandate,
    next_action: null,
    payment_method: saved.id,
    status: 'succeeded',
  })
  emit(context, 'setup_intent.succeeded', succeeded)
  return succeeded
}

function fail(context: Context, intent: SetupIntent, error: ErrorDetails): SetupIntent {
  const failed = context.store.setupIntents.put({
    ...intent,
    last_setup_error: error,
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  })
  emit(context, 'setup_intent.setup_failed', failed)
  return failed
}

function challenge(
  context: Context,
  intent: SetupIntent,
  method: PaymentMethod,
  returnUrl: string | null,
): SetupIntent {
  const url = context.publicUrl + challengePath(intent)
  const waiting = context.store.setupIntents.put({
    ...intent,
    last_setup_error: null,
    next_action: { type: 'redirect_to_url', redirect_to_url: { url, return_url: returnUrl } },
    payment_method: method.id,
    status: 'requires_action',
  })
  emit(context, 'setup_intent.requires_action', waiting)
  return waiting
}
