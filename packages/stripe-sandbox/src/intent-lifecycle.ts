import type { Context } from './context.ts'
import { emit } from './events.ts'
import { newId, randomText } from './ids.ts'
import { methodTypes } from './method-types.ts'
import type { PaymentIntent, SetupIntent } from './objects.ts'

/** Where the bank asks the customer; the client secret shows that the visitor may answer. */
export function challengePath(intent: { readonly id: string; readonly client_secret: string }): string {
  return `/stripe-sandbox/challenge/${intent.id}?client_secret=${intent.client_secret}`
}

/** Makes an intent that nobody has tried to pay yet. */
export function addPaymentIntent(
  context: Context,
  given: Pick<PaymentIntent, 'amount' | 'currency'> & Partial<PaymentIntent>,
): PaymentIntent {
  const id = newId('paymentIntent')
  const intent: PaymentIntent = {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount_capturable: 0,
    amount_received: 0,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic_async',
    client_secret: `${id}_secret_${randomText(25)}`,
    confirmation_method: 'automatic',
    created: context.now,
    customer: null,
    description: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    metadata: {},
    next_action: null,
    payment_method: null,
    payment_method_types: methodTypes(given.allowed_payment_method_types, given.currency),
    processing: null,
    receipt_email: null,
    setup_future_usage: null,
    shipping: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: given.payment_method ? 'requires_confirmation' : 'requires_payment_method',
    ...given,
  }
  emit(context, 'payment_intent.created', context.store.paymentIntents.put(intent))
  return intent
}

/** Ends an intent that nobody will pay any more. */
export function cancelPaymentIntent(context: Context, intent: PaymentIntent, reason: string | null): PaymentIntent {
  const canceled = context.store.paymentIntents.put({
    ...intent,
    canceled_at: context.now,
    cancellation_reason: reason,
    next_action: null,
    status: 'canceled',
  })
  emit(context, 'payment_intent.canceled', canceled)
  return canceled
}

/** Makes an intent to save a payment method. */
export function addSetupIntent(context: Context, given: Partial<SetupIntent>): SetupIntent {
  const id = newId('setupIntent')
  const intent: SetupIntent = {
    id,
    object: 'setup_intent',
    allowed_payment_method_types: null,
    cancellation_reason: null,
    client_secret: `${id}_secret_${randomText(25)}`,
    created: context.now,
    customer: null,
    description: null,
    last_setup_error: null,
    latest_attempt: null,
    livemode: false,
    mandate: null,
    metadata: {},
    next_action: null,
    payment_method: null,
    payment_method_types: methodTypes(given.allowed_payment_method_types, null),
    status: given.payment_method ? 'requires_confirmation' : 'requires_payment_method',
    usage: 'off_session',
    ...given,
  }
  emit(context, 'setup_intent.created', context.store.setupIntents.put(intent))
  return intent
}

/** Ends a setup that nobody will finish any more. */
export function cancelSetupIntent(context: Context, intent: SetupIntent, reason: string | null): SetupIntent {
  const canceled = context.store.setupIntents.put({
    ...intent,
    cancellation_reason: reason,
    next_action: null,
    status: 'canceled',
  })
  emit(context, 'setup_intent.canceled', canceled)
  return canceled
}
