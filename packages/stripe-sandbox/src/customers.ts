import { noSuch } from './api-error.ts'
import type { Context, Route } from './context.ts'
import { emit, previousOf } from './events.ts'
import { newId } from './ids.ts'
import { createdWithin, listParams, page } from './list.ts'
import { mergeMetadata, metadata } from './metadata.ts'
import type { Customer } from './objects.ts'
import { anything, clearable, object, type RawParams, readParams, text } from './params.ts'
import { attachMethod, detachMethod, findMethod } from './payment-methods.ts'

const fields = {
  address: clearable(anything),
  description: clearable(text()),
  email: clearable(text(512)),
  invoice_settings: object({ default_payment_method: clearable(text()) }),
  metadata,
  name: clearable(text(256)),
  phone: clearable(text(20)),
}

/** The customer that a parameter names. */
export function findCustomer(context: Context, id: string, param?: string): Customer {
  const customer = context.store.customers.get(id)
  if (!customer) throw noSuch('customer', id, param)
  return customer
}

/** Makes a customer without a request, as Checkout does. */
export function addCustomer(context: Context, given: Partial<Customer>): Customer {
  const customer: Customer = {
    id: newId('customer'),
    object: 'customer',
    address: null,
    balance: 0,
    created: context.now,
    currency: null,
    default_source: null,
    delinquent: false,
    description: null,
    email: null,
    invoice_settings: { default_payment_method: null },
    livemode: false,
    metadata: {},
    name: null,
    phone: null,
    shipping: null,
    ...given,
  }
  emit(context, 'customer.created', context.store.customers.put(customer))
  return customer
}

function createCustomer(context: Context, raw: RawParams): object {
  const params = readParams(raw, { ...fields, payment_method: text() })
  const { payment_method: methodId, invoice_settings: settings, ...given } = params
  const method = methodId === undefined ? undefined : findMethod(context, methodId, 'payment_method')
  const customer = addCustomer(context, { ...given, metadata: mergeMetadata({}, given.metadata) })
  if (method) attachMethod(context, method, customer.id)
  return settings ? update(context, customer, { invoice_settings: settings }) : customer
}

function updateCustomer(context: Context, raw: RawParams, id: string): object {
  const customer = findCustomer(context, id)
  return update(context, customer, readParams(raw, fields))
}

function update(context: Context, before: Customer, changes: ReturnType<typeof readFields>): Customer {
  const { invoice_settings: settings, metadata: pairs, ...rest } = changes
  const after = context.store.customers.put({
    ...before,
    ...rest,
    metadata: mergeMetadata(before.metadata, pairs),
    invoice_settings: settings ? defaultMethod(context, before, settings) : before.invoice_settings,
  })
  emit(context, 'customer.updated', after, previousOf(before, after))
  return after
}

/** Deletes for good: their payment methods go, payments stay, and the id names nobody any more. */
function deleteCustomer(context: Context, raw: RawParams, id: string): object {
  readParams(raw, {})
  const customer = findCustomer(context, id)
  for (const method of context.store.paymentMethods.newestFirst((each) => each.customer === id)) {
    detachMethod(context, method)
  }
  context.store.customers.delete(id)
  emit(context, 'customer.deleted', customer)
  return context.store.deletedCustomers.put({ id, object: 'customer', deleted: true })
}

function retrieveCustomer(context: Context, _params: RawParams, id: string): object {
  return context.store.deletedCustomers.get(id) ?? findCustomer(context, id)
}

function readFields(raw: RawParams) {
  return readParams(raw, fields)
}

function defaultMethod(
  context: Context,
  customer: Customer,
  settings: { readonly default_payment_method?: string | null },
): Customer['invoice_settings'] {
  const { default_payment_method: id } = settings
  if (id === undefined) return customer.invoice_settings
  if (id === null) return { default_payment_method: null }
  const method = context.store.paymentMethods.get(id)
  if (method?.customer === customer.id) return { default_payment_method: id }
  throw noSuch('PaymentMethod', id, 'invoice_settings[default_payment_method]')
}

function listCustomers(context: Context, raw: RawParams): object {
  const params = readParams(raw, { ...listParams, email: text() })
  const customers = context.store.customers.newestFirst(
    (customer) => (params.email === undefined || customer.email === params.email) && createdWithin(customer, params),
  )
  return page(customers, params, '/v1/customers', 'customer')
}

export const customerRoutes: readonly Route[] = [
  { method: 'POST', path: '/v1/customers', handler: createCustomer },
  { method: 'GET', path: '/v1/customers', handler: listCustomers },
  { method: 'GET', path: '/v1/customers/:id', handler: retrieveCustomer },
  { method: 'DELETE', path: '/v1/customers/:id', handler: deleteCustomer },
  { method: 'POST', path: '/v1/customers/:id', handler: updateCustomer },
]
