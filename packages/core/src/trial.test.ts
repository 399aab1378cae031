import { describe, expect, it } from 'vitest'
import { free, premium } from './card.samples.ts'
import { formatAmount } from './decimal.ts'
import { formatMoney } from './money.ts'
import { planTrial } from './trial.ts'

describe('a trial', () => {
  it.each([
    // story | starts | days | time zone | ends
    ['in UTC', '2026-01-17T08:30:00Z', 14, 'UTC', '2026-01-31T08:30:00.000Z'],
    [
      'over the start of summer time: the same time of day',
      '2026-03-20T12:00:00Z',
      14,
      'Europe/Paris',
      '2026-04-03T11:00:00.000Z',
    ],
    ['over its end', '2026-10-20T12:00:00Z', 14, 'America/New_York', '2026-11-03T13:00:00.000Z'],
    ['over a leap day', '2028-02-20T00:00:00Z', 14, 'UTC', '2028-03-05T00:00:00.000Z'],
  ])('%s', (_, starts, trialDays, timeZone, ends) => {
    const plan = planTrial({ ...premium, trialDays }, {}, Date.parse(starts), timeZone) ?? expect.fail('a trial')
    expect(plan.period.start).toBe(Date.parse(starts))
    expect([plan.period.end, plan.anchor].map((at) => new Date(at).toISOString())).toEqual([ends, ends])
  })

  it('S20 costs nothing and brings the allowance at its start', () => {
    const plan = planTrial({ ...premium, trialDays: 7 }, {}, 0, 'UTC') ?? expect.fail('a trial')
    expect([formatMoney(plan.due), plan.lines]).toEqual(['0.00', []])
    expect([...plan.allowances].map(([type, amount]) => `${formatAmount(amount)} ${type}`)).toEqual(['105 credits'])
  })

  it('is none without trial days', () => {
    expect(planTrial(free, {}, 0, 'UTC')).toBe(null)
  })
})
