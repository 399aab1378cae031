/** Changing the card in a period that has a history: Premium is 100.00 for 105 credits, Starter 20.00 for 25, Free nothing for 5. */
import { describe, expect, it } from 'vitest'
import { cardOf, fixedRate, flat, free, premium, starter } from './card.samples.ts'
import type { Quantities, RateCard } from './card.ts'
import { allowanceOf } from './change.samples.ts'
import { type CardChange, type CardChangePlan, type ImmediateChange, planChange } from './change.ts'
import { amountOf, type Credits, formatAmount } from './decimal.ts'
import type { PeriodAllowance } from './give-back.ts'
import { formatMoney, parseMoney } from './money.ts'

const day = (n: number): number => Date.parse('2026-06-01T00:00:00Z') + Math.round(n * 86_400_000)
const usd = (text: string) => parseMoney(text, 'USD') ?? expect.fail(text)
/** "105, 75 left" for each credit type. */
const pools = (told: Readonly<Record<string, string>>): Map<string, PeriodAllowance> =>
  new Map(
    Object.entries(told).map(([type, text]) => {
      const [granted, remaining] = text.replace(' left', '').split(', ') as [string, string]
      return [type, { granted: amountOf<'credits'>(granted), remaining: amountOf<'credits'>(remaining) }]
    }),
  )

interface Told {
  readonly from: RateCard
  readonly to: RateCard
  readonly behavior?: ImmediateChange
  readonly at?: number
  readonly paid: string
  readonly has?: Readonly<Record<string, string>>
  readonly seats?: readonly [Quantities, Quantities]
}

const changeOf = ({ from, to, behavior, at, paid, has, seats }: Told): CardChange => ({
  from: { card: from, quantities: seats?.[0] ?? {} },
  to: { card: to, quantities: seats?.[1] ?? {} },
  behavior: behavior ?? 'RATE_DIFFERENCE',
  period: { start: day(0), end: day(30) },
  at: day(at ?? 0),
  timeZone: 'UTC',
  paid: usd(paid),
  allowance: pools(has ?? {}),
})
const credits = (moved: ReadonlyMap<string, Credits>): string =>
  [...moved].map(([type, amount]) => `${formatAmount(amount)} ${type}`).join(', ')
const moves = (plan: CardChangePlan): string => `${formatMoney(plan.due)} and ${credits(plan.allowances) || 'nothing'}`
const statement = ({ lines }: CardChangePlan): string[] =>
  lines.map(({ quantity, description, amount, proration, period }) => {
    const [start, end] = [period?.start ?? 0, period?.end ?? 0].map((at) => new Date(at).toISOString().slice(0, 10))
    const what = `${formatAmount(quantity)} × ${description}: ${formatMoney(amount)}`
    return `${what} for ${start}/${end}${proration ? ', prorated' : ''}`
  })

describe('by RATE_DIFFERENCE', () => {
  it.each<[string, RateCard, RateCard, number, string, string, string]>([
    // change | from | to | on day | paid | allowance | due and allowance now
    ['up', starter, premium, 10, '20.00', '25, 22 left', '80.00 and 80 credits'],
    ['up, from nothing', free, premium, 10, '0.00', '5, 2 left', '100.00 and 100 credits'],
    ['up, while the renewal is not paid', starter, premium, 10, '0.00', '25, 25 left', '80.00 and 80 credits'],
    ['down, nothing spent, at once', premium, starter, 0, '100.00', '105, 105 left', '-80.00 and -80 credits'],
    [
      'down, nothing spent, half the time left',
      premium,
      starter,
      15,
      '100.00',
      '105, 105 left',
      '-50.00 and -80 credits',
    ],
    ['down, 30 spent, at once', premium, starter, 0, '100.00', '105, 75 left', '-71.42 and -75 credits'],
    [
      'down, 30 spent, a tenth of the time left',
      premium,
      starter,
      27,
      '100.00',
      '105, 75 left',
      '-10.00 and -75 credits',
    ],
    [
      'down, a third of the time left: cents are cut',
      premium,
      starter,
      20,
      '100.00',
      '105, 105 left',
      '-33.33 and -80 credits',
    ],
    ['down, all but 4 spent', premium, starter, 0, '100.00', '105, 4 left', '-3.80 and -4 credits'],
    ['down, all spent', premium, starter, 0, '100.00', '105, 0 left', '0.00 and nothing'],
    ['down, not paid yet', premium, starter, 0, '0.00', '105, 105 left', '0.00 and -80 credits'],
    ['down, after the period ended', premium, starter, 31, '100.00', '105, 105 left', '0.00 and -80 credits'],
    ['up again after 30 spent: what was credited', starter, premium, 0, '28.58', '30, 0 left', '71.42 and 75 credits'],
    [
      'S02 up again after all spent: paid and granted already',
      starter,
      premium,
      0,
      '100.00',
      '105, 0 left',
      '0.00 and nothing',
    ],
    ['down, after half the way up by PRORATE', premium, starter, 15, '60.00', '65, 65 left', '-30.00 and -40 credits'],
    ['to itself', starter, starter, 10, '20.00', '25, 3 left', '0.00 and nothing'],
  ])('%s', (_, from, to, at, paid, credits, expected) => {
    expect(moves(planChange(changeOf({ from, to, at, paid, has: { credits } })))).toBe(expected)
  })

  it('S01 brings the difference and never both: 360 and 540 are 900', () => {
    const pro = cardOf('Pro', { allowances: [allowanceOf('credits', '360')] })
    const mega = cardOf('Mega', { allowances: [allowanceOf('credits', '900')] })
    const plan = planChange(changeOf({ from: pro, to: mega, paid: '0.00', has: { credits: '360, 100 left' } }))
    expect(moves(plan)).toBe('0.00 and 540 credits')
  })

  it('says on each line what it is for', () => {
    const plan = planChange(
      changeOf({ from: starter, to: premium, at: 10, paid: '20.00', has: { credits: '25, 0 left' } }),
    )
    expect(statement(plan)).toEqual([
      '1 × Premium: 100.00 for 2026-06-01/2026-07-01',
      '1 × Starter (credited): -20.00 for 2026-06-01/2026-07-01',
    ])
    expect(plan.newPeriod).toBe(null)
  })
})

