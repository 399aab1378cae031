import { cardError, invalidRequest, missingParam, noSuch } from './api-error.ts'
import { accountOf } from './bank-accounts.ts'
import { cardInput, cardOf } from './card-input.ts'
import type { Context, Route } from './context.ts'
import { emit, previousOf } from './events.ts'
import { listParams, page } from './list.ts'
import { mergeMetadata, metadata } from './metadata.ts'
import type { PaymentMethod } from './method-objects.ts'
import { addMethod, type MethodEntry, methodBehind, methodOfName } from './methods-on-file.ts'
import { anything, clearable, integer, object, oneOf, type Params, type RawParams, readParams, text } from './params.ts'

/** The payment method of an id; a name like `pm_card_visa` makes a new one. */
export function findMethod(context: Context, id: string, param?: string): PaymentMethod {
  const method = methodOfName(context, id) ?? context.store.paymentMethods.get(id)
  if (!method) throw noSuch('PaymentMethod', id, param)
  return method
}

/** Saves a payment method to a customer. @throws 402 if the bank refuses the card; 400 if it may not be saved. */
export function attachMethod(context: Context, method: PaymentMethod, customer: string): PaymentMethod {
  if (method.customer === customer) return method
  const { instrument, spent } = methodBehind(context, method)
  if (method.customer !== null) {
    throw invalidRequest('The payment method you provided has already been attached to a customer.')
  }
  if (spent) throw spentMethod()
  if (instrument.attach) throw cardError(instrument.attach)
  const attached = context.store.paymentMethods.put({ ...method, customer })
  emit(context, 'payment_method.attached', attached)
  return attached
}

/** 400 for a payment method that was used once without belonging to a customer. */
export function spentMethod(): Error {
  return invalidRequest(
    'The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared with a connected account without Customer attachment, or was detached from a Customer. It may not be used again. To use a PaymentMethod multiple times, you must attach it to a Customer first.',
  )
}

const billingDetails = object({
  address: anything,
  email: clearable(text()),
  name: clearable(text()),
  phone: clearable(text()),
})

const createFields = {
  allow_redisplay: oneOf('always', 'limited', 'unspecified'),
  billing_details: billingDetails,
  card: cardInput,
  metadata,
  sepa_debit: object({ iban: text(40) }, ['iban']),
  type: oneOf('card', 'sepa_debit'),
}

function createMethod(context: Context, raw: RawParams): object {
  const params = readParams(raw, createFields, ['type'])
  const method = addMethod(context, entryOf(context, params), params.billing_details)
  return context.store.paymentMethods.put({
    ...method,
    allow_redisplay: params.allow_redisplay ?? method.allow_redisplay,
    metadata: mergeMetadata({}, params.metadata),
  })
}

/** The card, or the account with an owner, who must be known to be debited. */
function entryOf(context: Context, params: Params<typeof createFields, 'type'>): MethodEntry {
  const { card, sepa_debit: debit, billing_details: details } = params
  if (params.type === 'card') {
    if (!card) throw missingParam('card')
    return cardOf(card, context.now)
  }
  if (!debit) throw missingParam('sepa_debit')
  for (const field of ['name', 'email'] as const) {
    if (!details?.[field]) throw missingParam(`billing_details[${field}]`)
  }
  return { account: accountOf(debit.iban) }
}

function updateMethod(context: Context, raw: RawParams, id: string): object {
  const shape = {
    allow_redisplay: createFields.allow_redisplay,
    billing_details: billingDetails,
    card: object({ exp_month: integer({ min: 1, max: 12 }), exp_year: integer() }),
    metadata,
  }
  const params = readParams(raw, shape)
  const before = findMethod(context, id)
  if (before.customer === null) {
    throw invalidRequest('You must save this PaymentMethod to a customer before you can update it.')
  }
  if (params.card && before.type !== 'card') throw invalidRequest('This PaymentMethod has no card.', { param: 'card' })
  const after = context.store.paymentMethods.put({
    ...before,
    ...(before.type === 'card' && { card: { ...before.card, ...params.card } }),
    allow_redisplay: params.allow_redisplay ?? before.allow_redisplay,
    billing_details: { ...before.billing_details, ...params.billing_details },
    metadata: mergeMetadata(before.metadata, params.metadata),
  })
  emit(context, 'payment_method.updated', after, previousOf(before, after))
  return after
}

function attach(context: Context, raw: RawParams, id: string): object {
  const params = readParams(raw, { customer: text() }, ['customer'])
  if (!context.store.customers.get(params.customer)) throw noSuch('customer', params.customer, 'customer')
  return attachMethod(context, findMethod(context, id), params.customer)
}

function detach(context: Context, raw: RawParams, id: string): object {
  readParams(raw, {})
  return detachMethod(context, findMethod(context, id))
}

/** Takes a payment method from its customer, for good. */
export function detachMethod(context: Context, method: PaymentMethod): PaymentMethod {
  if (method.customer === null) {
    throw invalidRequest('The payment method you provided is not attached to a customer so detachment is impossible.')
  }
  const detached = context.store.paymentMethods.put({ ...method, customer: null })
  const { instrument: _instrument, ...onFile } = methodBehind(context, method)
  context.store.cards.put({ ...onFile, spent: true })
  forgetDefault(context, method)
  emit(context, 'payment_method.detached', detached, { customer: method.customer })
  return detached
}

/** A detached method can't stay the customer's default. */
function forgetDefault(context: Context, method: PaymentMethod): void {
  const customer = method.customer === null ? undefined : context.store.customers.get(method.customer)
  if (customer?.invoice_settings.default_payment_method !== method.id) return
  context.store.customers.put({ ...customer, invoice_settings: { default_payment_method: null } })
}

function listMethods(context: Context, customer: string, raw: RawParams, url: string): object {
  const params = readParams(raw, { ...listParams, type: oneOf('card', 'sepa_debit'), customer: text() })
  const methods = context.store.paymentMethods.newestFirst(
    (method) => method.customer === customer && (params.type ?? method.type) === method.type,
  )
  return page(methods, params, url, 'PaymentMethod')
}

function listByParam(context: Context, raw: RawParams): object {
  const { customer } = readParams({ customer: raw.customer }, { customer: text() }, ['customer'])
  return listMethods(context, customer, raw, '/v1/payment_methods')
}

function listOfCustomer(context: Context, raw: RawParams, id: string): object {
  if (!context.store.customers.get(id)) throw noSuch('customer', id)
  return listMethods(context, id, raw, `/v1/customers/${id}/payment_methods`)
}

export const paymentMethodRoutes: readonly Route[] = [
  { method: 'POST', path: '/v1/payment_methods', handler: createMethod },
  { method: 'GET', path: '/v1/payment_methods', handler: listByParam },
  { method: 'GET', path: '/v1/payment_methods/:id', handler: (context, _params, id) => findMethod(context, id) },
  { method: 'POST', path: '/v1/payment_methods/:id', handler: updateMethod },
  { method: 'POST', path: '/v1/payment_methods/:id/attach', handler: attach },
  { method: 'POST', path: '/v1/payment_methods/:id/detach', handler: detach },
  { method: 'GET', path: '/v1/customers/:id/payment_methods', handler: listOfCustomer },
]
