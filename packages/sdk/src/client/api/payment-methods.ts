import * as operations from '../../generated/operations.ts'
import type { Request } from '../transport.ts'

export const savedMethods = (request: Request) => ({
  /** What the customer may be charged with, the default first, then the newest. */
  paymentMethods: async (customerId: string) =>
    (await request(operations.PaymentMethodsDocument, { customerId })).paymentMethods,

  /** A checkout session whose page saves a payment method and charges nothing. */
  addPaymentMethod: async (input: operations.AddPaymentMethodInput) =>
    (await request(operations.AddPaymentMethodDocument, { input })).addPaymentMethod,

  /** Charges renewals and top-ups to this one from now on; an unpaid invoice of a subscription is tried with it at once. */
  setDefaultPaymentMethod: async (input: operations.SetDefaultPaymentMethodMutationVariables) =>
    (await request(operations.SetDefaultPaymentMethodDocument, input)).setDefaultPaymentMethod,

  /** Of the others the newest becomes the default if it was that. CONFLICT while it is being charged. */
  removePaymentMethod: async (input: operations.RemovePaymentMethodMutationVariables) =>
    (await request(operations.RemovePaymentMethodDocument, input)).removePaymentMethod,

  /** What customers of the project may pay with: CARD alone unless it is set; SEPA_DEBIT serves EUR. */
  setPaymentMethodTypes: async (types: operations.PaymentMethodType[]) =>
    (await request(operations.SetPaymentMethodTypesDocument, { types })).setPaymentMethodTypes,
})
