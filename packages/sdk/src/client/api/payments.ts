import * as operations from '../../generated/operations.ts'
import type { Request } from '../transport.ts'

export const paymentMethods = (request: Request) => ({
  /** Newest first, at most 100 a page, with what went back of each. Amounts are in the payment's `currency`. */
  payments: async (input: operations.PaymentsQueryVariables) =>
    (await request(operations.PaymentsDocument, input)).payments,

  /**
   * Gives back `amount` of a payment, or all that is left of it, to the customer's bank. Credits that it had bought are taken
   * back in proportion; what was spent of them is a debt, which the next credits that are paid for settle. PENDING: the bank
   * takes its time, and nothing has changed yet. FAILED: the provider refused, see `failure`. All refunds of a payment together
   * never pass it: INVALID_INPUT on `amount`, or CONFLICT when nothing is left or a dispute is open.
   */
  refundPayment: async (input: operations.RefundPaymentInput) =>
    (await request(operations.RefundPaymentDocument, { input })).refundPayment,

  /** What the customer has on file, the default first. */
  paymentMethods: async (customerId: string) =>
    (await request(operations.PaymentMethodsDocument, { customerId })).paymentMethods,

  /** A checkout session whose page saves a payment method and charges nothing. */
  addPaymentMethod: async (input: operations.AddPaymentMethodInput) =>
    (await request(operations.AddPaymentMethodDocument, { input })).addPaymentMethod,

  /** Renewals and top-ups are charged to it from now on. Answers all that are left. */
  setDefaultPaymentMethod: async (input: operations.SetDefaultPaymentMethodMutationVariables) =>
    (await request(operations.SetDefaultPaymentMethodDocument, input)).setDefaultPaymentMethod,

  /** Forgets a payment method. Answers all that are left. */
  removePaymentMethod: async (input: operations.RemovePaymentMethodMutationVariables) =>
    (await request(operations.RemovePaymentMethodDocument, input)).removePaymentMethod,

  /** What checkouts of the project take: CARD unless said otherwise; SEPA_DEBIT serves EUR only. */
  setPaymentMethodTypes: async (types: operations.PaymentMethodType[]) =>
    (await request(operations.SetPaymentMethodTypesDocument, { types })).setPaymentMethodTypes,
})
