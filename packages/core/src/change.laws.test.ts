/** What must hold however often a customer goes up and down in a period. A failure prints its seed and the smallest story. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cardOf } from './card.samples.ts'
import { allowancesOf, fixedTotal, type RateCard } from './card.ts'
import {
  allowanceIn,
  allowanceOf,
  anyBehavior,
  anyCard,
  anyPart,
  anyStory,
  apply,
  begin,
  brings,
  changeOf,
  type Life,
  live,
  PERIOD,
  priceOf,
  spend,
} from './change.samples.ts'
import { type CardChange, type CardChangePlan, planChange } from './change.ts'
import { amountOf, subtract } from './decimal.ts'
import { sumMoney } from './money.ts'
import { timeShare } from './proration.ts'

interface Step {
  readonly plan: CardChangePlan
  readonly change: CardChange
  readonly after: Life
  /** Every card of the period so far. */
  readonly held: readonly RateCard[]
}

/** Checks something after each change of random stories. */
function always(check: (step: Step) => void): void {
  fc.assert(
    fc.property(anyStory, ([born, rounds]) => {
      const held = [born.card]
      rounds.reduce((before, round) => {
        const change = changeOf(before, round)
        const plan = planChange(change)
        const after = spend(apply(before, change, plan), round.spends)
        held.push(round.card)
        check({ plan, change, after, held })
        return after
      }, born)
    }),
    { numRuns: 300 },
  )
}

describe('however a customer goes up and down in a period', () => {
  it('lines sum to what is due', () => {
    always(({ plan: { lines, due } }) => {
      const amounts = lines.map(({ amount }) => amount)
      expect(sumMoney(amounts, 'USD')).toEqual(due)
      expect(amounts.filter(({ minor }) => minor === 0n)).toEqual([])
    })
  })

  it('money that goes back is at most the time left, and at most the unspent allowance, of what was paid', () => {
    always(({ plan: { due }, change: { at, paid, allowance } }) => {
      if (due.minor >= 0n) return
      const { left, whole } = timeShare(PERIOD.start, PERIOD.end, at)
      const { granted, remaining } = allowance.get('credits') ?? expect.fail()
      expect(-due.minor * whole <= paid.minor * left).toBe(true)
      expect(-due.minor * granted <= paid.minor * remaining).toBe(true)
    })
  })

  it('S02 the seller never owes more than was paid, and all that was granted is one grant of the largest card', () => {
    always(({ after, held }) => {
      expect(after.paid.minor >= 0n).toBe(true)
      expect(held.some((card) => allowanceIn(after).amount <= brings(card))).toBe(true)
      expect(after.spent <= allowanceIn(after).amount).toBe(true)
    })
  })

  it('what was paid is at least the price of the cheapest card held, but for the rounding of lines', () => {
    always(({ after, held }) => {
      const rounding = 2n * BigInt(held.length)
      expect(held.some((card) => after.paid.minor + rounding >= priceOf(card))).toBe(true)
    })
  })

  it('an upgrade never pays out, and a downgrade never charges', () => {
    always(({ plan: { due }, change: { from, to, behavior } }) => {
      if (behavior === 'PRORATE') return
      const up = priceOf(to.card) >= priceOf(from.card)
      expect(up ? due.minor >= 0n : due.minor <= 0n).toBe(true)
    })
  })
})

