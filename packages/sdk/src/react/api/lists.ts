import * as operations from '../../generated/operations.ts'
import { type Asked, type CustomerRequest, ownOf } from './customer-request.ts'

export const listMethods = (asked: CustomerRequest) => {
  const { request } = asked
  const own = ownOf(asked)
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

    /** Newest first, at most 100 a page. */
    payments: async (page: Asked<operations.PaymentsQueryVariables> = {}) =>
      (await request(operations.PaymentsDocument, await own(page))).payments,

    /** What the customer has on file, the default first. */
    paymentMethods: async () => (await request(operations.PaymentMethodsDocument, await own({}))).paymentMethods,

    /** Contracts over a term, newest first, at most 100 a page. */
    commitments: async (page: Asked<operations.CommitmentsQueryVariables> = {}) =>
      (await request(operations.CommitmentsDocument, await own(page))).commitments,
  }
}
