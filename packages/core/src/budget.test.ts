import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Budget,
  type BudgetPeriod,
  changeBudget,
  markReached,
  openBudget,
  type Reservation,
  remainingIn,
  renewBudget,
  reserveIn,
  roomIn,
  settleIn,
  withinBudgets,
} from './budget.ts'
import { amountOf, type Credits, formatAmount } from './decimal.ts'
import { anyAmount } from './grant.samples.ts'
import type { AccessDecision } from './usage.ts'

const at = (instant: string) => Date.parse(instant)
const credits = (text: string) => amountOf<'credits'>(text)
const zero = credits('0')

const budgetOf = (limit: string, spent = '0', differs: Partial<Budget> = {}): Budget => ({
  limit: credits(limit),
  period: 'MONTH',
  start: at('2027-01-01T00:00:00Z'),
  end: at('2027-02-01T00:00:00Z'),
  spent: credits(spent),
  reached: false,
  ...differs,
})
const used = (budget: Budget, amount: string) => settleIn(budget, undefined, zero, credits(amount)).budget
const spentIn = ({ spent }: Budget) => formatAmount(spent)

describe('a period', () => {
  it.each<[BudgetPeriod, string, string, string | null]>([
    ['DAY', 'UTC', '2027-01-15T10:00:00Z', '2027-01-16T00:00:00.000Z'],
    ['DAY', 'Europe/Madrid', '2027-01-15T23:30:00Z', '2027-01-16T23:00:00.000Z'],
    ['WEEK', 'UTC', '2027-01-17T10:00:00Z', '2027-01-18T00:00:00.000Z'],
    ['WEEK', 'UTC', '2027-01-18T00:00:00Z', '2027-01-25T00:00:00.000Z'],
    ['MONTH', 'UTC', '2027-02-28T23:59:59Z', '2027-03-01T00:00:00.000Z'],
    ['MONTH', 'America/New_York', '2027-03-01T00:00:00Z', '2027-03-01T05:00:00.000Z'],
    ['YEAR', 'Asia/Tokyo', '2027-06-01T00:00:00Z', '2027-12-31T15:00:00.000Z'],
    ['TOTAL', 'UTC', '2027-06-01T00:00:00Z', null],
  ])('%s in %s from %s ends at %s', (period, timeZone, now, end) => {
    const budget = openBudget(credits('5'), period, timeZone, at(now))
    expect(budget.end).toBe(end && at(end))
    expect(budget.start).toBe(at(now))
  })

  it.each([
    ['before its end', '2027-01-31T23:59:59.999Z', '7', 0],
    ['at its end', '2027-02-01T00:00:00Z', '0', 1],
    ['two months after it', '2027-03-31T10:00:00Z', '0', 2],
  ])('%s', (_, now, spent, periods) => {
    const renewed = renewBudget(budgetOf('5', '7', { reached: true }), 'UTC', at(now))
    expect([spentIn(renewed.budget), renewed.periods, renewed.budget.reached]).toEqual([spent, periods, periods === 0])
  })

  it('keeps its end when the time zone changes, and the next one leaves no gap', () => {
    const moved = renewBudget(budgetOf('5', '3'), 'America/New_York', at('2027-01-31T23:59:00Z'))
    expect(moved.periods).toBe(0)
    const { budget } = renewBudget(budgetOf('5', '3'), 'America/New_York', at('2027-02-01T00:00:00Z'))
    expect([budget.start, budget.end]).toEqual([at('2027-02-01T00:00:00Z'), at('2027-02-01T05:00:00Z')])
  })

  it('of TOTAL never ends', () => {
    const total = openBudget(credits('5'), 'TOTAL', 'UTC', 0)
    expect(renewBudget(total, 'UTC', at('2099-01-01T00:00:00Z'))).toEqual({ budget: total, periods: 0 })
  })
})

describe('a limit', () => {
  it.each([
    ['5', '3', '2'],
    ['5', '5', '0'],
    ['5', '8', '0'],
    ['0', '0', '0'],
  ])('of %s with %s spent leaves %s', (limit, spent, left) => {
    expect(formatAmount(remainingIn(budgetOf(limit, spent)))).toBe(left)
  })

  it('is the tightest of all levels', () => {
    expect(roomIn([])).toBeNull()
    expect(roomIn([budgetOf('10', '3'), budgetOf('5'), budgetOf('100')])).toBe(credits('5'))
  })

  it.each<[string, string, string, string | null, boolean, string, string]>([
    ['no budget', '3', '10', null, true, 'COVERED', '10'],
    ['room enough', '3', '10', '3', true, 'COVERED', '3'],
    ['too little room', '4', '10', '3', false, 'BUDGET_REACHED', '3'],
    ['no room for what costs nothing', '0', '10', '0', true, 'COVERED', '0'],
    ['more room than credits', '3', '10', '50', true, 'COVERED', '10'],
  ])('%s', (_, cost, available, room, allowed, reason, left) => {
    const decision: AccessDecision = {
      allowed: true,
      reason: 'COVERED',
      cost: credits(cost),
      available: credits(available),
    }
    expect(withinBudgets(decision, room === null ? null : credits(room))).toEqual({
      ...decision,
      allowed,
      reason,
      available: credits(left),
    })
  })

  it('is reached when it is met or has refused, once a period', () => {
    expect(used(budgetOf('5'), '4.999').reached).toBe(false)
    expect(used(budgetOf('5'), '5').reached).toBe(true)
    expect(markReached(budgetOf('5', '4')).reached).toBe(true)
  })

  it('can change: what was counted stays, but another period counts anew', () => {
    const now = at('2027-01-15T00:00:00Z')
    const full = budgetOf('5', '5', { reached: true })
    expect(changeBudget(full, credits('8'), 'MONTH', 'UTC', now)).toEqual({
      ...full,
      limit: credits('8'),
      reached: false,
    })
    expect(changeBudget(full, credits('4'), 'MONTH', 'UTC', now)).toMatchObject({ spent: credits('5'), reached: true })
    expect(changeBudget(full, credits('5'), 'DAY', 'UTC', now)).toMatchObject({ spent: zero, start: now })
  })
})

