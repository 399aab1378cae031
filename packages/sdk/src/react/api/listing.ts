import * as operations from '../../generated/operations.ts'
import type { CustomerRequest } from './customer-request.ts'

type Asked<Variables> = Omit<Variables, 'customerId'>

/** What there is of the customer, newest first, a page at a time. */
export const listingMethods = ({ request, customerId }: CustomerRequest) => {
  const own = async <Variables>(variables: Variables) => ({ ...variables, customerId: await customerId() })
  return {
    /** Every change of a balance with its cause, newest first, at most 100 a page. */
    ledger: async (page: Asked<operations.LedgerQueryVariables> = {}) =>
      (await request(operations.LedgerDocument, await own(page))).ledger,

    /** Newest first, at most 100 a page. */
    invoices: async (page: Asked<operations.InvoicesQueryVariables> = {}) =>
      (await request(operations.InvoicesDocument, await own(page))).invoices,

    /** All that the customer was ever given, newest first, at most 100 a page. */
    grants: async (page: Asked<operations.GrantsQueryVariables> = {}) =>
      (await request(operations.GrantsDocument, await own(page))).grants,

    /** What the customer may be charged with, the default first, then the newest. */
    paymentMethods: async () => (await request(operations.PaymentMethodsDocument, await own({}))).paymentMethods,

    /** Newest first, at most 100 a page. */
    payments: async (page: Asked<operations.PaymentsQueryVariables> = {}) =>
      (await request(operations.PaymentsDocument, await own(page))).payments,

    /** Contracts over a term, newest first, at most 100 a page. */
    commitments: async (page: Asked<operations.CommitmentsQueryVariables> = {}) =>
      (await request(operations.CommitmentsDocument, await own(page))).commitments,
  }
}
