import type { Context, Route } from './context.ts'
import { findCustomer } from './customers.ts'
import { checkAmount, refuseForSession, unexpectedState, usableMethod } from './intent-rules.ts'
import { mergeMetadata, metadata } from './metadata.ts'
import { allowedTypes, checkType, methodTypes } from './method-types.ts'
import { currencyCode } from './money.ts'
import type { PaymentIntent } from './objects.ts'
import { clearable, integer, oneOf, type Params, type RawParams, readParams, text } from './params.ts'
import { findPaymentIntent } from './payment-intents.ts'
import { shipping } from './shipping.ts'

/** What may change at any time. */
const LATE_FIELDS = { description: clearable(text(1000)), metadata }

const fields = {
  ...LATE_FIELDS,
  allowed_payment_method_types: allowedTypes,
  amount: integer({ min: 0 }),
  currency: currencyCode,
  customer: text(),
  payment_method: clearable(text()),
  receipt_email: clearable(text(800)),
  setup_future_usage: clearable(oneOf('on_session', 'off_session')),
  shipping: clearable(shipping),
  statement_descriptor: text(22),
  statement_descriptor_suffix: text(22),
}

const OPEN = ['requires_payment_method', 'requires_confirmation', 'requires_action']

/** `POST /v1/payment_intents/:id`. Stripe has no event for it. */
function updateIntent(context: Context, raw: RawParams, id: string): object {
  const params = readParams(raw, fields)
  const intent = findPaymentIntent(context, id)
  const early = Object.keys(params).find((name) => !Object.hasOwn(LATE_FIELDS, name))
  if (early !== undefined) checkOpen(context, intent, early)
  const { metadata: pairs, ...rest } = params
  const changed = { ...intent, ...rest, metadata: mergeMetadata(intent.metadata, pairs) }
  if (early === undefined) return context.store.paymentIntents.put(changed)
  checkAmount(changed.amount, changed.currency)
  if (params.customer !== undefined) findCustomer(context, params.customer, 'customer')
  const types = methodTypes(changed.allowed_payment_method_types, changed.currency)
  return context.store.paymentIntents.put({
    ...changed,
    payment_method_types: types,
    ...methodAfter(context, { ...changed, payment_method_types: types }, params),
  })
}

function checkOpen(context: Context, intent: PaymentIntent, name: string): void {
  refuseForSession(context, intent)
  if (OPEN.includes(intent.status)) return
  throw unexpectedState(
    intent,
    `This PaymentIntent's ${name} could not be updated because it has a status of ${intent.status}. You may only update the ${name} of a PaymentIntent with one of the following statuses: ${OPEN.join(', ')}.`,
  )
}

/** Another method, customer or amount ends what was begun: the customer confirms anew. */
function methodAfter(context: Context, intent: PaymentIntent, params: Params<typeof fields>) {
  const method = intent.payment_method === null ? null : usableMethod(context, intent.payment_method, intent.customer)
  if (method) checkType(intent, method)
  const before = intent.status
  const status = method ? 'requires_confirmation' : 'requires_payment_method'
  const begins = params.payment_method !== undefined || before !== 'requires_action' || params.amount !== undefined
  return begins
    ? ({ next_action: null, payment_method: method?.id ?? null, status } as const)
    : { payment_method: method?.id ?? null }
}

export const paymentIntentUpdateRoutes: readonly Route[] = [
  { method: 'POST', path: '/v1/payment_intents/:id', handler: updateIntent },
]
