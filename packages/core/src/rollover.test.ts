import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cardOf } from './card.samples.ts'
import type { Allowance } from './card.ts'
import { allowanceOf } from './change.samples.ts'
import { amountOf, type Credits, formatAmount, smaller, sum } from './decimal.ts'
import { anyAmount } from './grant.samples.ts'
import { type Leftover, type LeftoverPlan, planRollover } from './rollover.ts'

/** Period n is [n, n + 1): at the end of period 0, something that lives two further periods ends at 3. */
const endOf = (periods: number): number => 1 + periods
const NONE = allowanceOf('credits', '50')
const FULL = allowanceOf('credits', '50', { rollover: 'FULL' })
const capped = (cap: string, rolloverPeriods: number | null = null): Allowance =>
  allowanceOf('credits', '50', { rollover: 'CAPPED', rolloverCap: amountOf(cap), rolloverPeriods })

const allowance = (remaining: string, creditType = 'credits'): Leftover => ({
  grantId: 'allowance',
  creditType,
  kind: 'ALLOWANCE',
  remaining: amountOf(remaining),
  expiresAt: 1,
})
const earlier = (grantId: string, remaining: string, expiresAt: number | null = null): Leftover => ({
  grantId,
  creditType: 'credits',
  kind: 'ROLLOVER',
  remaining: amountOf(remaining),
  expiresAt,
})

const told = (plans: readonly LeftoverPlan[]): string[] =>
  plans.map(({ grantId, rollsOver, expires, expiresAt }) => {
    const until = expiresAt === null ? 'for good' : `until ${expiresAt}`
    return `${grantId}: ${rollsOver > 0n ? `${formatAmount(rollsOver)} ${until}, ` : ''}${formatAmount(expires)} expires`
  })

describe('at the end of a period', () => {
  it.each<[string, Allowance[], Leftover[], string[]]>([
    // story | terms | leftovers | what rolls over and what expires
    ['NONE: unspent expires', [NONE], [allowance('20')], ['allowance: 20 expires']],
    ['FULL: all rolls over', [FULL], [allowance('20')], ['allowance: 20 for good, 0 expires']],
    ['CAPPED, below the cap', [capped('100')], [allowance('20')], ['allowance: 20 for good, 0 expires']],
    ['CAPPED, above the cap', [capped('15')], [allowance('20')], ['allowance: 15 for good, 5 expires']],
    ['CAPPED at nothing', [capped('0')], [allowance('20')], ['allowance: 20 expires']],
    ['nothing left', [FULL], [allowance('0')], []],
    [
      'for one further period',
      [{ ...FULL, rolloverPeriods: 1 }],
      [allowance('20')],
      ['allowance: 20 until 2, 0 expires'],
    ],
    ['for three further periods', [capped('100', 3)], [allowance('20')], ['allowance: 20 until 4, 0 expires']],
    [
      'what has lived its periods',
      [FULL],
      [earlier('old', '9', 1), allowance('20')],
      ['old: 9 expires', 'allowance: 20 for good, 0 expires'],
    ],
    [
      'what has not',
      [NONE],
      [earlier('old', '9', 2), allowance('20')],
      ['allowance: 20 expires', 'old: 9 until 2, 0 expires'],
    ],
    [
      'the cap counts what was rolled over before; what ends first goes first',
      [capped('60', 2)],
      [earlier('old', '30', 2), allowance('40')],
      ['old: 20 until 2, 10 expires', 'allowance: 40 until 3, 0 expires'],
    ],
    [
      'a smaller cap than before',
      [capped('25')],
      [earlier('old', '60'), allowance('10')],
      ['old: 15 for good, 45 expires', 'allowance: 10 for good, 0 expires'],
    ],
    [
      'of two allowances of a type, the terms that keep more',
      [NONE, FULL],
      [allowance('90')],
      ['allowance: 90 for good, 0 expires'],
    ],
    [
      'of two caps, the larger',
      [capped('10'), capped('30')],
      [allowance('90')],
      ['allowance: 30 for good, 60 expires'],
    ],
    ['another type has no say', [FULL], [allowance('9', 'images')], ['allowance: 9 expires']],
  ])('%s', (_, allowances, leftovers, expected) => {
    expect(told(planRollover(cardOf('Plan', { allowances }), leftovers, 1, endOf))).toEqual(expected)
  })
})

