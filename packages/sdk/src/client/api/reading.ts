import * as operations from '../../generated/operations.ts'
import type { Request } from '../transport.ts'

export const readingMethods = (request: Request) => ({
  /** What the customer has and may do now. Reflects everything acknowledged before it was asked. */
  billingState: async (customerId: string) =>
    (await request(operations.BillingStateDocument, { customerId })).billingState,

  /** Would this usage be allowed now? It only reads; `consume` decides and spends in one step. */
  check: async (input: operations.CheckQueryVariables) => (await request(operations.CheckDocument, input)).check,

  /** Newest first, at most 100 a page. */
  ledger: async (input: operations.LedgerQueryVariables) => (await request(operations.LedgerDocument, input)).ledger,
})
