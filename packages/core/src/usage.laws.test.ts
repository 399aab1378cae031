/** What must hold for any usage. A failure prints its seed and the smallest case. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Account, type Cause, nextVersion, openAccount } from './account.ts'
import { type Quantity, sum } from './decimal.ts'
import { anyAmount, anyGrants, anyInstant, CREDITS, METER } from './grant.samples.ts'
import type { CumulativePrice } from './price.ts'
import { decideAccess, type MeterUsage, NO_USAGE, type Spent, spend, type UsageRate } from './usage.ts'

const cause: Cause = { type: 'usage_event', id: 'law' }
const quantity = anyAmount<'quantity'>()
const quantities = fc.array(quantity, { maxLength: 12 })
const amount = anyAmount<'rate'>()
const units = quantity.map((any) => (any + 1n) as Quantity)
const rounding = fc.constantFrom('UP', 'DOWN')
const packages = fc.record({ amount, units, rounding }).map((price): CumulativePrice => ({ package: price }))
const flat = amount.map((unit): CumulativePrice => ({ flat: { amount: unit } }))
const graduated = fc.tuple(units, amount, amount, amount).map(
  ([upTo, unit, next, entry]): CumulativePrice => ({
    graduated: {
      tiers: [
        { upTo, unit },
        { unit: next, flat: entry },
      ],
    },
  }),
)
const creditCost = fc.oneof(fc.constant(null), flat, packages, graduated)
const rate = fc
  .record({ creditCost, overage: fc.constantFrom('BLOCK', 'CHARGE') })
  .map((terms): UsageRate => ({ code: 'r', meter: METER, creditType: CREDITS, ...terms }))

/** An account that has caught up with an instant, and the instant. */
const situation = fc.tuple(anyGrants, anyInstant).map(([grants, at]) => ({
  at,
  account: openAccount(
    1,
    grants.map((grant) => ({ ...grant, entered: grant.effectiveAt <= at })),
  ),
}))

function request(terms: UsageRate, more: Quantity, at: number, usage: MeterUsage = NO_USAGE) {
  return { rate: terms, usage, quantity: more, properties: {}, at }
}

function spent(account: Account, asked: ReturnType<typeof request>): Spent {
  const result = spend(account, asked, cause)
  return result.ok ? result : expect.fail(result.reason)
}

/** Spends one event after the other. */
function each(account: Account, terms: UsageRate, events: readonly Quantity[], at: number): Spent[] {
  let before = { account, usage: NO_USAGE }
  return events.map((event) => {
    const after = spent(nextVersion(before.account), request(terms, event, at, before.usage))
    before = after
    return after
  })
}

describe('usage', () => {
  it('costs what is drawn, overage and uncovered together, and only one of the last two', () => {
    fc.assert(
      fc.property(situation, rate, quantity, ({ account, at }, terms, more) => {
        const { cost, drawn, overage, uncovered, entries } = spent(account, request(terms, more, at))
        expect(drawn + overage + uncovered).toBe(cost)
        expect([drawn, overage, uncovered].filter((part) => part < 0n)).toEqual([])
        expect(terms.overage === 'CHARGE' ? uncovered : overage).toBe(0n)
        expect(sum(entries.map(({ amount }) => amount))).toBe(-drawn)
      }),
    )
  })

  it('adds up over a period, on the meter and in the ledger', () => {
    fc.assert(
      fc.property(situation, rate, quantities, ({ account, at }, terms, events) => {
        const all = each(account, terms, events, at)
        const usage = all.at(-1)?.usage ?? NO_USAGE
        expect(usage).toEqual({
          quantity: sum(events),
          credits: sum(all.map(({ drawn }) => drawn)),
          overage: sum(all.map(({ overage }) => overage)),
          uncovered: sum(all.map(({ uncovered }) => uncovered)),
        })
        expect(sum(all.flatMap(({ entries }) => entries).map(({ amount }) => amount))).toBe(-usage.credits)
      }),
    )
  })

  it('comes to the same in however many events: cost, who pays, and what the grants keep', () => {
    fc.assert(
      fc.property(situation, rate, quantities, ({ account, at }, terms, events) => {
        const many = each(account, terms, events, at)
        const once = spent(account, request(terms, sum(events), at))
        expect(sum(many.map(({ cost }) => cost))).toBe(once.cost)
        expect(many.at(-1)?.usage ?? NO_USAGE).toEqual(once.usage)
        expect((many.at(-1)?.account ?? account).grants).toEqual(once.account.grants)
      }),
    )
  })

  it('is allowed exactly where grants cover it or the rate charges overage, at the cost that is spent then', () => {
    fc.assert(
      fc.property(situation, rate, quantity, ({ account, at }, terms, more) => {
        const asked = request(terms, more, at)
        const access = decideAccess(account, asked)
        if (!access.ok) expect.fail(access.reason)
        const { cost, drawn, uncovered } = spent(account, asked)
        expect(access.decision.cost).toBe(cost)
        expect(access.decision.allowed).toBe(uncovered === 0n)
        expect(access.decision.reason === 'COVERED').toBe(drawn === cost)
        expect(drawn <= access.decision.available).toBe(true)
      }),
    )
  })

  it('never changes what was decided before: asking writes nothing', () => {
    fc.assert(
      fc.property(situation, rate, quantity, ({ account, at }, terms, more) => {
        const copy = structuredClone(account)
        decideAccess(account, request(terms, more, at))
        spent(account, request(terms, more, at))
        expect(account).toEqual(copy)
      }),
    )
  })
})
