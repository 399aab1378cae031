import { describe, expect, it } from 'vitest'
import { type Interval, periodAt } from './calendar.ts'
import { cardOf, fixedRate, flat, free, premium, starter, usageRate } from './card.samples.ts'
import type { RateCard } from './card.ts'
import { allowanceOf } from './change.samples.ts'
import { amountOf, formatAmount } from './decimal.ts'
import { formatMoney } from './money.ts'
import type { Overage } from './plan-lines.ts'
import { planRenewal, type Renewal, type RenewalPlan } from './renewal.ts'
import { planTrial } from './trial.ts'

const at = (iso: string): number => Date.parse(iso)
const over = (credits: string, invoiced?: string): Overage[] => [
  {
    rateCode: 'generation',
    credits: amountOf(credits),
    ...(invoiced !== undefined && { invoiced: amountOf<'credits'>(invoiced) }),
  },
]
/** Ends the period of index `n` of a subscription that began on 31 January 2026. */
const renewalOf = (
  card: RateCard,
  { overage = [], ...differs }: Partial<Renewal> & { overage?: Overage[] } = {},
  n = 0,
): Renewal => {
  const endedPeriod = periodAt(at('2026-01-31'), card.interval, 'UTC', n)
  return {
    card,
    quantities: {},
    anchor: at('2026-01-31'),
    endedPeriod,
    timeZone: 'UTC',
    leftovers: [],
    arrears: [{ card, period: endedPeriod, overage }],
    ...differs,
  }
}
const date = (instant: number): string => new Date(instant).toISOString().slice(0, 10)
const span = ({ start, end }: { start: number; end: number }): string => `${date(start)}/${date(end)}`
const lines = (plan: RenewalPlan): string[] =>
  plan.lines.map(({ quantity, description, amount, period }) => {
    const forPeriod = period ? ` for ${span(period)}` : ''
    return `${formatAmount(quantity)} × ${description}: ${formatMoney(amount)}${forPeriod}`
  })
const brings = ({ allowances, grants }: RenewalPlan): string =>
  [...[...allowances].map(([type, amount]) => `${formatAmount(amount)} ${type}`), grants].join(', ')

it('the worked example: 7.20 overage and 100.00 for the next period are 107.20', () => {
  const plan = planRenewal(renewalOf(premium, { overage: over('8') }))
  expect(lines(plan)).toEqual([
    '8 × Character generation: overage: 7.20 for 2026-01-31/2026-02-28',
    '1 × Premium: 100.00 for 2026-02-28/2026-03-31',
  ])
  expect(formatMoney(plan.due)).toBe('107.20')
  expect(brings(plan)).toBe('105 credits, WHEN_PAID')
})

const usageOnly = cardOf('Usage', { usageRates: [usageRate({ overage: 'CHARGE', overagePrice: flat('0.90') })] })

describe('an invoice', () => {
  it.each<[string, Renewal, string, string]>([
    // story | renewal | due | allowances
    ['a paid card, nothing over', renewalOf(starter), '20.00', '25 credits, WHEN_PAID'],
    ['a free card', renewalOf(free), '0.00', '5 credits, AT_ONCE'],
    ['usage only, nothing over', renewalOf(usageOnly), '0.00', 'AT_ONCE'],
    ['usage only, in arrears', renewalOf(usageOnly, { overage: over('10') }), '9.00', 'AT_ONCE'],
    ['overage that rounds to nothing', renewalOf(usageOnly, { overage: over('0.005') }), '0.00', 'AT_ONCE'],
    ['overage where the card blocks', renewalOf(starter, { overage: over('8') }), '20.00', '25 credits, WHEN_PAID'],
    [
      'seats',
      renewalOf(cardOf('Team', { fixedRates: [fixedRate('seats', flat('8'), 2)] }), { quantities: { seats: 5 } }),
      '40.00',
      'WHEN_PAID',
    ],
    [
      'down to a free card: only the overage',
      renewalOf(premium, { overage: over('8'), pending: { card: free, quantities: {} } }),
      '7.20',
      '5 credits, AT_ONCE',
    ],
    [
      'up to a dearer card',
      renewalOf(starter, { pending: { card: premium, quantities: {} } }),
      '100.00',
      '105 credits, WHEN_PAID',
    ],
  ])('%s', (_, renewal, due, allowances) => {
    const plan = planRenewal(renewal)
    expect(formatMoney(plan.due)).toBe(due)
    expect(brings(plan)).toBe(allowances)
  })

  it('has overage in arrears first, then late usage of earlier periods, then the next period in advance', () => {
    const early = periodAt(at('2026-01-31'), 'MONTH', 'UTC', 0)
    const renewal = renewalOf(premium, { overage: over('8') }, 1)
    const late = { card: premium, period: early, overage: over('11', '8') }
    const plan = planRenewal({ ...renewal, arrears: [...renewal.arrears, late] })
    expect(lines(plan)).toEqual([
      '8 × Character generation: overage: 7.20 for 2026-02-28/2026-03-31',
      '3 × Character generation: late overage: 2.70 for 2026-01-31/2026-02-28',
      '1 × Premium: 100.00 for 2026-03-31/2026-04-30',
    ])
    expect(formatMoney(plan.due)).toBe('109.90')
  })

  it('prices overage by the card that ended, and the next period by the card that begins', () => {
    const dearer = { ...premium, version: 2, usageRates: [usageRate({ overage: 'CHARGE', overagePrice: flat('2') })] }
    const plan = planRenewal(renewalOf(premium, { overage: over('8'), pending: { card: dearer, quantities: {} } }))
    expect(formatMoney(plan.due)).toBe('107.20')
    expect(plan.terms.card.version).toBe(2)
  })

  it('does not mix currencies', () => {
    const yen = cardOf('Yen', { currency: 'JPY', fixedRates: [fixedRate('plan', flat('3000'))] })
    const pending = { card: yen, quantities: {} }
    expect(() => planRenewal(renewalOf(premium, { overage: over('8'), pending }))).toThrow('do not add up')
  })
})

