import { type Account, catchUp, type LedgerEntry, type MeterUsage, NO_USAGE } from '@florin/core'
import type { Subscription } from '../subscriptions/read-subscriptions.ts'
import { type UsageKey, usageKey } from './read-meter-usage.ts'

/** What an hour of the usage chart gains. */
export interface HourGain {
  readonly meterPk: number
  readonly hour: number
  readonly quantity: bigint
  readonly credits: bigint
}

/** What one event changes, decided as a whole or not at all. */
export interface UsageStep {
  readonly account: Account
  readonly entries: readonly LedgerEntry[]
  readonly usage: ReadonlyMap<UsageKey, MeterUsage>
  readonly hours: readonly HourGain[]
}

/** A locked customer while a batch is decided: events are applied one after the other. */
export interface CustomerUsage {
  readonly customerPk: number
  readonly before: Account
  readonly subscriptions: readonly Subscription[]
  account: Account
  readonly entries: LedgerEntry[]
  readonly changedUsage: Map<UsageKey, MeterUsage>
  readonly hours: Map<string, HourGain>
  usageOf(meterPk: number, periodStart: number): MeterUsage
  apply(step: UsageStep): void
}

const HOUR_MS = 3_600_000

/** Opens a customer for a batch and brings the account up to now. */
export function openCustomer(
  customerPk: number,
  before: Account,
  subscriptions: readonly Subscription[],
  stored: ReadonlyMap<UsageKey, MeterUsage>,
  now: number,
): CustomerUsage {
  const due = catchUp(before, now)
  const changedUsage = new Map<UsageKey, MeterUsage>()
  const hours = new Map<string, HourGain>()
  const entries: LedgerEntry[] = [...due.entries]
  return {
    customerPk,
    before,
    subscriptions,
    account: due.account,
    entries,
    changedUsage,
    hours,
    usageOf: (meterPk, periodStart) => {
      const key = usageKey(customerPk, meterPk, periodStart)
      return changedUsage.get(key) ?? stored.get(key) ?? NO_USAGE
    },
    apply(step) {
      this.account = step.account
      entries.push(...step.entries)
      for (const [key, usage] of step.usage) changedUsage.set(key, usage)
      for (const gain of step.hours) addHour(hours, gain)
    },
  }
}

/** The start of the clock hour (UTC) that holds the instant. */
export function hourOf(instant: number): number {
  return instant - (((instant % HOUR_MS) + HOUR_MS) % HOUR_MS)
}

function addHour(hours: Map<string, HourGain>, gain: HourGain): void {
  const key = `${gain.meterPk} ${gain.hour}`
  const known = hours.get(key)
  hours.set(key, {
    ...gain,
    quantity: gain.quantity + (known?.quantity ?? 0n),
    credits: gain.credits + (known?.credits ?? 0n),
  })
}
