import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CURRENCIES, currencyDecimals } from './currency.ts'
import { amountOf, formatAmount, percentOf, sum } from './decimal.ts'
import {
  addMoney,
  exactMoney,
  formatMoney,
  type Money,
  negateMoney,
  notNegative,
  parseMoney,
  roundToMinor,
  smallerMoney,
  splitMoney,
  subtractMoney,
  sumMoney,
  zeroMoney,
} from './money.ts'

const usd = (minor: bigint): Money => ({ minor, currency: 'USD' })
const anyCurrency = fc.constantFrom(...CURRENCIES)
const anyMinor = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n })

describe('currencyDecimals', () => {
  it.each([
    // code | decimals
    ['USD', 2],
    ['EUR', 2],
    ['JPY', 0],
    ['KRW', 0],
    ['KWD', 3],
    ['usd', null],
    ['XXX', null],
    ['', null],
  ])('%s: %s', (code, decimals) => {
    expect(currencyDecimals(code)).toBe(decimals)
  })

  it('lists each currency once, as three capital letters', () => {
    expect(new Set(CURRENCIES).size).toBe(CURRENCIES.length)
    expect(CURRENCIES.filter((code) => !/^[A-Z]{3}$/.test(code))).toEqual([])
    expect(CURRENCIES.length).toBeGreaterThan(140)
  })
})

describe('minor units', () => {
  it.each([
    // currency | major      | minor  | shown
    ['JPY', '80', 80n, '80'],
    ['USD', '0.80', 80n, '0.80'],
    ['KWD', '1.234', 1234n, '1.234'],
    ['USD', '107.2', 10720n, '107.20'],
    ['USD', '-0.05', -5n, '-0.05'],
    ['JPY', '-80', -80n, '-80'],
    ['KWD', '0', 0n, '0.000'],
    ['EUR', 20, 2000n, '20.00'],
  ])('P20 %s %s is %s minor units, shown as %s', (currency, major, minor, shown) => {
    const money = parseMoney(major, currency)
    expect(money).toEqual({ minor, currency })
    expect(formatMoney({ minor, currency })).toBe(shown)
  })

  it('P20 minor units come back the same through text and through exact amounts, in every currency', () => {
    fc.assert(
      fc.property(anyMinor, anyCurrency, (minor, currency) => {
        const money = { minor, currency }
        expect(parseMoney(formatMoney(money), currency)).toEqual(money)
        expect(roundToMinor(exactMoney(money), currency)).toEqual(money)
      }),
    )
  })

  it.each([
    ['80.5', 'JPY', 'half a yen'],
    ['0.001', 'USD', 'a tenth of a cent'],
    ['ten', 'USD', 'words'],
    [0.5, 'USD', 'a float'],
    ['10', 'XXX', 'an unknown currency'],
  ])('refuses %o %s: %s', (input, currency, _why) => {
    expect(parseMoney(input, currency)).toBeNull()
  })
})

describe('roundToMinor', () => {
  it.each([
    // exact amount          | currency | rounded
    ['1.005', 'USD', '1.01'],
    ['-1.005', 'USD', '-1.01'],
    ['1.00499999999999999999', 'USD', '1.00'],
    ['0.003', 'USD', '0.00'],
    ['-0.003', 'USD', '0.00'],
    ['0.5', 'JPY', '1'],
    ['-0.5', 'JPY', '-1'],
    ['2.5', 'JPY', '3'],
    ['1.2345', 'KWD', '1.235'],
    ['7.2', 'USD', '7.20'],
  ])('%s %s is %s', (exact, currency, rounded) => {
    expect(formatMoney(roundToMinor(amountOf(exact), currency))).toBe(rounded)
  })

  it('M01 a fee of 0.65 % + 2.9 % + 0.50 on 100.00 is 4.05, where floats say 4.06', () => {
    const fee = (percent: string) => percentOf<'money'>(amountOf('100'), amountOf(percent))
    const exact = sum([fee('0.65'), fee('2.9'), amountOf<'money'>('0.50')])
    expect(formatAmount(exact)).toBe('4.05')
    expect(roundToMinor(exact, 'USD')).toEqual(usd(405n))
    expect(Math.ceil(10000 * (0.65 / 100 + 0.029) + 50)).toBe(406)
  })

  it('throws on a currency that is not billed in', () => {
    expect(() => roundToMinor(amountOf('1'), 'XXX')).toThrow('XXX')
  })

  it('is never more than half a minor unit off, and the same for a credit note', () => {
    const anyExact = fc
      .bigInt({ min: -(10n ** 40n), max: 10n ** 40n })
      .map((value) => amountOf<'money'>(formatAmount(value)))
    fc.assert(
      fc.property(anyExact, anyCurrency, (exact, currency) => {
        const rounded = roundToMinor(exact, currency)
        const error = exactMoney(rounded) - exact
        expect((error < 0n ? -error : error) * 2n).toBeLessThanOrEqual(exactMoney({ minor: 1n, currency }))
        expect(roundToMinor(amountOf(formatAmount(-exact)), currency)).toEqual(negateMoney(rounded))
      }),
    )
  })
})

