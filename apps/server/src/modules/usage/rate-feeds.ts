import type { MeterUsage } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import type { Lineages } from '../ledger/in-lineages.ts'
import type { Subscription } from '../subscriptions/read-subscriptions.ts'
import { findPayer } from './rate-meter.ts'
import { readNamedUsage, type UsageKey, usageKey } from './read-meter-usage.ts'
import { readSeenValues, type ValueKey } from './read-unique-values.ts'
import type { SpendRequest } from './spend-request.ts'

export type SubscriptionsOf = ReadonlyMap<number, readonly Subscription[]>

/** The subscriptions of a customer and of all above them. */
export function heldIn(
  lineages: Lineages,
  subscriptions: SubscriptionsOf,
  customerPk: number,
): readonly Subscription[] {
  const own = subscriptions.get(customerPk) ?? []
  const ancestors = lineages.get(customerPk) ?? []
  return ancestors.length === 0 ? own : [...own, ...ancestors.flatMap((pk) => subscriptions.get(pk) ?? [])]
}

/** What an event gives to a meter, with the payer's period that it belongs to. */
export interface RatedFeed {
  readonly customerPk: number
  readonly meterPk: number
  readonly periodStart: number
  readonly digest: string | null
  readonly isCurrent: boolean
}

/** The payer of each thing that the requests give to a meter, if anybody pays for it. */
export function rateFeeds(
  requests: readonly SpendRequest[],
  lineages: Lineages,
  subscriptions: SubscriptionsOf,
): RatedFeed[] {
  return requests.flatMap(({ customerPk, feeds, catalog, timestamp, now }) => {
    const line = [customerPk, ...(lineages.get(customerPk) ?? [])].map((pk) => ({
      pk,
      subscriptions: subscriptions.get(pk) ?? [],
    }))
    return feeds.flatMap(({ meter, digest }): RatedFeed[] => {
      const paid = findPayer(line, catalog.versionsByPk, meter, timestamp, now)
      if (!paid) return []
      const { periodStart, subscription } = paid.rating
      const isCurrent = periodStart === subscription.currentPeriodStart
      return [{ customerPk: paid.payer.pk, meterPk: meter.pk, periodStart, digest, isCurrent }]
    })
  })
}

/** Late events need what their own periods counted: read only when a batch has one. */
export async function withOtherPeriods(
  tx: Transaction,
  rated: readonly RatedFeed[],
  current: Map<UsageKey, MeterUsage>,
): Promise<Map<UsageKey, MeterUsage>> {
  const others = rated.filter(({ isCurrent }) => !isCurrent)
  if (others.length === 0) return current
  const unique = new Map(others.map((other) => [usageKey(other.customerPk, other.meterPk, other.periodStart), other]))
  for (const [key, usage] of await readNamedUsage(tx, [...unique.values()])) current.set(key, usage)
  return current
}

const NOTHING: ReadonlySet<ValueKey> = new Set()

/** What UNIQUE meters have seen: read only when a batch has something for them. */
export async function readSeen(tx: Transaction, rated: readonly RatedFeed[]): Promise<ReadonlySet<ValueKey>> {
  const values = rated.flatMap(({ digest, ...rest }) => (digest === null ? [] : [{ ...rest, digest }]))
  return values.length === 0 ? NOTHING : readSeenValues(tx, values)
}
