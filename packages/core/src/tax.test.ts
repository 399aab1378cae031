import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { amountOf, formatAmount } from './decimal.ts'
import { addMoney, exactMoney, formatMoney, parseMoney, roundToMinor, sumMoney } from './money.ts'
import { type TaxMode, taxLines } from './tax.ts'

const money = (text: string, currency: string) => parseMoney(text, currency) ?? expect.fail(text)
const anyPercent = fc
  .bigInt({ min: 0n, max: 50n * 10n ** 9n })
  .map((nanos) => amountOf<'rate'>(formatAmount(nanos * 10n ** 11n)))
const anyLines = fc
  .array(fc.bigInt({ min: -1_000_000n, max: 1_000_000n }), { maxLength: 12 })
  .map((minors) => minors.map((minor) => ({ minor, currency: 'USD' })))

describe('tax', () => {
  it.each<[TaxMode, string, string, string, string, string]>([
    // mode | percent | currency | lines | net | tax
    ['EXCLUSIVE', '19', 'EUR', '100.00 7.20', '100.00 7.20', '19.00 1.37'],
    ['EXCLUSIVE', '8.875', 'USD', '20.00', '20.00', '1.78'],
    ['EXCLUSIVE', '10', 'JPY', '80 75', '80 75', '8 8'],
    ['EXCLUSIVE', '5', 'KWD', '1.234', '1.234', '0.062'],
    ['EXCLUSIVE', '19', 'EUR', '100.00 -20.00', '100.00 -20.00', '19.00 -3.80'],
    ['EXCLUSIVE', '0', 'EUR', '100.00', '100.00', '0.00'],
    ['EXCLUSIVE', '19', 'EUR', '', '', ''],
    ['INCLUSIVE', '19', 'EUR', '119.00', '100.00', '19.00'],
    ['INCLUSIVE', '19', 'EUR', '100.00 7.20', '84.03 6.05', '15.97 1.15'],
    ['INCLUSIVE', '20', 'EUR', '0.03 0.03 0.03', '0.02 0.02 0.03', '0.01 0.01 0.00'],
    ['INCLUSIVE', '10', 'JPY', '110 55', '100 50', '10 5'],
    ['INCLUSIVE', '19', 'EUR', '119.00 -11.90', '100.00 -10.00', '19.00 -1.90'],
    ['INCLUSIVE', '19', 'EUR', '0.00 119.00', '0.00 100.00', '0.00 19.00'],
    ['INCLUSIVE', '0', 'EUR', '100.00', '100.00', '0.00'],
    ['INCLUSIVE', '19', 'EUR', '', '', ''],
  ])('%s at %s %% in %s of %s: net %s, tax %s', (mode, percent, currency, lines, net, tax) => {
    const amounts = lines
      .split(' ')
      .filter(Boolean)
      .map((line) => money(line, currency))
    const taxed = taxLines(amounts, amountOf(percent), mode)
    expect(taxed.map((line) => formatMoney(line.net)).join(' ')).toBe(net)
    expect(taxed.map((line) => formatMoney(line.tax)).join(' ')).toBe(tax)
  })

  it('is not negative', () => {
    expect(() => taxLines([], amountOf('-1'), 'EXCLUSIVE')).toThrow('not negative')
  })

  it('on top or within: net and tax are gross, and one of them is the line', () => {
    fc.assert(
      fc.property(anyLines, anyPercent, (lines, percent) => {
        for (const mode of ['EXCLUSIVE', 'INCLUSIVE'] as const) {
          const taxed = taxLines(lines, percent, mode)
          expect(taxed.map(({ net, gross }) => (mode === 'EXCLUSIVE' ? net : gross))).toEqual(lines)
          for (const { net, tax, gross } of taxed) expect(addMoney(net, tax)).toEqual(gross)
        }
      }),
    )
  })

  it('M02 within: taxes of charged lines sum to the tax of their total, rounded once, each within a cent of its own', () => {
    const charged = fc.array(fc.bigInt({ min: 1n, max: 1_000_000n }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(charged, anyPercent, (minors, percent) => {
        const lines = minors.map((minor) => ({ minor, currency: 'USD' }))
        const taxes = taxLines(lines, percent, 'INCLUSIVE').map(({ tax }) => tax)
        const rate = 100n * 10n ** 20n + percent
        const total = sumMoney(lines, 'USD')
        const exact = (exactMoney(total) * percent) / rate
        expect(sumMoney(taxes, 'USD')).toEqual(roundToMinor(exact as ReturnType<typeof exactMoney>, 'USD'))
        for (const [index, { minor }] of taxes.entries()) {
          const off = minor * rate - (minors[index] as bigint) * percent
          expect(off < 2n * rate && off > -2n * rate).toBe(true)
        }
      }),
    )
  })
})
