import { describe, expect, it } from 'vitest'
import { cardOf, fixedRate, flat } from './card.samples.ts'
import type { RateCard } from './card.ts'
import { allowanceOf } from './change.samples.ts'
import { planChange } from './change.ts'
import { amountOf, formatAmount } from './decimal.ts'
import { formatMoney, zeroMoney } from './money.ts'

const DAY = 86_400_000
const plan = (name: string, price: string, credits: string, trialDays: number): RateCard =>
  cardOf(name, {
    fixedRates: [fixedRate('base', flat(price))],
    allowances: [allowanceOf('credits', credits)],
    trialDays,
  })
const tried = plan('Tried', '20', '25', 14)

describe('a change of card in a trial', () => {
  it.each<[string, RateCard, 'RATE_DIFFERENCE' | 'PRORATE', string, string, boolean]>([
    // change | to | behavior | due now | credits now | begins a paid period
    ['to a larger card with a trial', plan('Large', '100', '105', 7), 'RATE_DIFFERENCE', '0.00', '80', false],
    ['the same in proportion, half of the trial left', plan('Large', '100', '105', 7), 'PRORATE', '0.00', '40', false],
    [
      'to a card without a trial: paid and granted in full',
      plan('Now', '100', '105', 0),
      'PRORATE',
      '100.00',
      '105',
      true,
    ],
    [
      'to a smaller card: what is there is taken back',
      plan('Small', '5', '5', 7),
      'RATE_DIFFERENCE',
      '0.00',
      '-20',
      false,
    ],
  ])('%s', (_, to, behavior, due, credits, begins) => {
    const changed = planChange({
      from: { card: tried, quantities: {} },
      to: { card: to, quantities: {} },
      behavior,
      period: { start: 0, end: 14 * DAY },
      at: 7 * DAY,
      timeZone: 'UTC',
      inTrial: true,
      paid: zeroMoney('USD'),
      allowance: new Map([['credits', { granted: amountOf('25'), remaining: amountOf('25') }]]),
    })
    expect(formatMoney(changed.due)).toBe(due)
    expect(formatAmount(changed.allowances.get('credits') ?? 0n)).toBe(credits)
    expect(changed.newPeriod !== null).toBe(begins)
    if (begins) expect(changed.newPeriod?.start).toBe(7 * DAY)
  })
})
