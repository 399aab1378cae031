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
   * What a meter counted by hour, day or month of the customer's time zone, in whole buckets from the one of `from` on,
   * empty ones included; with `groupBy` one for each value of that property of the events. `quantity` is in the meter's
   * unit, `credits` is all it cost, also beyond the grants. At most 1,000 buckets of time: INVALID_INPUT on `granularity`.
   */
  usage: async (input: operations.UsageQueryVariables) => (await request(operations.UsageDocument, input)).usage,
})
