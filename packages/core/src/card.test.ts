import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cardOf, fixedRate, flat, free, premium, starter, usageRate } from './card.samples.ts'
import {
  allowancesOf,
  fixedCharge,
  fixedTotal,
  isAdjustable,
  overageCharge,
  type Quantities,
  quantityOf,
  type RateCard,
} from './card.ts'
import { amountOf, formatAmount, type Quantity, type Rate } from './decimal.ts'
import { formatMoney, roundToMinor } from './money.ts'
import type { CumulativePrice, Price } from './price.ts'

const rate = (text: string): Rate => amountOf(text)
const units = (text: string): Quantity => amountOf(text)
const perThousand: Price = { package: { amount: rate('1'), units: units('1000'), rounding: 'UP' } }
const seats: CumulativePrice = {
  graduated: { tiers: [{ upTo: units('3'), unit: rate('0'), flat: rate('29') }, { unit: rate('8') }] },
}

const allowance = (creditType: string, amount: string): RateCard['allowances'][number] => ({
  creditType,
  amount: amountOf(amount),
  rollover: 'NONE',
  rolloverCap: null,
  rolloverPeriods: null,
})
const brings = (card: RateCard, quantities: Quantities = {}): string =>
  [...allowancesOf(card, quantities)].map(([creditType, amount]) => `${formatAmount(amount)} ${creditType}`).join(', ')

describe('a period brings', () => {
  const included = (includedUnits: string, creditCost: Price | null = null, creditType = 'credits') =>
    usageRate({ includedUnits: units(includedUnits), creditCost, creditType })
  it.each<[string, Partial<RateCard>, string]>([
    // card | terms | credits
    ['nothing', {}, ''],
    ['an allowance', { allowances: [allowance('credits', '105')] }, '105 credits'],
    ['an allowance of zero', { allowances: [allowance('credits', '0')] }, ''],
    ['two of one type', { allowances: [allowance('credits', '100'), allowance('credits', '0.5')] }, '100.5 credits'],
    ['two types', { allowances: [allowance('credits', '5'), allowance('images', '2')] }, '5 credits, 2 images'],
    ['included units, a credit each', { usageRates: [included('1000')] }, '1000 credits'],
    ['included units at half a credit', { usageRates: [included('1000', flat('0.5'))] }, '500 credits'],
    ['included units at dust', { usageRates: [included('3', flat('0.000000001'))] }, '0.000000003 credits'],
    ['no included units', { usageRates: [included('0', flat('0.5'))] }, ''],
    [
      'included units beside an allowance',
      {
        allowances: [allowance('credits', '5')],
        usageRates: [included('20', flat('2')), included('3', null, 'images')],
      },
      '45 credits, 3 images',
    ],
    ['included units at a price that is not flat', { usageRates: [included('1000', perThousand)] }, ''],
  ])('%s', (_, terms, expected) => {
    expect(brings(cardOf('Plan', terms))).toBe(expected)
  })

  it('an allowance for each seat', () => {
    const seats = { code: 'seats', name: 'Seats', price: flat('19'), defaultQuantity: 3 }
    const pooled = { ...allowance('credits', '300'), perQuantityOf: 'seats' }
    const team = cardOf('Team', { fixedRates: [seats], allowances: [pooled, allowance('credits', '50')] })
    expect([brings(team), brings(team, { seats: 10 }), brings(team, { seats: 0 })]).toEqual([
      '950 credits',
      '3050 credits',
      '50 credits',
    ])
  })

  it('what the worked example says', () => {
    expect([free, starter, premium].map((card) => brings(card))).toEqual(['5 credits', '25 credits', '105 credits'])
  })
})

describe('a period charges in advance', () => {
  it.each<[string, string, CumulativePrice, Record<string, number>, string]>([
    // story           | currency | price       | quantities | charge
    ['the default quantity', 'USD', flat('20'), {}, '40.00'],
    ['another quantity', 'USD', flat('20'), { seats: 5 }, '100.00'],
    ['none', 'USD', flat('20'), { seats: 0 }, '0.00'],
    ['what another rate has', 'USD', flat('20'), { plan: 5 }, '40.00'],
    ['three seats for one price', 'USD', seats, { seats: 3 }, '29.00'],
    ['the fourth seat', 'USD', seats, { seats: 4 }, '37.00'],
    ['half a cent away from zero', 'USD', flat('0.005'), { seats: 1 }, '0.01'],
    ['less than half a cent', 'USD', flat('0.004999999'), { seats: 1 }, '0.00'],
    ['yen without decimals', 'JPY', flat('80'), { seats: 1 }, '80'],
    ['half a yen', 'JPY', flat('80.5'), { seats: 1 }, '81'],
    ['fils with three decimals', 'KWD', flat('1.2345'), { seats: 1 }, '1.235'],
  ])('%s', (_, currency, price, quantities, expected) => {
    const card = cardOf('Team', { currency, fixedRates: [fixedRate('seats', price, 2)] })
    expect(formatMoney(fixedCharge(card, card.fixedRates[0] ?? expect.fail(), quantities))).toBe(expected)
    expect(formatMoney(fixedTotal(card, quantities))).toBe(expected)
  })

  it('the sum of its lines: each is rounded, the total is not', () => {
    const card = cardOf('Team', { fixedRates: [fixedRate('a', flat('0.005')), fixedRate('b', flat('0.005'))] })
    expect(formatMoney(fixedTotal(card, {}))).toBe('0.02')
  })

  it('nothing where it has no fixed rates', () => {
    expect(formatMoney(fixedTotal(cardOf('Usage only'), {}))).toBe('0.00')
  })

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])('a rate may be called %s', (code) => {
    expect(quantityOf(fixedRate(code, flat('20'), 2), {})).toBe(2)
    expect(quantityOf(fixedRate(code, flat('20'), 2), JSON.parse(`{ "${code}": 7 }`))).toBe(7)
  })

  it('the quantity that a subscription has, and the card’s where it says nothing', () => {
    const rate = fixedRate('seats', flat('20'), 2)
    expect([{}, { seats: 0 }, { seats: 7 }, { plan: 7 }].map((has) => quantityOf(rate, has))).toEqual([2, 0, 7, 2])
  })
})

