import { createHash } from 'node:crypto'
import { cardError, invalidRequest, noSuch } from './api-error.ts'
import { type CardEntry, cardInput, cardOf, expiryAfter } from './card-input.ts'
import { cardByName, cardByNumber, type TestCard } from './cards.ts'
import type { Context, Route } from './context.ts'
import { emit } from './events.ts'
import { newId } from './ids.ts'
import { listParams, page } from './list.ts'
import { mergeMetadata, metadata } from './metadata.ts'
import type { BillingDetails, PaymentMethod } from './objects.ts'
import { anything, clearable, object, oneOf, type RawParams, readParams, text } from './params.ts'
import type { CardOnFile } from './store.ts'

const NO_DETAILS: BillingDetails = { address: null, email: null, name: null, phone: null }

/** Makes a payment method that belongs to nobody yet. */
export function addMethod(context: Context, entry: CardEntry, details: Partial<BillingDetails> = {}): PaymentMethod {
  const { card } = entry
  const method: PaymentMethod = {
    id: newId('paymentMethod'),
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: { ...NO_DETAILS, ...details },
    card: {
      brand: card.brand,
      checks: { cvc_check: 'pass' },
      country: 'US',
      display_brand: card.brand,
      exp_month: entry.expMonth,
      exp_year: entry.expYear,
      fingerprint: fingerprintOf(card),
      funding: 'credit',
      last4: card.number.slice(-4),
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: context.now,
    customer: null,
    livemode: false,
    metadata: {},
    type: 'card',
  }
  context.store.cards.put({ id: method.id, number: card.number, setUp: false, spent: false })
  return context.store.paymentMethods.put(method)
}

/** The payment method of an id; a name like `pm_card_visa` makes a new one. */
export function findMethod(context: Context, id: string, param?: string): PaymentMethod {
  const card = cardByName(id)
  if (card) return addMethod(context, { card, ...expiryAfter(context.now) })
  const method = context.store.paymentMethods.get(id)
  if (!method) throw noSuch('PaymentMethod', id, param)
  return method
}

/** The card behind a payment method, and what the bank remembers of it. */
export function cardBehind(context: Context, method: PaymentMethod): CardOnFile & { readonly card: TestCard } {
  const onFile = context.store.cards.get(method.id)
  const card = onFile && cardByNumber(onFile.number)
  if (!onFile || !card) throw new Error(`payment method without a card: ${method.id}`)
  return { ...onFile, card }
}

/** Saves a payment method to a customer. @throws 402 if the bank refuses the card; 400 if it may not be saved. */
export function attachMethod(context: Context, method: PaymentMethod, customer: string): PaymentMethod {
  if (method.customer === customer) return method
  const { card, spent } = cardBehind(context, method)
  if (method.customer !== null) {
    throw invalidRequest('The payment method you provided has already been attached to a customer.')
  }
  if (spent) throw spentMethod()
  if (card.attach) throw cardError(card.attach)
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

function createMethod(context: Context, raw: RawParams): object {
  const shape = {
    type: oneOf('card'),
    card: cardInput,
    billing_details: object({
      address: anything,
      email: clearable(text()),
      name: clearable(text()),
      phone: clearable(text()),
    }),
    metadata,
  }
  const params = readParams(raw, shape, ['type', 'card'])
  const method = addMethod(context, cardOf(params.card, context.now), params.billing_details)
  return context.store.paymentMethods.put({ ...method, metadata: mergeMetadata({}, params.metadata) })
}

function attach(context: Context, raw: RawParams, id: string): object {
  const params = readParams(raw, { customer: text() }, ['customer'])
  if (!context.store.customers.get(params.customer)) throw noSuch('customer', params.customer, 'customer')
  return attachMethod(context, findMethod(context, id), params.customer)
}

function detach(context: Context, raw: RawParams, id: string): object {
  readParams(raw, {})
  const method = findMethod(context, id)
  if (method.customer === null) {
    throw invalidRequest('The payment method you provided is not attached to a customer so detachment is impossible.')
  }
  const detached = context.store.paymentMethods.put({ ...method, customer: null })
  const { card: _card, ...onFile } = cardBehind(context, method)
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
  const params = readParams(raw, { ...listParams, type: oneOf('card'), customer: text() })
  const methods = context.store.paymentMethods.newestFirst((method) => method.customer === customer)
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

/** The same card has the same fingerprint on every payment method, as at Stripe. */
function fingerprintOf(card: TestCard): string {
  return createHash('sha256').update(card.number).digest('hex').slice(0, 16)
}

export const paymentMethodRoutes: readonly Route[] = [
  { method: 'POST', path: '/v1/payment_methods', handler: createMethod },
  { method: 'GET', path: '/v1/payment_methods', handler: listByParam },
  { method: 'GET', path: '/v1/payment_methods/:id', handler: (context, _params, id) => findMethod(context, id) },
  { method: 'POST', path: '/v1/payment_methods/:id/attach', handler: attach },
  { method: 'POST', path: '/v1/payment_methods/:id/detach', handler: detach },
  { method: 'GET', path: '/v1/customers/:id/payment_methods', handler: listOfCustomer },
]
