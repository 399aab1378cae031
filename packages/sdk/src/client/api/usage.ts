import * as operations from '../../generated/operations.ts'
import type { Request } from '../transport.ts'

export const usageMethods = (request: Request) => ({
  /** Records what has happened, 1 to 1,000 events a call: never refused for lack of credits, one result each, in order. */
  recordUsage: async (events: operations.UsageEventInput[]) =>
    (await request(operations.RecordUsageDocument, { events })).recordUsage,

  /** Decides and spends in one atomic step: either the whole quantity is allowed and drawn, or nothing is. */
  consume: async (input: operations.ConsumeInput) => (await request(operations.ConsumeDocument, { input })).consume,

  /** Gives back what one event of `recordUsage` or `consume` drew, once, to the grants it came from. */
  voidUsage: async (input: operations.VoidUsageMutationVariables) =>
    (await request(operations.VoidUsageDocument, input)).voidUsage,

  /**
   * Reserves credits before an expensive call. `hold` is null where `decision` refuses. An open hold releases itself at
   * `expiresAt`, 15 minutes from now unless `ttlSeconds` says otherwise.
   */
  createHold: async (input: operations.CreateHoldInput) =>
    (await request(operations.CreateHoldDocument, { input })).createHold,

  /** Adds to a hold while a stream runs, and gives it its time anew. Where `decision` refuses, the stream should end. */
  extendHold: async (input: operations.ExtendHoldMutationVariables) =>
    (await request(operations.ExtendHoldDocument, input)).extendHold,

  /** Settles what was really used: less, and the rest goes back; more, and the rest is recorded usage. Once: CONFLICT then. */
  captureHold: async (input: operations.CaptureHoldMutationVariables) =>
    (await request(operations.CaptureHoldDocument, input)).captureHold,

  /** Gives back all that a hold has reserved. */
  releaseHold: async (holdId: string) => (await request(operations.ReleaseHoldDocument, { holdId })).releaseHold,

  /**
   * What a meter counted by hour, day or month of the customer's time zone, in whole buckets from the one of `from` on,
   * empty ones included; with `groupBy` one for each value of that property of the events. `quantity` is in the meter's
   * unit, `credits` is all it cost, also beyond the grants. At most 1,000 buckets of time: INVALID_INPUT on `granularity`.
   */
  usage: async (input: operations.UsageQueryVariables) => (await request(operations.UsageDocument, input)).usage,

  /**
   * What each meter counted between two instants, to the quarter of an hour, those that cost most first; also meters that no
   * card of the customer rates any more.
   */
  usageTotals: async (input: operations.UsageTotalsQueryVariables) =>
    (await request(operations.UsageTotalsDocument, input)).usageTotals,
})
