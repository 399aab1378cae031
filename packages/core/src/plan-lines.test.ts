import { describe, expect, it } from 'vitest'
import { cardOf, fixedRate, flat, usageRate } from './card.samples.ts'
import { amountOf, formatAmount } from './decimal.ts'
import { formatMoney, parseMoney } from './money.ts'
import { chargeLines, creditLines, overageLines, type PlanLine, totalOf } from './plan-lines.ts'

const usd = (text: string) => parseMoney(text, 'USD') ?? expect.fail(text)
const told = (lines: readonly PlanLine[]): string[] =>
  lines.map(
    ({ quantity, description, amount, proration }) =>
      `${formatAmount(quantity)} × ${description}: ${formatMoney(amount)}${proration ? ', prorated' : ''}`,
  )

const team = cardOf('Team', {
  fixedRates: [
    { code: 'plan', name: 'Team', price: flat('29'), defaultQuantity: 1 },
    { code: 'seats', name: 'Seats', price: flat('8'), defaultQuantity: 2 },
    fixedRate('support', flat('0')),
  ],
})
const terms = { card: team, quantities: { seats: 5 } }
const june = { start: Date.parse('2026-06-01'), end: Date.parse('2026-07-01') }

describe('fixed rates', () => {
  it('are a line each, without those that cost nothing', () => {
    expect(told(chargeLines(terms))).toEqual(['1 × Team: 29.00', '5 × Team: Seats: 40.00'])
  })

  it('are prorated line by line, each rounded once', () => {
    const lines = chargeLines(terms, { period: june, share: { left: 1n, whole: 3n } })
    expect(told(lines)).toEqual(['1 × Team: 9.67, prorated', '5 × Team: Seats: 13.33, prorated'])
    expect(lines.map(({ period }) => period)).toEqual([june, june])
  })

  it('leave their period to the invoice where they name none', () => {
    expect(chargeLines(terms).filter((line) => 'period' in line)).toEqual([])
  })
})

describe('what is credited', () => {
  it.each<[string, string, string[]]>([
    // credited | lines
    ['in full', '69.00', ['1 × Team (credited): -29.00', '5 × Team: Seats (credited): -40.00']],
    ['in part', '10.00', ['1 × Team (credited): -4.20', '5 × Team: Seats (credited): -5.80']],
    ['less than a line can show', '0.01', ['5 × Team: Seats (credited): -0.01']],
    ['nothing', '0.00', []],
  ])('%s: %s', (_, total, lines) => {
    const credited = creditLines(team, chargeLines(terms), usd(total), {})
    expect(told(credited)).toEqual(lines)
    expect(totalOf(credited, 'USD').minor).toBe(-usd(total).minor)
  })

  it('is one line of the card where its rates cost nothing: an earlier card of the period was paid', () => {
    const credited = creditLines(cardOf('Free'), [], usd('12.00'), { period: june, share: { left: 1n, whole: 2n } })
    expect(told(credited)).toEqual(['1 × Free (credited): -12.00, prorated'])
  })
})

describe('overage', () => {
  const card = cardOf('Usage', {
    usageRates: [
      usageRate({ code: 'text', name: 'Text', overage: 'CHARGE', overagePrice: flat('0.90') }),
      usageRate({ code: 'images', name: 'Images', overage: 'CHARGE', overagePrice: flat('0.003') }),
      usageRate({ code: 'blocked', name: 'Blocked' }),
    ],
  })
  it.each<[string, [string, string, string?][], string[]]>([
    // story | rate, credits, invoiced before | lines
    ['none', [], []],
    ['one rate', [['text', '8']], ['8 × Text: overage: 7.20']],
    [
      'each rate, in the card’s order',
      [
        ['images', '200'],
        ['text', '1'],
      ],
      ['1 × Text: overage: 0.90', '200 × Images: overage: 0.60'],
    ],
    ['what rounds to nothing', [['images', '1']], []],
    ['a rate that does not charge', [['blocked', '7']], []],
    ['a rate that the card has not', [['gone', '7']], []],
    ['late usage', [['text', '11', '8']], ['3 × Text: late overage: 2.70']],
  ])('%s', (_, overages, lines) => {
    const asked = overages.map(([rateCode, credits, invoiced]) => ({
      rateCode,
      credits: amountOf<'credits'>(credits),
      ...(invoiced && { invoiced: amountOf<'credits'>(invoiced) }),
    }))
    expect(told(overageLines(card, asked, june))).toEqual(lines)
  })
})
