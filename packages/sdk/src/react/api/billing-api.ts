import type { CustomerRequest } from './customer-request.ts'
import { listMethods } from './lists.ts'
import { paymentMethodMethods } from './payment-methods.ts'
import { readingMethods } from './reading.ts'
import { writingMethods } from './writing.ts'

/**
 * One typed method for each thing that a customer token may do, for the customer of the provider. Everything it throws is a
 * FlorinError.
 */
export const createBillingApi = (asked: CustomerRequest) => ({
  ...readingMethods(asked),
  ...listMethods(asked),
  ...writingMethods(asked),
  ...paymentMethodMethods(asked),
})

export type BillingApi = ReturnType<typeof createBillingApi>
