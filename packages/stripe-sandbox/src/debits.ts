import { docUrl } from './api-error.ts'
import type { TestAccount } from './bank-accounts.ts'
import { announceCharge, chargeOf } from './charges.ts'
import type { Context } from './context.ts'
import { emit } from './events.ts'
import { mandateOf } from './mandates.ts'
import type { PaymentMethod } from './method-objects.ts'
import type { Charge, ErrorDetails, PaymentIntent } from './objects.ts'

/** What Stripe calls "at least three minutes". */
const SLOW_SECONDS = 180

/** Sends a debit to the bank, which answers later: the intent is `processing` until then. */
export function startDebit(
  context: Context,
  intent: PaymentIntent,
  method: PaymentMethod,
  account: TestAccount,
): PaymentIntent {
  const mandate = mandateOf(context, method)
  const charge = context.store.charges.put(chargeOf(context, intent, method, { status: 'pending', mandate }))
  const due = context.now + (account.slow ? SLOW_SECONDS : context.debitSeconds)
  context.store.debitsToCome.put({ id: charge.id, due })
  const processing = context.store.paymentIntents.put({
    ...intent,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    payment_method: method.id,
    status: 'processing',
  })
  emit(context, 'payment_intent.processing', processing)
  emit(context, 'charge.pending', charge)
  return processing
}

/** The bank has answered: the money is there, or it isn't and the customer needs another way to pay. */
export function settleDebit(context: Context, pending: Charge, account: TestAccount): PaymentIntent {
  const intent = context.store.paymentIntents.get(pending.payment_intent) as PaymentIntent
  const method = context.store.paymentMethods.get(pending.payment_method) as PaymentMethod
  const { debit: why, dispute } = account
  const mandate = mandateOf(context, method)
  const status = why ? 'failed' : 'succeeded'
  const outcome = chargeOf(context, intent, method, { status, why, mandate })
  const charge = context.store.charges.put({ ...outcome, id: pending.id, created: pending.created })
  announceCharge(context, charge)
  if (dispute !== 'never') context.store.disputesToCome.put({ id: charge.id })
  const settled = context.store.paymentIntents.put(
    why
      ? { ...intent, ...failure(charge, method), status: 'requires_payment_method' }
      : { ...intent, amount_received: intent.amount, status: 'succeeded' },
  )
  emit(context, why ? 'payment_intent.payment_failed' : 'payment_intent.succeeded', settled)
  return settled
}

function failure(charge: Charge, method: PaymentMethod) {
  const code = charge.failure_code ?? ''
  const last_payment_error: ErrorDetails = {
    type: 'invalid_request_error',
    code,
    doc_url: docUrl(code),
    message: charge.failure_message ?? '',
    charge: charge.id,
    payment_method: method,
  }
  return { last_payment_error, payment_method: null }
}