/** Ends `periods` periods in which nothing is spent; what is there after each of them. */
function unspent(card: ReturnType<typeof cardOf>, periods: number): string[] {
  let rolled: Leftover[] = []
  return Array.from({ length: periods }, (_, index) => {
    const end = index + 1
    const plans = planRollover(card, [...rolled, allowance('50')], end, (further) => end + further)
    rolled = plans
      .filter(({ rollsOver }) => rollsOver > 0n)
      .map(({ rollsOver, ...plan }) => ({ ...plan, kind: 'ROLLOVER', grantId: `p${index}`, remaining: rollsOver }))
    return formatAmount(sum(rolled.map(({ remaining }) => remaining)))
  })
}

describe('over many periods in which nothing is spent', () => {
  it.each<[string, Allowance, string]>([
    // story | terms | rolled-over credits after each of ten resets
    ['S18 50 an hour unused, cap 100: 100', capped('100'), '50 100 100 100 100 100 100 100 100 100'],
    ['S18 with credits that live five periods', capped('100', 5), '50 100 100 100 100 100 100 100 100 100'],
    ['a cap that the lives of credits do not reach', capped('1000', 2), '50 100 100 100 100 100 100 100 100 100'],
    ['FULL for one period', { ...FULL, rolloverPeriods: 1 }, '50 50 50 50 50 50 50 50 50 50'],
    ['FULL', FULL, '50 100 150 200 250 300 350 400 450 500'],
    ['NONE', NONE, '0 0 0 0 0 0 0 0 0 0'],
  ])('%s', (_, terms, expected) => {
    expect(unspent(cardOf('Hourly', { allowances: [terms] }), 10).join(' ')).toBe(expected)
  })
})

describe('whatever is left', () => {
  const leftover = fc.record({
    grantId: fc.string(),
    creditType: fc.constantFrom('credits', 'images'),
    kind: fc.constantFrom<Leftover['kind'][]>('ALLOWANCE', 'ROLLOVER'),
    remaining: anyAmount<'credits'>(),
    expiresAt: fc.option(fc.integer({ min: 0, max: 5 })),
  })
  const terms = fc.oneof(
    fc.constantFrom(NONE, FULL),
    anyAmount<'credits'>().map((cap) => capped(formatAmount(cap), 2)),
  )
  const story = fc.tuple(fc.array(leftover, { maxLength: 8 }), terms)
  const total = (amounts: readonly Credits[]): Credits => sum(amounts)

  it('rolls over or expires, and nothing is made or lost', () => {
    fc.assert(
      fc.property(story, ([leftovers, allowance]) => {
        const plans = planRollover(cardOf('Any', { allowances: [allowance] }), leftovers, 1, endOf)
        for (const { remaining, rollsOver, expires } of plans) {
          expect([rollsOver + expires === remaining, rollsOver >= 0n, expires >= 0n]).toEqual([true, true, true])
        }
        expect(total(plans.map(({ remaining }) => remaining))).toBe(total(leftovers.map(({ remaining }) => remaining)))
      }),
    )
  })

  it('never passes the cap, and wastes none of it', () => {
    fc.assert(
      fc.property(fc.array(leftover, { maxLength: 8 }), anyAmount<'credits'>(), (leftovers, cap) => {
        const card = cardOf('Any', { allowances: [capped(formatAmount(cap))] })
        const plans = planRollover(card, leftovers, 1, endOf).filter(({ creditType }) => creditType === 'credits')
        const rolls = total(plans.map(({ rollsOver }) => rollsOver))
        const could = plans.filter(({ kind, expiresAt }) => kind === 'ALLOWANCE' || (expiresAt ?? 9) > 1)
        const most = total(could.map(({ remaining }) => remaining))
        expect(rolls).toBe(smaller(most, cap))
      }),
    )
  })
})
