/** What must hold for any grants. A failure prints its seed and the smallest case. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { add, sum } from './decimal.ts'
import { compareGrants, drawDown, type Grant, spendableOn } from './drawdown.ts'
import { anyAmount, anyGrants, anyInstant, CREDITS, METER } from './grant.samples.ts'

const usage = fc.record({
  creditType: fc.constantFrom(CREDITS, CREDITS + 1),
  meter: fc.constantFrom(METER, METER + 1),
  amount: anyAmount<'credits'>(),
  at: anyInstant,
})
const inOrder = anyGrants.map((grants) => grants.sort(compareGrants))
const mayPay = (grant: Grant, { creditType, meter, at }: { creditType: number; meter: number; at: number }) =>
  grant.creditType === creditType &&
  (grant.appliesTo.length === 0 || grant.appliesTo.includes(meter)) &&
  grant.effectiveAt <= at &&
  at < (grant.expiresAt ?? Number.POSITIVE_INFINITY)

describe('the drawdown order', () => {
  it('is total: of two grants one is always first, and the order never goes round in a circle', () => {
    fc.assert(
      fc.property(anyGrants, (grants) => {
        for (const a of grants) {
          for (const b of grants) {
            expect(Math.sign(compareGrants(a, b))).toBe(0 - Math.sign(compareGrants(b, a)))
            expect(compareGrants(a, b) === 0).toBe(a.id === b.id)
            for (const c of grants) {
              if (compareGrants(a, b) < 0 && compareGrants(b, c) < 0) expect(compareGrants(a, c)).toBeLessThan(0)
            }
          }
        }
      }),
    )
  })

  it('is the same, however the grants were read', () => {
    const shuffled = anyGrants.chain((grants) =>
      fc.tuple(fc.constant(grants), fc.shuffledSubarray(grants, { minLength: grants.length })),
    )
    fc.assert(
      fc.property(shuffled, ([grants, others]) => {
        expect(others.sort(compareGrants)).toEqual(grants.sort(compareGrants))
      }),
    )
  })
})

describe('draws', () => {
  it('and the shortfall are the amount, to the last digit', () => {
    fc.assert(
      fc.property(inOrder, usage, (grants, use) => {
        const { draws, shortfall } = drawDown(grants, use)
        expect(add(sum(draws.map(({ amount }) => amount)), shortfall)).toBe(use.amount)
        expect(shortfall >= 0n).toBe(true)
      }),
    )
  })

  it('never take more than remains, nor from a grant that may not pay, nor twice from one', () => {
    fc.assert(
      fc.property(inOrder, usage, (grants, use) => {
        let last = -1
        for (const { index, amount } of drawDown(grants, use).draws) {
          const grant = grants[index] as Grant
          expect(amount > 0n && amount <= grant.remaining).toBe(true)
          expect(mayPay(grant, use)).toBe(true)
          expect(index).toBeGreaterThan(last)
          last = index
        }
      }),
    )
  })

  it('pass on to a grant only when every one before it that may pay is empty', () => {
    fc.assert(
      fc.property(inOrder, usage, (grants, use) => {
        const { draws, shortfall } = drawDown(grants, use)
        const drawn = new Map(draws.map(({ index, amount }) => [index, amount]))
        const left = grants.map((grant, index) => grant.remaining - (drawn.get(index) ?? 0n))
        const end = shortfall > 0n ? grants.length : (draws.at(-1)?.index ?? 0)
        const skipped = grants.slice(0, end).filter((grant, index) => mayPay(grant, use) && left[index] !== 0n)
        expect(skipped).toEqual([])
      }),
    )
  })

  it('leave a shortfall of what the amount is beyond the spendable', () => {
    fc.assert(
      fc.property(inOrder, usage, (grants, use) => {
        const beyond = use.amount - spendableOn(grants, use.creditType, use.meter, use.at)
        expect(drawDown(grants, use).shortfall).toBe(beyond > 0n ? beyond : 0n)
      }),
    )
  })
})