describe('a hold', () => {
  const held = (budget: Budget, amount: string, before?: Reservation) => reserveIn(budget, before, credits(amount))
  const nextMonth = (budget: Budget) => renewBudget(budget, 'UTC', at('2027-02-10T00:00:00Z')).budget

  it.each([
    ['less', '3', '3'],
    ['nothing (a release)', '0', '0'],
    ['all', '10', '10'],
    ['more', '12', '12'],
  ])('that comes to %s', (_, usage, spent) => {
    const { budget, reservation } = held(budgetOf('100'), '10')
    expect(spentIn(budget)).toBe('10')
    const settled = settleIn(budget, reservation, credits('10'), credits(usage))
    expect([spentIn(settled.budget), formatAmount(settled.counted)]).toEqual([spent, spent])
  })

  it.each([
    ['less than it reserved', '3', '0'],
    ['nothing', '0', '0'],
    ['more', '12', '2'],
  ])('of the month before that comes to %s', (_, usage, spent) => {
    const { budget, reservation } = held(budgetOf('100'), '10')
    const settled = settleIn(nextMonth(budget), reservation, credits('10'), credits(usage))
    expect([spentIn(settled.budget), formatAmount(settled.counted)]).toEqual([spent, spent])
  })

  it('that was extended after the month counts here what it used beyond what it had there', () => {
    const first = held(budgetOf('100'), '10')
    const second = held(nextMonth(first.budget), '5', first.reservation)
    expect(spentIn(second.budget)).toBe('5')
    const settle = (usage: string) =>
      spentIn(settleIn(second.budget, second.reservation, credits('15'), credits(usage)).budget)
    expect([settle('4'), settle('12'), settle('15'), settle('20')]).toEqual(['0', '2', '5', '10'])
  })

  it('that is older than the budget counts only what it uses beyond itself', () => {
    expect(spentIn(settleIn(budgetOf('100'), undefined, credits('10'), credits('12')).budget)).toBe('2')
  })
})

describe('laws', () => {
  const amount = anyAmount<'credits'>()

  it('what is spent is what was used and what is still reserved', () => {
    const step = fc.record({ reserve: amount, use: amount, settle: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let budget = budgetOf('1000')
        let expected = 0n
        for (const { reserve, use, settle } of steps) {
          const reserved = reserveIn(budget, undefined, reserve)
          budget = settle ? settleIn(reserved.budget, reserved.reservation, reserve, use).budget : reserved.budget
          expected += settle ? use : reserve
        }
        expect(budget.spent).toBe(expected)
      }),
    )
  })

  it('usage that a budget allows never passes its limit', () => {
    fc.assert(
      fc.property(amount, fc.array(amount, { maxLength: 20 }), (limit, costs) => {
        let budget: Budget = { ...budgetOf('0'), limit }
        for (const cost of costs) {
          const asked: AccessDecision = { allowed: true, reason: 'COVERED', cost, available: cost }
          if (withinBudgets(asked, roomIn([budget])).allowed)
            budget = settleIn(budget, undefined, 0n as Credits, cost).budget
        }
        expect(budget.spent <= limit).toBe(true)
      }),
    )
  })

  it('a period that has begun holds its instant, and counts on as time goes on', () => {
    const anyTime = fc.integer({ min: at('2027-01-01T00:00:00Z'), max: at('2031-01-01T00:00:00Z') })
    const anyPeriod = fc.constantFrom<BudgetPeriod>('DAY', 'WEEK', 'MONTH', 'YEAR')
    const anyZone = fc.constantFrom('UTC', 'Europe/Madrid', 'America/New_York', 'Pacific/Auckland')
    fc.assert(
      fc.property(anyPeriod, anyZone, anyTime, anyTime, anyTime, (period, zone, ...times) => {
        const [first, second, third] = times.sort((a, b) => a - b) as [number, number, number]
        const opened = openBudget(credits('5'), period, zone, first)
        const once = renewBudget(opened, zone, second)
        const twice = renewBudget(once.budget, zone, third)
        const straight = renewBudget(opened, zone, third)
        expect(twice.budget).toEqual(straight.budget)
        expect(once.periods + twice.periods).toBe(straight.periods)
        expect(third >= twice.budget.start && third < (twice.budget.end ?? 0)).toBe(true)
      }),
    )
  })
})