describe('ten rounds of upgrade, spend, downgrade', () => {
  const upAndDown = fc
    .tuple(anyCard, anyCard)
    .filter(([small, large]) => priceOf(small) <= priceOf(large) && brings(small) <= brings(large))
  const ten = <T>(round: fc.Arbitrary<T>) => fc.array(round, { minLength: 10, maxLength: 10 })

  it('S01 S02 by RATE_DIFFERENCE bring what the large card brings, paid at the price of one of the two', () => {
    const behavior = 'RATE_DIFFERENCE'
    const rounds = ten(fc.record({ goes: fc.nat(30), comes: fc.nat(30), above: anyPart, below: anyPart }))
    fc.assert(
      fc.property(upAndDown, anyPart, rounds, ([small, large], spends, times) => {
        let life = begin(small, spends)
        for (const { goes, comes, above, below } of times) {
          life = live(life, { card: large, behavior, time: goes, spends: above })
          expect([life.paid.minor, allowanceIn(life).amount]).toEqual([priceOf(large), brings(large)])
          life = live(life, { card: small, behavior, time: comes, spends: below })
        }
        expect(life.paid.minor >= priceOf(small) && life.paid.minor <= priceOf(large)).toBe(true)
        const atPriceOf = (card: RateCard) => life.paid.minor * brings(card) >= priceOf(card) * life.spent
        expect(atPriceOf(small) || atPriceOf(large)).toBe(true)
      }),
    )
  })

  it('S02 between free cards bring the larger allowance once', () => {
    const [free, student] = ['5', '100'].map((credits) =>
      cardOf('Free', { allowances: [allowanceOf('credits', credits)] }),
    )
    const rounds = ten(fc.record({ up: anyBehavior, down: anyBehavior, time: fc.nat(20) }))
    fc.assert(
      fc.property(rounds, (times) => {
        let life = begin(free as RateCard, 100)
        for (const { up, down, time } of times) {
          life = live(life, { card: student as RateCard, behavior: up, time, spends: 100 })
          life = live(life, { card: free as RateCard, behavior: down, time, spends: 100 })
        }
        expect(life.spent <= amountOf<'credits'>('100')).toBe(true)
        expect(life.paid.minor).toBe(0n)
      }),
    )
  })

  it('at once and without spending are nothing', () => {
    fc.assert(
      fc.property(upAndDown, anyBehavior, ([small, large], behavior) => {
        const round = { behavior, time: 0, spends: 0 }
        const up = live(begin(small, 0), { ...round, card: large })
        const down = live(up, { ...round, card: small })
        const told = (life: Life) => [life.paid, allowanceIn(life)]
        expect(told(down)).toEqual(told(begin(small, 0)))
        expect(told(live(down, { ...round, card: large }))).toEqual(told(up))
      }),
    )
  })

  it('from the month to the year and back keep, of each period, at least the spent part of its price', () => {
    fc.assert(
      fc.property(anyCard, anyCard, ten(anyPart), (month, other, spends) => {
        const year: RateCard = { ...other, interval: 'YEAR' }
        for (const [index, part] of spends.entries()) {
          const [from, to] = index % 2 === 0 ? [month, year] : [year, month]
          const life = begin(from, part)
          const plan = planChange(changeOf(life, { card: to, behavior: 'PRORATE', time: 0, spends: 0 }))
          const { amount: granted, remaining } = allowanceIn(life)
          const kept = life.paid.minor + plan.due.minor - fixedTotal(to, {}).minor
          expect(kept * granted >= life.paid.minor * subtract(granted, remaining)).toBe(true)
          expect(plan.allowances).toEqual(allowancesOf(to, {}))
        }
      }),
    )
  })
})

it('the stories of these laws go up and down, charge, credit, grant, take back and meet the limits', () => {
  const seen = new Set<string>()
  for (const [born, rounds] of fc.sample(anyStory, { numRuns: 300, seed: 1 })) {
    rounds.reduce((life, round) => {
      const change = changeOf(life, round)
      const { due, allowances } = planChange(change)
      const moved = allowances.get('credits') ?? 0n
      if (due.minor !== 0n) seen.add(due.minor > 0n ? 'charge' : 'credit')
      if (moved !== 0n) seen.add(moved > 0n ? 'grant' : 'take back')
      const difference = priceOf(round.card) - priceOf(change.from.card)
      if (round.behavior === 'RATE_DIFFERENCE' && due.minor !== difference) seen.add('limited')
      return live(life, round)
    }, born)
  }
  expect([...seen].sort()).toEqual(['charge', 'credit', 'grant', 'limited', 'take back'])
})