describe('by PRORATE', () => {
  it.each<[string, RateCard, RateCard, number, string, string, string]>([
    // change | from | to | on day | paid | allowance | due and allowance now
    ['up, at once', starter, premium, 0, '20.00', '25, 25 left', '80.00 and 80 credits'],
    ['up, half the time left', starter, premium, 15, '20.00', '25, 0 left', '40.00 and 40 credits'],
    ['up, a day left', starter, premium, 29, '20.00', '25, 0 left', '2.66 and 2.666666666 credits'],
    ['up, no time left', starter, premium, 30, '20.00', '25, 0 left', '0.00 and nothing'],
    [
      'down, nothing spent, half the time left',
      premium,
      starter,
      15,
      '100.00',
      '105, 105 left',
      '-40.00 and -40 credits',
    ],
    [
      'down, all but 21 spent, half the time left',
      premium,
      starter,
      15,
      '100.00',
      '105, 21 left',
      '-20.00 and -21 credits',
    ],
    ['down, all spent', premium, starter, 15, '100.00', '105, 0 left', '0.00 and nothing'],
    ['up again at the same instant', starter, premium, 15, '80.00', '84, 0 left', '20.00 and 21 credits'],
    ['S02 up again after all spent', starter, premium, 15, '100.00', '105, 0 left', '0.00 and nothing'],
  ])('%s', (_, from, to, at, paid, credits, expected) => {
    expect(moves(planChange(changeOf({ from, to, behavior: 'PRORATE', at, paid, has: { credits } })))).toBe(expected)
  })

  it('counts seconds, against the real length of the period', () => {
    const terms = { from: free, to: premium, behavior: 'PRORATE', paid: '0.00', has: { credits: '5, 5 left' } } as const
    const february = { start: Date.parse('2026-02-01'), end: Date.parse('2026-03-01') }
    const at = Date.parse('2026-02-28T23:59:59Z')
    expect(moves(planChange({ ...changeOf(terms), period: february, at }))).toBe('0.00 and 0.000041335 credits')
    expect(moves(planChange({ ...changeOf(terms), period: february, at: at - 3_599_000 }))).toBe(
      '0.15 and 0.148809523 credits',
    )
  })

  it('says on each line what it is for', () => {
    const told = { from: starter, to: premium, behavior: 'PRORATE', at: 20, paid: '20.00' } as const
    expect(statement(planChange(changeOf({ ...told, has: { credits: '25, 0 left' } })))).toEqual([
      '1 × Premium: 33.33 for 2026-06-21/2026-07-01, prorated',
      '1 × Starter (credited): -6.67 for 2026-06-21/2026-07-01, prorated',
    ])
  })
})

const tools = cardOf('Tools', { fixedRates: [fixedRate('plan', flat('30'))] })
const text = cardOf('Text', {
  fixedRates: [fixedRate('plan', flat('60'))],
  allowances: [allowanceOf('tokens', '100'), allowanceOf('images', '10')],
})