describe('overage', () => {
  it.each<[string, CumulativePrice | null, string, string]>([
    // overage price    | price       | credits | money
    ['flat', flat('0.90'), '8', '7.20'],
    ['flat, dust', flat('0.90'), '0.000000001', '0.00'],
    ['flat, dust that rounds up', flat('0.90'), '0.005555556', '0.01'],
    ['flat, nothing over', flat('0.90'), '0', '0.00'],
    ['package', { package: { amount: rate('5'), units: units('10'), rounding: 'UP' } }, '11', '10.00'],
    ['graduated', seats, '5', '45.00'],
    ['volume', { volume: { tiers: [{ upTo: units('4'), unit: rate('2') }, { unit: rate('1') }] } }, '5', '5.00'],
    ['none: blocked', null, '8', '0.00'],
  ])('%s', (_, overagePrice, credits, money) => {
    const blockedOrNot = usageRate({ overage: overagePrice ? 'CHARGE' : 'BLOCK', overagePrice })
    expect(formatMoney(roundToMinor(overageCharge(blockedOrNot, amountOf(credits)), 'USD'))).toBe(money)
  })

  it.each<[string, CumulativePrice, string]>([
    // late usage | price | money for the 3 credits that came after the 8
    ['flat', flat('0.90'), '2.70'],
    ['in the package that was charged', { package: { amount: rate('5'), units: units('20'), rounding: 'UP' } }, '0.00'],
    ['in the next package', { package: { amount: rate('5'), units: units('10'), rounding: 'UP' } }, '5.00'],
  ])('that comes after the invoice costs the difference that it makes: %s', (_, overagePrice, money) => {
    const rate = usageRate({ overage: 'CHARGE', overagePrice })
    expect(formatMoney(roundToMinor(overageCharge(rate, amountOf('11'), amountOf('8')), 'USD'))).toBe(money)
  })

  it('is priced as a whole and rounded once: 200 credits of 0.003 cost 0.60, not 200 lines of 0.00', () => {
    const dust = usageRate({ overage: 'CHARGE', overagePrice: flat('0.003') })
    expect(formatMoney(roundToMinor(overageCharge(dust, amountOf('200')), 'USD'))).toBe('0.60')
  })
})

it('fixed rates add up to the total, whatever their prices and quantities', () => {
  const price = fc.bigInt({ min: 0n, max: 10n ** 12n }).map((nanos) => flat(formatAmount(nanos * 10n ** 11n)))
  const rates = fc.array(fc.tuple(price, fc.nat(1_000)), { maxLength: 8 })
  fc.assert(
    fc.property(rates, fc.constantFrom('USD', 'JPY', 'KWD'), (terms, currency) => {
      const fixedRates = terms.map(([price], index) => fixedRate(`r${index}`, price))
      const quantities = Object.fromEntries(terms.map(([, quantity], index) => [`r${index}`, quantity]))
      const card = cardOf('Any', { currency, fixedRates })
      const lines = fixedRates.map((rate) => fixedCharge(card, rate, quantities).minor)
      expect(fixedTotal(card, quantities)).toEqual({ minor: lines.reduce((a, b) => a + b, 0n), currency })
    }),
  )
})

describe('what customers take another number of', () => {
  const fee = fixedRate('fee', flat('8'))
  it.each<[string, ReturnType<typeof fixedRate>, Partial<RateCard>, boolean]>([
    ['a base fee is one', fee, {}, false],
    ['credits come with each', fee, { allowances: [{ ...allowance('credits', '50'), perQuantityOf: 'fee' }] }, true],
    ['it begins with another number', fixedRate('fee', flat('8'), 2), {}, true],
    ['its price depends on the number', fixedRate('fee', seats), {}, true],
    ['the card says so', { ...fee, adjustable: true }, {}, true],
    ['the card says that it is not', { ...fixedRate('fee', seats, 2), adjustable: false }, {}, false],
  ])('%s', (_, rate, card, adjustable) => {
    expect(isAdjustable(cardOf('card', { fixedRates: [rate], ...card }), rate)).toBe(adjustable)
  })
})
