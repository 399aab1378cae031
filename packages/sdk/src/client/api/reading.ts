import * as operations from '../../generated/operations.ts'
import type { Request } from '../transport.ts'

/** `advanceClock` answers when all that fell due on the way is done, payments included. */
const ADVANCE_CLOCK_TIMEOUT_MS = 600_000

export const readingMethods = (request: Request) => ({
  /** What the customer has and may do now. Reflects everything acknowledged before it was asked. */
  billingState: async (customerId: string) =>
    (await request(operations.BillingStateDocument, { customerId })).billingState,

  /** Would this usage be allowed now? It only reads; `consume` decides and spends in one step. */
  check: async (input: operations.CheckQueryVariables) => (await request(operations.CheckDocument, input)).check,

  /** What `changeRateCard` would do, in money and credits, without doing it. */
  previewRateCardChange: async (input: operations.ChangeRateCardInput) =>
    (await request(operations.PreviewRateCardChangeDocument, { input })).previewRateCardChange,

  /** Quantities and credits per hour, day or month of the customer's time zone, empty buckets included. */
  usage: async (input: operations.UsageQueryVariables) => (await request(operations.UsageDocument, input)).usage,

  /** Newest first, at most 100 a page. */
  ledger: async (input: operations.LedgerQueryVariables) => (await request(operations.LedgerDocument, input)).ledger,

  /** Newest first, at most 100 a page. */
  invoices: async (input: operations.InvoicesQueryVariables) =>
    (await request(operations.InvoicesDocument, input)).invoices,

  /** Now, as this project sees it: real time, or the sandbox clock. */
  clock: async () => (await request(operations.ClockDocument, {})).clock,

  /** Sandbox only: moves the clock forward and does, in order, all that falls due on the way. */
  advanceClock: async (to: string) =>
    (await request(operations.AdvanceClockDocument, { to }, { timeoutMs: ADVANCE_CLOCK_TIMEOUT_MS })).advanceClock,
})
