import Stripe from 'stripe'
import { inputHash } from '../../platform/command.ts'
import {
  askAnew,
  disbelieved,
  expectObject,
  idOf,
  isMissing,
  type Marked,
  metadataOf,
  REFERENCE,
  wrongFields,
} from './provider-calls.ts'
import { methodOf, type ProviderMethod } from './provider-checkouts.ts'

export interface CustomerDetails {
  readonly reference: string
  readonly name: string | null
  readonly email: string | null
}

const LONGEST_NAME = 256
const LONGEST_EMAIL = 512

function paramsOf({ name, email }: CustomerDetails) {
  return {
    ...(email && email.length <= LONGEST_EMAIL ? { email } : {}),
    ...(name ? { name: name.slice(0, LONGEST_NAME) } : {}),
  }
}

/** Names and addresses change: they are a part of the key, so that a repetition never meets other parameters. */
export async function createCustomer(stripe: Stripe, details: CustomerDetails & Marked): Promise<string> {
  const { reference } = details
  const params = { ...paramsOf(details), metadata: metadataOf(details) }
  const key = `florin_customer_${reference}_${inputHash(params).slice(0, 12)}`
  const created = expectObject(
    await askAnew(key, (idempotencyKey) => stripe.customers.create(params, { idempotencyKey })),
    'customer',
  )
  const wrong = wrongFields({
    id: [typeof created.id, 'string'],
    metadata: [created.metadata?.[REFERENCE], reference],
  })
  if (wrong.length > 0) throw disbelieved('customer', wrong)
  return created.id
}

/** Passes on what the customer is called by now. Answers whether the provider still has them. */
export async function updateCustomer(stripe: Stripe, id: string, details: CustomerDetails): Promise<boolean> {
  return unlessMissing(async () => expectObject(await stripe.customers.update(id, paramsOf(details)), 'customer'))
}

/** Whether the provider still has a customer. */
export async function hasCustomer(stripe: Stripe, id: string): Promise<boolean> {
  let deleted = false
  const found = await unlessMissing(async () => {
    const customer = expectObject(await stripe.customers.retrieve(id), 'customer')
    deleted = customer.deleted === true
  })
  return found && !deleted
}

/** A method as it is saved by now, and for whom; null: the provider does not know it. */
export async function readMethod(
  stripe: Stripe,
  id: string,
): Promise<{ readonly method: ProviderMethod | null; readonly customer: string | null } | null> {
  try {
    const found = expectObject(await stripe.paymentMethods.retrieve(id), 'payment_method')
    if (found.id !== id) throw disbelieved('payment_method', ['id'])
    return { method: methodOf(found), customer: idOf(found.customer) }
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** Makes the provider forget a method. One that it has forgotten already is no failure. */
export async function detachMethod(stripe: Stripe, id: string): Promise<void> {
  try {
    expectObject(await stripe.paymentMethods.detach(id), 'payment_method')
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error
  }
}

async function unlessMissing(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call()
    return true
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}
