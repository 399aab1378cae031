import type { CheckoutPage, CheckoutUrls } from '../../checkout/checkout.ts'
import type { Document } from '../../client/document.ts'
import type { CustomerRequest } from './customer-request.ts'

interface AddPaymentMethodInput {
  customerId: string
  checkout: CheckoutUrls
  idempotencyKey?: string
}

const ADD_PAYMENT_METHOD = `mutation AddPaymentMethod($input: AddPaymentMethodInput!) {
  addPaymentMethod(input: $input) { token url }
}` as Document<{ addPaymentMethod: CheckoutPage }, { input: AddPaymentMethodInput }>

/** A session whose page saves a payment method and charges nothing. */
export async function addPaymentMethod(
  { intend, customerId }: CustomerRequest,
  checkout: CheckoutUrls,
): Promise<CheckoutPage> {
  return (await intend(ADD_PAYMENT_METHOD, { customerId: await customerId(), checkout })).addPaymentMethod
}