describe('adding up', () => {
  it('adds and subtracts in one currency', () => {
    expect(addMoney(usd(720n), usd(10_000n))).toEqual(usd(10_720n))
    expect(subtractMoney(usd(2_000n), usd(10_000n))).toEqual(usd(-8_000n))
    expect(sumMoney([usd(1n), usd(2n), usd(-4n)], 'USD')).toEqual(usd(-1n))
    expect(sumMoney([], 'JPY')).toEqual(zeroMoney('JPY'))
  })

  it.each([
    // one | other | smaller | not below zero
    [5n, 7n, 5n, 5n],
    [7n, 5n, 5n, 5n],
    [-7n, 5n, -7n, 0n],
    [0n, 0n, 0n, 0n],
  ])('of %s and %s cents, %s is the smaller; not below zero it is %s', (one, other, smaller, notBelow) => {
    expect(smallerMoney(usd(one), usd(other))).toEqual(usd(smaller))
    expect(notNegative(usd(smaller))).toEqual(usd(notBelow))
    expect(() => smallerMoney(usd(one), { minor: other, currency: 'EUR' })).toThrow('do not add up')
  })

  it('throws on mixed currencies', () => {
    const yen = { minor: 1n, currency: 'JPY' }
    expect(() => addMoney(usd(1n), yen)).toThrow('USD and JPY')
    expect(() => subtractMoney(usd(1n), yen)).toThrow('USD and JPY')
    expect(() => sumMoney([usd(1n), yen], 'USD')).toThrow('USD and JPY')
  })
})

describe('splitMoney', () => {
  it.each([
    // total | weights              | shares
    [100n, [1n, 1n, 1n], [34n, 33n, 33n]],
    [-100n, [1n, 1n, 1n], [-34n, -33n, -33n]],
    [100n, [1n, 2n, 3n], [17n, 33n, 50n]],
    [5n, [3n, 7n], [2n, 3n]],
    [1n, [0n, 1n, 0n], [0n, 1n, 0n]],
    [0n, [1n, 1n], [0n, 0n]],
    [2n, [1n, 1n, 1n], [1n, 1n, 0n]],
  ])('%s by %s is %s', (total, weights, shares) => {
    expect(splitMoney(usd(total), weights).map(({ minor }) => minor)).toEqual(shares)
  })

  it.each([[[]], [[0n, 0n]], [[2n, -1n]]])('throws on weights %s', (weights) => {
    expect(() => splitMoney(usd(1n), weights)).toThrow('weights')
  })

  it('M02 81 lines of 100.00 sum to 100.00', () => {
    const lines = splitMoney(
      usd(10_000n),
      Array.from({ length: 81 }, () => 1n),
    )
    expect(sumMoney(lines, 'USD')).toEqual(usd(10_000n))
  })

  it('M02 the lines of 10,000 random invoices sum to their totals, each within a minor unit of its share', () => {
    const weight = fc.bigInt({ min: 0n, max: 10n ** 12n })
    const weights = fc.array(weight, { minLength: 1, maxLength: 81 }).filter((all) => all.some((one) => one > 0n))
    fc.assert(
      fc.property(anyMinor, anyCurrency, weights, (minor, currency, parts) => {
        const lines = splitMoney({ minor, currency }, parts)
        const whole = parts.reduce((total, part) => total + part, 0n)
        expect(sumMoney(lines, currency)).toEqual({ minor, currency })
        for (const [index, line] of lines.entries()) {
          const error = line.minor * whole - minor * (parts[index] as bigint)
          if (error >= whole || error <= -whole) expect.fail(`line ${index} is ${line.minor}`)
        }
      }),
      { numRuns: 10_000 },
    )
  })
})