describe('the next period', () => {
  it.each<[string, Interval, Interval, number, string, string]>([
    // story | interval | next interval | ended period | next period | anchor
    ['comes from the anchor', 'MONTH', 'MONTH', 0, '2026-02-28/2026-03-31', '2026-01-31'],
    ['does not drift', 'MONTH', 'MONTH', 1, '2026-03-31/2026-04-30', '2026-01-31'],
    ['begins anew with another interval', 'MONTH', 'YEAR', 1, '2026-03-31/2027-03-31', '2026-03-31'],
    ['begins anew from the year to the month', 'YEAR', 'MONTH', 0, '2027-01-31/2027-02-28', '2027-01-31'],
  ])('%s', (_, interval, next, n, period, anchor) => {
    const pending = { card: { ...starter, interval: next }, quantities: {} }
    const plan = planRenewal(renewalOf({ ...starter, interval }, { pending }, n))
    expect([span(plan.period), date(plan.anchor)]).toEqual([period, anchor])
  })

  it('follows a worker that was down: each missed period once, in order', () => {
    const seen: string[] = []
    let renewal = renewalOf(starter)
    for (let missed = 0; missed < 4; missed++) {
      const { period, anchor } = planRenewal(renewal)
      seen.push(`${period.index} ${span(period)}`)
      renewal = { ...renewal, endedPeriod: period, anchor }
    }
    expect(seen).toEqual([
      '1 2026-02-28/2026-03-31',
      '2 2026-03-31/2026-04-30',
      '3 2026-04-30/2026-05-31',
      '4 2026-05-31/2026-06-30',
    ])
  })
})

describe('what is left', () => {
  const keeps = cardOf('Keeps', {
    allowances: [
      allowanceOf('credits', '50', { rollover: 'CAPPED', rolloverCap: amountOf('100'), rolloverPeriods: 2 }),
    ],
  })
  const left = { grantId: 'a', creditType: 'credits', kind: 'ALLOWANCE', remaining: amountOf<'credits'>('20') } as const
  const leftovers = [{ ...left, expiresAt: null }]

  it('rolls over by the terms of the card that ended, to the end of a real period', () => {
    const [plan] = planRenewal(renewalOf(keeps, { leftovers, pending: { card: free, quantities: {} } })).leftovers
    expect([formatAmount(plan?.rollsOver ?? 0n), date(plan?.expiresAt ?? 0)]).toEqual(['20', '2026-04-30'])
  })

  it('expires with a card that rolls nothing over, whatever comes next', () => {
    const [plan] = planRenewal(renewalOf(free, { leftovers, pending: { card: keeps, quantities: {} } })).leftovers
    expect([formatAmount(plan?.rollsOver ?? 1n), formatAmount(plan?.expires ?? 0n)]).toEqual(['0', '20'])
  })
})

it('S20 a trial ends with the first charge, in advance, and nothing for its usage', () => {
  const card = { ...premium, trialDays: 14 }
  const trial = planTrial(card, {}, at('2026-01-17'), 'UTC') ?? expect.fail('the card has a trial')
  const plan = planRenewal(renewalOf(card, { endedPeriod: trial.period, anchor: trial.anchor }))
  expect(lines(plan)).toEqual(['1 × Premium: 100.00 for 2026-01-31/2026-02-28'])
  expect([plan.period.index, date(plan.anchor)]).toEqual([0, '2026-01-31'])
})
