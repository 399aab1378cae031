import {
  type Account,
  type Credits,
  catchUp,
  type ExactMoney,
  isOpen,
  type LedgerEntry,
  type MeterUsage,
  markReached,
  NO_USAGE,
  sum,
} from '@florin/core'
import type { StoredAccount } from '../ledger/load-accounts.ts'
import { type BudgetsByCustomer, renewBudgets, type StoredBudget } from '../ledger/read-budgets.ts'
import type { StoredHold } from '../ledger/read-holds.ts'
import { type BudgetChange, changesOf } from '../ledger/write-budgets.ts'
import { expireHold, type HoldChange } from '../ledger/write-holds.ts'
import type { Subscription } from '../subscriptions/read-subscriptions.ts'
import { type UsageKey, usageKey } from './read-meter-usage.ts'
import type { ValueKey } from './read-unique-values.ts'

/** What a quarter of an hour gains in the usage chart. */
export interface QuarterGain {
  readonly meterPk: number
  readonly start: number
  readonly quantity: bigint
  readonly credits: bigint
}

/** What one event changes at one customer. */
export interface UsageStep {
  readonly account: Account
  readonly entries: readonly LedgerEntry[]
  readonly usage: ReadonlyMap<UsageKey, MeterUsage>
  readonly quarters: readonly QuarterGain[]
  /** Values that are new in their periods. */
  readonly values: readonly ValueKey[]
  /** Budgets that have moved, by credit type. */
  readonly budgets: ReadonlyMap<number, StoredBudget>
  /** The hold as it is after the event. */
  readonly hold?: StoredHold
}

/** A locked customer while a batch is decided: events are applied one after the other. */
export interface CustomerUsage {
  readonly customerPk: number
  readonly before: StoredAccount
  readonly subscriptions: readonly Subscription[]
  readonly spendLimit: ExactMoney | null
  /** Start of the period in which the spend limit has refused something in this batch. */
  limitReachedSince: number | null
  account: Account
  /** By credit type, as they are now. */
  readonly budgets: Map<number, StoredBudget>
  readonly entries: LedgerEntry[]
  readonly changedUsage: Map<UsageKey, MeterUsage>
  readonly quarters: Map<string, QuarterGain>
  readonly newValues: Set<ValueKey>
  readonly changedHolds: Map<string, StoredHold>
  /** Overage that open holds have reserved, but for one that is being settled. */
  heldOverage(meterPk: number, settling?: string): Credits
  /** A hold of the customer's grants. */
  holdOf(id: string): StoredHold | undefined
  /** Holds of the customer's grants that the batch knows of, as they are now. */
  holdsKnown(): StoredHold[]
  holdChanges(): HoldChange[]
  usageOf(meterPk: number, periodStart: number): MeterUsage
  /** All that is known of what the customer's meters counted. */
  knownUsage(): Map<UsageKey, MeterUsage>
  hasSeen(value: ValueKey): boolean
  /** Marks a budget that has refused something. */
  refuse(creditType: number): void
  budgetChanges(): BudgetChange[]
  apply(step: UsageStep): void
}

const QUARTER_MS = 900_000

/** What a batch has read of its customers. */
export interface BatchFacts {
  readonly subscriptions: ReadonlyMap<number, readonly Subscription[]>
  /** By customer. */
  readonly usage: ReadonlyMap<number, ReadonlyMap<UsageKey, MeterUsage>>
  readonly seen: ReadonlySet<ValueKey>
  /** By payer. */
  readonly holds: ReadonlyMap<number, ReadonlyMap<string, StoredHold>>
  readonly budgets: BudgetsByCustomer
}

/** Opens a customer for a batch and brings the account up to now. */
export function openCustomer(customerPk: number, before: StoredAccount, facts: BatchFacts, now: number): CustomerUsage {
  const { seen } = facts
  const holds = facts.holds.get(customerPk) ?? new Map<string, StoredHold>()
  const stored = facts.usage.get(customerPk) ?? new Map<UsageKey, MeterUsage>()
  const expired = [...holds.values()].filter(({ status, expiresAt }) => status === 'OPEN' && expiresAt <= now)
  const due = catchUp(before, now, expired)
  const ownBudgets = facts.budgets.get(customerPk) ?? []
  const renewed = renewBudgets(ownBudgets, now)
  const budgets = new Map(renewed.budgets.map((budget) => [budget.creditType, budget]))
  const changedHolds = new Map(expired.map((hold) => [hold.id, expireHold(hold)]))
  const changedUsage = new Map<UsageKey, MeterUsage>()
  const quarters = new Map<string, QuarterGain>()
  const newValues = new Set<ValueKey>()
  const holdsKnown = () => [...new Map([...holds, ...changedHolds]).values()]
  const entries: LedgerEntry[] = [...due.entries]
  return {
    customerPk,
    before,
    subscriptions: facts.subscriptions.get(customerPk) ?? [],
    spendLimit: before.spendLimit,
    limitReachedSince: null,
    account: renewed.periods === 0 ? due.account : { ...due.account, version: due.account.version + renewed.periods },
    budgets,
    entries,
    changedUsage,
    quarters,
    newValues,
    changedHolds,
    heldOverage: (meterPk, settling) => {
      const own = holdsKnown().filter(({ id, meter }) => meter === meterPk && id !== settling)
      return sum(own.filter((hold) => isOpen(hold, now)).map(({ overage }) => overage))
    },
    holdsKnown,
    holdOf: (id) => changedHolds.get(id) ?? holds.get(id),
    holdChanges: () => [...changedHolds].map(([id, after]) => ({ before: holds.get(id), after })),
    hasSeen: (value) => seen.has(value) || newValues.has(value),
    knownUsage: () => new Map([...stored, ...changedUsage]),
    usageOf: (meterPk, periodStart) => {
      const key = usageKey(customerPk, meterPk, periodStart)
      return changedUsage.get(key) ?? stored.get(key) ?? NO_USAGE
    },
    refuse: (creditType) => {
      const budget = budgets.get(creditType)
      if (budget) budgets.set(creditType, { ...budget, ...markReached(budget) })
    },
    budgetChanges: () => changesOf(ownBudgets, [...budgets.values()]),
    apply(step) {
      this.account = step.account
      entries.push(...step.entries)
      for (const [key, usage] of step.usage) changedUsage.set(key, usage)
      for (const gain of step.quarters) addQuarter(quarters, gain)
      for (const value of step.values) newValues.add(value)
      for (const [creditType, budget] of step.budgets) budgets.set(creditType, budget)
      if (step.hold) changedHolds.set(step.hold.id, step.hold)
    },
  }
}

/** The start of the quarter of an hour (UTC) that holds the instant. */
export function quarterOf(instant: number): number {
  return instant - (((instant % QUARTER_MS) + QUARTER_MS) % QUARTER_MS)
}

function addQuarter(quarters: Map<string, QuarterGain>, gain: QuarterGain): void {
  const key = `${gain.meterPk} ${gain.start}`
  const known = quarters.get(key)
  quarters.set(key, {
    ...gain,
    quantity: gain.quantity + (known?.quantity ?? 0n),
    credits: gain.credits + (known?.credits ?? 0n),
  })
}
