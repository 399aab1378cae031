import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyCredit } from './credit.ts'
import { formatMoney, parseMoney } from './money.ts'

const usd = (text: string) => parseMoney(text, 'USD') ?? expect.fail(text)

describe('account credit', () => {
  it.each([
    // due | credit | to pay | used | credit after
    ['100.00', '0.00', '100.00', '0.00', '0.00'],
    ['100.00', '71.42', '28.58', '71.42', '0.00'],
    ['100.00', '100.00', '0.00', '100.00', '0.00'],
    ['20.00', '71.42', '0.00', '20.00', '51.42'],
    ['0.00', '71.42', '0.00', '0.00', '71.42'],
    ['-71.42', '0.00', '0.00', '0.00', '71.42'],
    ['-71.42', '8.58', '0.00', '0.00', '80.00'],
    // No less than 0.50 can be charged.
    ['100.00', '99.50', '0.50', '99.50', '0.00'],
    ['100.00', '99.70', '0.50', '99.50', '0.20'],
    ['0.40', '0.30', '0.40', '0.00', '0.30'],
    ['0.40', '0.40', '0.00', '0.40', '0.00'],
  ])('%s due with %s: %s to pay, %s used, %s after', (due, credit, ...expected) => {
    const { toPay, used, credit: after } = applyCredit(usd(due), usd(credit))
    expect([toPay, used, after].map(formatMoney)).toEqual(expected)
  })

  it('leaves no part of a step that banks count in', () => {
    const kwd = (text: string) => parseMoney(text, 'KWD') ?? expect.fail(text)
    const applied = (due: string, credit: string) => {
      const { toPay, used, credit: after } = applyCredit(kwd(due), kwd(credit))
      return [toPay, used, after].map(formatMoney)
    }
    expect(applied('10.000', '1.234')).toEqual(['8.770', '1.230', '0.004'])
    expect(applied('1.000', '1.234')).toEqual(['0.000', '1.000', '0.234'])
  })

  it('is never negative, and of one currency', () => {
    expect(() => applyCredit(usd('1.00'), usd('-0.01'))).toThrow('not negative')
    expect(() => applyCredit(usd('1.00'), { minor: 1n, currency: 'EUR' })).toThrow('do not add up')
  })

  it('what is due is what is paid, what is used, and what is added', () => {
    const minor = fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n })
    fc.assert(
      fc.property(minor, fc.bigInt({ min: 0n, max: 10n ** 9n }), (due, has) => {
        const { toPay, used, credit } = applyCredit({ minor: due, currency: 'USD' }, { minor: has, currency: 'USD' })
        expect(toPay.minor - (credit.minor - has)).toBe(due)
        expect([toPay, used, credit].every(({ minor }) => minor >= 0n)).toBe(true)
        expect(used.minor <= has).toBe(true)
      }),
    )
  })
})
