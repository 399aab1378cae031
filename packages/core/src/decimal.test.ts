import fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  add,
  amountOf,
  type Credits,
  formatAmount,
  larger,
  multiply,
  negate,
  ONE,
  parseDecimal,
  percentOf,
  type Quantity,
  scaled,
  smaller,
  subtract,
  sum,
  ZERO,
} from './decimal.ts'
import type { ExactMoney } from './money.ts'

const credits = (text: string): Credits => amountOf(text)
const anyInput = fc
  .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 30n - 1n }), fc.integer({ min: 0, max: 999_999_999 }))
  .map(([negative, whole, fraction]) => `${negative ? '-' : ''}${whole}.${String(fraction).padStart(9, '0')}`)

describe('parseDecimal', () => {
  it.each([
    // sent by a caller          | shown again
    ['29.00', '29'],
    ['0.000003', '0.000003'],
    ['0.90', '0.9'],
    ['007', '7'],
    ['-1.5', '-1.5'],
    ['-0', '0'],
    [5, '5'],
    [-5, '-5'],
    [2 ** 53 - 1, '9007199254740991'],
    [12345678901234567890n, '12345678901234567890'],
    ['999999999999999999999999999999.999999999', '999999999999999999999999999999.999999999'],
  ])('reads %o as %s', (input, shown) => {
    expect(formatAmount(parseDecimal(input) as Credits)).toBe(shown)
  })

  it.each([
    ['a float', 0.1],
    ['an unsafe integer', 2 ** 53],
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['an exponent', '1e3'],
    ['ten decimals', '0.0000000001'],
    ['31 digits', '1000000000000000000000000000000'],
    ['31 digits as a bigint', 10n ** 30n],
    ['no digits before the point', '.5'],
    ['no digits after the point', '5.'],
    ['a plus sign', '+5'],
    ['a comma', '1,000'],
    ['spaces', ' 5 '],
    ['a line break', '5\n'],
    ['other digits than 0-9', '٥'],
    ['hexadecimal', '0x10'],
    ['nothing', ''],
    ['null', null],
    ['undefined', undefined],
    ['true', true],
    ['an object', { valueOf: () => 5 }],
    ['a list', ['5']],
  ])('refuses %s', (_, input) => {
    expect(parseDecimal(input)).toBeNull()
  })
})

describe('amountOf', () => {
  it.each([
    // stored                     | shown
    ['0.00000000000000000001', '0.00000000000000000001'],
    ['-12.50', '-12.5'],
    [3, '3'],
  ])('reads %s as %s', (stored, shown) => {
    expect(formatAmount(amountOf(stored))).toBe(shown)
  })

  it.each(['NaN', '1e5', '0.000000000000000000001', ''])('throws on %o, which Florin never stores', (stored) => {
    expect(() => amountOf(stored)).toThrow('not a stored decimal')
  })

  it('throws on a float', () => {
    expect(() => amountOf(0.5)).toThrow(RangeError)
  })
})

describe('arithmetic', () => {
  it('adds, subtracts and negates', () => {
    expect(add(credits('0.1'), credits('0.2'))).toBe(credits('0.3'))
    expect(subtract(credits('5'), credits('7.5'))).toBe(credits('-2.5'))
    expect(negate(credits('2'))).toBe(credits('-2'))
    expect(sum([credits('1'), credits('2.5'), credits('-0.5')])).toBe(credits('3'))
    expect(sum([])).toBe(ZERO)
  })

  it('tells the smaller from the larger', () => {
    expect(smaller(credits('2'), credits('10'))).toBe(credits('2'))
    expect(larger(credits('-2'), credits('-10'))).toBe(credits('-2'))
  })

  it.each([
    // quantity     | rate          | product
    ['3', '0.9', '2.7'],
    ['8', '0.90', '7.2'],
    ['0.000000001', '0.000000001', '0.000000000000000001'],
    ['-4', '0.5', '-2'],
    ['0.00000000000000000003', '0.5', '0.00000000000000000001'],
    ['-0.00000000000000000003', '0.5', '-0.00000000000000000001'],
  ])('%s × %s = %s', (quantity, rate, product) => {
    expect(multiply(amountOf<'quantity'>(quantity), amountOf(rate))).toBe(amountOf(product))
  })

  it.each([
    // base         | percent       | share
    ['100', '2.9', '2.9'],
    ['0.000000001', '0.000000001', '0.00000000000000000001'],
    ['80', '120', '96'],
  ])('of %s, %s %% is %s', (base, percent, share) => {
    expect(percentOf(amountOf(base), amountOf(percent))).toBe(amountOf(share))
  })

  it('M04 10,000 draws of 0.003 are 30, and 70 of 100 are left', () => {
    let left = credits('100')
    const draws = Array.from({ length: 10_000 }, () => credits('0.003'))
    for (const draw of draws) left = subtract(left, draw)
    expect(formatAmount(sum(draws))).toBe('30')
    expect(formatAmount(left)).toBe('70')
  })
})

describe('laws', () => {
  it('reading what was written gives the same amount', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 50n), max: 10n ** 50n }), (value) => {
        expect(amountOf(formatAmount(value))).toBe(value)
      }),
    )
  })

  it('every decimal that a caller may send is kept to the last digit', () => {
    fc.assert(
      fc.property(anyInput, (text) => {
        const canonical = text.replace(/\.?0+$/, '').replace(/^-0$/, '0')
        expect(formatAmount(parseDecimal(text) as Credits)).toBe(canonical)
      }),
    )
  })

  it('the product of two inputs is exact: it distributes over addition', () => {
    fc.assert(
      fc.property(anyInput, anyInput, anyInput, (a, b, price) => {
        const [left, right, rate] = [amountOf<'quantity'>(a), amountOf<'quantity'>(b), amountOf<'rate'>(price)]
        expect(multiply(add(left, right), rate)).toBe(add(multiply(left, rate), multiply(right, rate)))
      }),
    )
  })
})

describe('units', () => {
  it('does not let credits and money meet', () => {
    const money = amountOf<'money'>('1')
    // @ts-expect-error credits and money are different units
    add(credits('1'), money)
    // @ts-expect-error the same, the other way round
    subtract(money, credits('1'))
    // @ts-expect-error a list of both
    sum([credits('1'), money])
    // @ts-expect-error money is not a number of credits
    const asCredits: Credits = money
    // @ts-expect-error the sum by an operator is a bare bigint and no longer an amount
    const asMoney: ExactMoney = money + asCredits
    expect(asMoney).toBe(amountOf('2'))
    expectTypeOf(money).not.toExtend<Credits>()
  })

  it('gives zero and one in any unit', () => {
    const noCredits: Credits = ZERO
    const oneUnit: Quantity = ONE
    expect(formatAmount(noCredits)).toBe('0')
    expect(oneUnit).toBe(scaled(1n))
  })
})
