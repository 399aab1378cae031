import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cardOf, fixedRate, flat, free, premium, starter } from './card.samples.ts'
import { allowancesOf, fixedTotal, type RateCard } from './card.ts'
import { changeAtStart } from './change.samples.ts'
import { type ChangePlan, planStart } from './change.ts'
import { amountOf, formatAmount } from './decimal.ts'
import { formatMoney, negateMoney, sumMoney } from './money.ts'

const team = cardOf('Team', {
  fixedRates: [
    { code: 'plan', name: 'Team', price: flat('29'), defaultQuantity: 1 },
    { code: 'seats', name: 'Seats', price: flat('8'), defaultQuantity: 2 },
    { code: 'support', name: 'Support', price: flat('0'), defaultQuantity: 1 },
  ],
})
const withCredits = (name: string, credits: Record<string, string>) =>
  cardOf(name, {
    allowances: Object.entries(credits).map(([creditType, amount]) => ({
      creditType,
      amount: amountOf<'credits'>(amount),
      rollover: 'NONE',
      rolloverCap: null,
      rolloverPeriods: null,
    })),
  })

const lines = ({ lines }: ChangePlan): string[] =>
  lines.map(({ quantity, description, amount }) => `${formatAmount(quantity)} × ${description}: ${formatMoney(amount)}`)
const credits = ({ allowances }: ChangePlan): string =>
  [...allowances].map(([creditType, amount]) => `${formatAmount(amount)} ${creditType}`).join(', ')
const change = (from: RateCard, to: RateCard): ChangePlan =>
  changeAtStart({ card: from, quantities: {} }, { card: to, quantities: {} })

describe('to start a card', () => {
  it.each<[string, RateCard, Record<string, number>, string, string[], string]>([
    // card   | card     | quantities | due  | lines | credits
    ['free', free, {}, '0.00', [], '5 credits'],
    ['paid', premium, {}, '100.00', ['1 × Premium: 100.00'], '105 credits'],
    ['with seats', team, { seats: 5 }, '69.00', ['1 × Team: 29.00', '5 × Team: Seats: 40.00'], ''],
    ['with the card’s seats', team, {}, '45.00', ['1 × Team: 29.00', '2 × Team: Seats: 16.00'], ''],
    ['without seats', team, { seats: 0 }, '29.00', ['1 × Team: 29.00'], ''],
  ])('%s', (_, card, quantities, due, told, brings) => {
    const plan = planStart(card, quantities)
    expect(formatMoney(plan.due)).toBe(due)
    expect(lines(plan)).toEqual(told)
    expect(credits(plan)).toBe(brings)
  })
})

describe('to change the card by RATE_DIFFERENCE', () => {
  it.each<[string, RateCard, RateCard, string, string[], string]>([
    // change | from | to | due now | lines | credits now
    ['free to paid', free, premium, '100.00', ['1 × Premium: 100.00'], '100 credits'],
    [
      'paid to dearer',
      starter,
      premium,
      '80.00',
      ['1 × Premium: 100.00', '1 × Starter (credited): -20.00'],
      '80 credits',
    ],
    [
      'paid to cheaper',
      premium,
      starter,
      '-80.00',
      ['1 × Starter: 20.00', '1 × Premium (credited): -100.00'],
      '-80 credits',
    ],
    ['paid to free', starter, free, '-20.00', ['1 × Starter (credited): -20.00'], '-20 credits'],
    ['to itself', starter, starter, '0.00', ['1 × Starter: 20.00', '1 × Starter (credited): -20.00'], ''],
    [
      'S01 an upgrade brings the difference, never both: 360 + 540 is 900',
      withCredits('Pro', { credits: '360' }),
      withCredits('Mega', { credits: '900' }),
      '0.00',
      [],
      '540 credits',
    ],
    [
      'from one credit type to another',
      withCredits('Text', { tokens: '10', both: '3' }),
      withCredits('Image', { images: '4', both: '3' }),
      '0.00',
      [],
      '-10 tokens, 4 images',
    ],
  ])('%s', (_, from, to, due, told, brings) => {
    const plan = change(from, to)
    expect(formatMoney(plan.due)).toBe(due)
    expect(lines(plan)).toEqual(told)
    expect(credits(plan)).toBe(brings)
  })

  it('more seats of the same card: the new number is charged, the old one credited', () => {
    const plan = changeAtStart({ card: team, quantities: { seats: 2 } }, { card: team, quantities: { seats: 5 } })
    expect(formatMoney(plan.due)).toBe('24.00')
    expect(lines(plan)).toEqual([
      '1 × Team: 29.00',
      '5 × Team: Seats: 40.00',
      '1 × Team (credited): -29.00',
      '2 × Team: Seats (credited): -16.00',
    ])
  })

  it('is not possible between currencies', () => {
    const yen = cardOf('Yen', { currency: 'JPY', fixedRates: [fixedRate('plan', flat('3000'))] })
    expect(() => change(yen, premium)).toThrow('do not add up')
  })
})

describe('whatever the cards', () => {
  const decimal = fc.bigInt({ min: 0n, max: 10n ** 12n }).map((nanos) => formatAmount(nanos * 10n ** 11n))
  const card = fc.tuple(fc.array(decimal, { maxLength: 3 }), fc.dictionary(fc.constantFrom('a', 'b'), decimal)).map(
    ([prices, allowances]): RateCard => ({
      ...withCredits('Any', allowances),
      fixedRates: prices.map((price, index) => fixedRate(`r${index}`, flat(price))),
    }),
  )

  it('lines sum to what is due, and none is empty', () => {
    fc.assert(
      fc.property(card, card, (from, to) => {
        for (const plan of [planStart(to, {}), change(from, to)]) {
          const amounts = plan.lines.map(({ amount }) => amount)
          expect(sumMoney(amounts, 'USD')).toEqual(plan.due)
          expect(amounts.filter(({ minor }) => minor === 0n)).toEqual([])
        }
      }),
    )
  })

  it('to start one and change to another moves, in all, what the other brings and costs', () => {
    fc.assert(
      fc.property(card, card, (from, to) => {
        const [start, then] = [planStart(from, {}), change(from, to)]
        expect(sumMoney([start.due, then.due], 'USD')).toEqual(fixedTotal(to, {}))
        for (const type of ['a', 'b']) {
          const moved = (start.allowances.get(type) ?? 0n) + (then.allowances.get(type) ?? 0n)
          expect(moved).toBe(allowancesOf(to, {}).get(type) ?? 0n)
        }
      }),
    )
  })

  it('there and back again is nothing', () => {
    fc.assert(
      fc.property(card, card, (one, other) => {
        const [there, back] = [change(one, other), change(other, one)]
        expect(back.due).toEqual(negateMoney(there.due))
        for (const [type, amount] of there.allowances) expect(back.allowances.get(type)).toBe(-amount)
        expect(back.allowances.size).toBe(there.allowances.size)
      }),
    )
  })
})
