/**
 * Budgets: limits on what a customer and all below them use of a credit type in a period. Usage counts at each level of a
 * tree, from who asks up to who pays; holds reserve, and count as what they come to. Source: docs/decisions/0018.
 */
import { calendarPeriod, type Interval, periodContaining } from './calendar.ts'
import { add, type Credits, larger, smaller, subtract, ZERO } from './decimal.ts'
import type { AccessDecision } from './usage.ts'

/** By the customer's calendar; TOTAL never begins anew. */
export type BudgetPeriod = Interval | 'TOTAL'

export interface Budget {
  readonly limit: Credits
  readonly period: BudgetPeriod
  /** The running period, `[start, end)`: `start` names it, and null is no end. The first begins when the budget is set. */
  readonly start: number
  readonly end: number | null
  /** Used in it, and reserved by open holds. */
  readonly spent: Credits
  /** Whether the limit was met in it, or has refused something. */
  readonly reached: boolean
}

/** What a hold has reserved in one budget, in the period that began at `start`. */
export interface Reservation {
  readonly start: number
  readonly credits: Credits
}

const NONE = ZERO as Credits

/** A budget that counts from now on. */
export function openBudget(limit: Credits, period: BudgetPeriod, timeZone: string, now: number): Budget {
  const end = period === 'TOTAL' ? null : calendarPeriod(now, period, timeZone).end
  return { limit, period, start: now, end, spent: NONE, reached: false }
}

/** The same budget with another limit. What it has counted stays, but with another period it counts anew. */
export function changeBudget(
  budget: Budget,
  limit: Credits,
  period: BudgetPeriod,
  timeZone: string,
  now: number,
): Budget {
  if (budget.period !== period) return openBudget(limit, period, timeZone, now)
  return { ...budget, limit, reached: budget.reached && budget.spent >= limit }
}

/**
 * The budget in the period that holds `now`, and how many periods have begun since. A running period keeps its end when
 * the customer's time zone changes; the next one follows without a gap.
 */
export function renewBudget(budget: Budget, timeZone: string, now: number): { budget: Budget; periods: number } {
  const { period, end } = budget
  if (period === 'TOTAL' || end === null || now < end) return { budget, periods: 0 }
  const calendar = calendarPeriod(now, period, timeZone)
  return {
    budget: { ...budget, start: Math.max(end, calendar.start), end: calendar.end, spent: NONE, reached: false },
    periods: periodContaining(end, period, timeZone, now).index + 1,
  }
}

/** What may still be used; recorded usage may have passed the limit. */
export function remainingIn({ limit, spent }: Budget): Credits {
  return larger(subtract(limit, spent), NONE)
}

/** The least that is left at any level; null: nobody has a budget. */
export function roomIn(budgets: readonly Budget[]): Credits | null {
  return budgets.length === 0 ? null : budgets.map(remainingIn).reduce(smaller)
}

/** The decision with what is left of the budgets. What costs nothing is never refused by one. */
export function withinBudgets(decision: AccessDecision, room: Credits | null): AccessDecision {
  if (room === null) return decision
  const available = smaller(decision.available, room)
  if (decision.cost === 0n || decision.cost <= room) return { ...decision, available }
  return { ...decision, allowed: false, reason: 'BUDGET_REACHED', available }
}

/** The budget after it has refused something. */
export function markReached(budget: Budget): Budget {
  return budget.reached ? budget : { ...budget, reached: true }
}

/** Reserves for a hold, which may have reserved before: what it did in an earlier period stays there. */
export function reserveIn(
  budget: Budget,
  before: Reservation | undefined,
  credits: Credits,
): { budget: Budget; reservation: Reservation } {
  const { start } = budget
  return {
    budget: counted(budget, credits),
    reservation: { start, credits: add(reservedIn(budget, before), credits) },
  }
}

/**
 * Counts what was used. What a hold had reserved for it in the budget's period goes back first; what it had reserved
 * before that period, or before there was the budget, pays for the usage and does not count again.
 *
 * @param held all that the hold had reserved, whenever it did; zero without a hold.
 * @returns `counted`: how much of the usage counts in the period.
 */
export function settleIn(
  budget: Budget,
  reserved: Reservation | undefined,
  held: Credits,
  used: Credits,
): { budget: Budget; counted: Credits } {
  const own = reservedIn(budget, reserved)
  const counts = larger(subtract(used, subtract(held, own)), NONE)
  return { budget: counted(budget, subtract(counts, own)), counted: counts }
}

function reservedIn({ start }: Budget, reserved: Reservation | undefined): Credits {
  return reserved?.start === start ? reserved.credits : NONE
}

function counted(budget: Budget, credits: Credits): Budget {
  if (credits === 0n) return budget
  const spent = larger(add(budget.spent, credits), NONE)
  return { ...budget, spent, reached: budget.reached || spent >= budget.limit }
}