describe('what limits the money that goes back', () => {
  it.each<[string, RateCard, RateCard, Told['has'], string]>([
    // story | from | to | allowance | due and allowance now, of 60.00 paid, with half of the time left
    ['no allowance: time alone', { ...tools, allowances: [] }, cardOf('None'), {}, '-15.00 and nothing'],
    [
      'of two pools, the one that is spent more',
      text,
      tools,
      { tokens: '100, 80 left', images: '10, 1 left' },
      '-6.00 and -80 tokens, -1 images',
    ],
    [
      'none is spent more than time',
      text,
      tools,
      { tokens: '100, 80 left', images: '10, 9 left' },
      '-30.00 and -80 tokens, -9 images',
    ],
    ['a pool of an earlier card that was spent', tools, cardOf('None'), { tokens: '100, 0 left' }, '0.00 and nothing'],
  ])('%s', (_, from, to, has, expected) => {
    const paid = from === text ? '60.00' : '30.00'
    expect(moves(planChange(changeOf({ from, to, at: 15, paid, has: has ?? {} })))).toBe(expected)
  })
})

describe('seats', () => {
  const team = cardOf('Team', { fixedRates: [fixedRate('plan', flat('29')), fixedRate('seats', flat('8'), 2)] })
  it.each<[ImmediateChange, number, Quantities, Quantities, string, string]>([
    // behavior | on day | from | to | paid | due
    ['RATE_DIFFERENCE', 15, { seats: 2 }, { seats: 5 }, '45.00', '24.00'],
    ['PRORATE', 15, { seats: 2 }, { seats: 5 }, '45.00', '12.00'],
    ['PRORATE', 15, { seats: 5 }, { seats: 2 }, '69.00', '-12.00'],
    ['RATE_DIFFERENCE', 15, { seats: 5 }, { seats: 2 }, '69.00', '-24.00'],
    ['RATE_DIFFERENCE', 24, { seats: 5 }, { seats: 2 }, '69.00', '-13.80'],
    ['RATE_DIFFERENCE', 15, {}, { seats: 0 }, '45.00', '-16.00'],
  ])('%s on day %i from %o to %o', (behavior, at, before, after, paid, due) => {
    const plan = planChange(changeOf({ from: team, to: team, behavior, at, paid, seats: [before, after] }))
    expect(formatMoney(plan.due)).toBe(due)
  })

  it('a limited credit is split over the rates by largest remainder', () => {
    const plan = planChange(
      changeOf({ from: team, to: team, at: 24, paid: '69.00', seats: [{ seats: 5 }, { seats: 2 }] }),
    )
    expect(plan.lines.map(({ description, amount }) => `${description}: ${formatMoney(amount)}`)).toEqual([
      'Team: plan: 29.00',
      'Team: seats: 16.00',
      'Team: plan (credited): -24.71',
      'Team: seats (credited): -34.09',
    ])
  })
})

describe('another interval', () => {
  const yearly = { ...premium, code: 'premium-year', name: 'Premium Yearly', interval: 'YEAR' } as const
  it.each<[string, number, string, string, string]>([
    // story | on day | paid | allowance | due and allowance now
    ['nothing spent, at once', 0, '20.00', '25, 25 left', '80.00 and 105 credits'],
    ['nothing spent, half the time left', 15, '20.00', '25, 25 left', '90.00 and 105 credits'],
    ['20 spent, half the time left', 15, '20.00', '25, 5 left', '96.00 and 105 credits'],
    ['all spent', 15, '20.00', '25, 0 left', '100.00 and 105 credits'],
    ['not paid', 15, '0.00', '25, 25 left', '100.00 and 105 credits'],
  ])('%s', (_, at, paid, credits, expected) => {
    for (const behavior of ['RATE_DIFFERENCE', 'PRORATE'] as const) {
      const plan = planChange(changeOf({ from: starter, to: yearly, behavior, at, paid, has: { credits } }))
      expect(moves(plan)).toBe(expected)
      expect(plan.newPeriod).toEqual({ start: day(at), end: Date.parse('2027-06-01') + (day(at) - day(0)), index: 0 })
    }
  })

  it('may leave account credit: a year given back after a month, less the month', () => {
    const told = { from: yearly, to: starter, at: 365 / 4, paid: '100.00', has: { credits: '105, 105 left' } }
    const plan = planChange({ ...changeOf(told), period: { start: day(0), end: Date.parse('2027-06-01') } })
    expect(statement(plan)).toEqual([
      '1 × Starter: 20.00 for 2026-08-31/2026-09-30',
      '1 × Premium Yearly: Premium (credited): -75.00 for 2026-08-31/2027-06-01, prorated',
    ])
    expect(moves(plan)).toBe('-55.00 and 25 credits')
  })
})

it('is not possible between currencies', () => {
  const yen = cardOf('Yen', { currency: 'JPY', fixedRates: [fixedRate('plan', flat('3000'))] })
  expect(() => planChange(changeOf({ from: yen, to: premium, paid: '0.00' }))).toThrow('do not add up')
})
