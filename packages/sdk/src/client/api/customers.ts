import * as operations from '../../generated/operations.ts'
import type { Request } from '../transport.ts'

export const customerMethods = (request: Request) => ({
  /** Null if there is no such customer. */
  customer: async (id: string) => (await request(operations.CustomerDocument, { id })).customer,

  /**
   * Creates the customer, or changes what is named: the rest stays as it is. `taxRate` is the customer's own tax in place
   * of the project's (`setTaxRate`); `percent: '0'` is exempt. `address` and `taxId` stand on invoices; null removes them.
   */
  upsertCustomer: async (input: operations.CustomerInput) =>
    (await request(operations.UpsertCustomerDocument, { input })).upsertCustomer,

  /** Whom the customer's next invoices are for. */
  billingDetails: async (customerId: string) =>
    (await request(operations.BillingDetailsDocument, { customerId })).billingDetails,

  /**
   * Changes that, as customers do in the portal: what is left out stays, null removes. Invoices that are issued keep theirs.
   * INVALID_INPUT names the field and the remedy.
   */
  setBillingDetails: async (input: operations.BillingDetailsInput) =>
    (await request(operations.SetBillingDetailsDocument, { input })).setBillingDetails,

  /** The tax on the customer's invoices: their own, else the project's. Null: none. */
  taxRate: async (customerId: string) => (await request(operations.TaxRateDocument, { customerId })).taxRate,

  /** A token for the customer's browser: 30 seconds to a day, an hour unless said otherwise. */
  createCustomerToken: async (customerId: string, options: { ttlSeconds?: number } = {}) =>
    (await request(operations.CreateCustomerTokenDocument, { customerId, ...options })).createCustomerToken,

  /** Ends every token that the customer has been given so far. Resolves to the instant from which new ones are valid. */
  revokeCustomerTokens: async (customerId: string) =>
    (await request(operations.RevokeCustomerTokensDocument, { customerId })).revokeCustomerTokens,
})
