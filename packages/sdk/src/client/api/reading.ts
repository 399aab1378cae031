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

  /** What could be spent at a moment of the past, by the project's clock: the sum of the ledger's entries until then. */
  balanceAt: async (input: operations.BalanceAtQueryVariables) =>
    (await request(operations.BalanceAtDocument, input)).balanceAt,

  /** The grants and the entries that made a balance at a moment, each with its cause in a sentence. Pages of 50 entries. */
  explainBalance: async (input: operations.ExplainBalanceQueryVariables) =>
    (await request(operations.ExplainBalanceDocument, input)).explainBalance,

  /** Why usage was refused or allowed, from the key that asked for it. NOT_FOUND for a key that asked for nothing. */
  explainDecision: async (input: operations.ExplainDecisionQueryVariables) =>
    (await request(operations.ExplainDecisionDocument, input)).explainDecision,
})
