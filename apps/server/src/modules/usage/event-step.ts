import { type Budget, type Credits, nextVersion, roomIn } from '@florin/core'
import type { StoredBudget } from '../ledger/read-budgets.ts'
import type { CustomerUsage, UsageStep } from './customer-usage.ts'

/** Who asks, and those above them, nearest first: whoever pays is one of them. All are locked. */
export type Lineage = readonly [asker: CustomerUsage, ...ancestors: CustomerUsage[]]

/** What one event changes, at each customer that it concerns: decided as a whole or not at all. */
export type EventStep = ReadonlyMap<CustomerUsage, UsageStep>

/** Something happens to who asks. It makes a version of theirs, also where somebody else pays. */
export function openStep([asker]: Lineage): EventStep {
  return new Map([[asker, openedAt(new Map(), asker)]])
}

/** What the event changes at a customer so far. */
export function stepAt(step: EventStep, customer: CustomerUsage): UsageStep {
  const known = step.get(customer)
  if (known) return known
  return { account: customer.account, entries: [], usage: new Map(), quarters: [], values: [], budgets: new Map() }
}

/** The same in the customer's next version: one for all that the event does. */
export function openedAt(step: EventStep, customer: CustomerUsage): UsageStep {
  const known = stepAt(step, customer)
  if (known.account.version > customer.account.version) return known
  return { ...known, account: nextVersion(known.account) }
}

export function applyStep(step: EventStep): void {
  for (const [customer, part] of step) customer.apply(part)
}

/** The version of the asker's billing state: it grows with whatever happens to those above, too. */
export function versionOf(line: Lineage): number {
  return line.reduce((sum, { account }) => sum + account.version, 0)
}

/** The budget of a level as the event has left it so far, if there is one. */
function budgetAt(step: EventStep, level: CustomerUsage, creditType: number): StoredBudget | undefined {
  return step.get(level)?.budgets.get(creditType) ?? level.budgets.get(creditType)
}

/** The least that is left at any of the levels; null: no budget limits them. */
export function roomOf(levels: readonly CustomerUsage[], creditType: number): Credits | null {
  return roomIn(levels.flatMap(({ budgets }) => budgets.get(creditType) ?? []))
}

/** Moves the budgets of the levels. Each that has moved is another version of its customer. */
export function countAt<Counted extends { readonly budget: Budget }>(
  step: EventStep,
  levels: readonly CustomerUsage[],
  creditType: number,
  count: (level: CustomerUsage, budget: StoredBudget) => Counted,
): { readonly step: EventStep; readonly counted: ReadonlyMap<CustomerUsage, Counted> } {
  const next = new Map(step)
  const counted = new Map<CustomerUsage, Counted>()
  for (const level of levels) {
    const budget = budgetAt(step, level, creditType)
    if (!budget) continue
    const result = count(level, budget)
    counted.set(level, result)
    if (result.budget === budget) continue
    const part = openedAt(next, level)
    next.set(level, { ...part, budgets: new Map(part.budgets).set(creditType, { ...budget, ...result.budget }) })
  }
  return { step: next, counted }
}
