import * as operations from '../../generated/operations.ts'
import type { CustomerRequest, Own } from './customer-request.ts'

export const paymentMethodMethods = ({ request, customerId, intend, leadBack }: CustomerRequest) => ({
  /** A session whose page saves a payment method and charges nothing; `openCheckout({ paymentMethod: 'new' })` shows it. */
  addPaymentMethod: async ({
    checkout = leadBack(),
    ...input
  }: Omit<Own<operations.AddPaymentMethodInput>, 'checkout'> & { checkout?: operations.CheckoutUrlsInput } = {}) =>
    (await intend(operations.AddPaymentMethodDocument, { ...input, checkout, customerId: await customerId() }))
      .addPaymentMethod,

  /** Renewals and top-ups are charged to it from now on. Answers all that are left. */
  setDefaultPaymentMethod: async (paymentMethodId: string) =>
    (await request(operations.SetDefaultPaymentMethodDocument, { customerId: await customerId(), paymentMethodId }))
      .setDefaultPaymentMethod,

  /** Forgets a payment method. Answers all that are left. */
  removePaymentMethod: async (paymentMethodId: string) =>
    (await request(operations.RemovePaymentMethodDocument, { customerId: await customerId(), paymentMethodId }))
      .removePaymentMethod,
})
