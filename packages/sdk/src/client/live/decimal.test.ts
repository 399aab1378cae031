import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compare, formatDecimal, multiply, parseDecimal } from './decimal.ts'

const decimal = (text: string | number) => {
  const parsed = parseDecimal(text)
  if (!parsed) throw new Error(`${text} is no decimal`)
  return parsed
}

test.each([
  ['3', '2', '6'],
  ['0.003', '1000', '3'],
  ['0.1', '0.2', '0.02'],
  ['123456789.123456789', '10', '1234567891.23456789'],
  ['-1.5', '3', '-4.5'],
  ['7', '0', '0'],
])('%s × %s = %s', (a, b, product) => {
  expect(formatDecimal(multiply(decimal(a), decimal(b)))).toBe(product)
})

test.each(['', '1e21', 1e21, 'five', '1.', '.5', Number.NaN])('%s is no decimal', (value) => {
  expect(parseDecimal(value)).toBeNull()
})

test('decimals compare by value, whatever their digits', () => {
  fc.assert(
    fc.property(fc.bigInt(), fc.bigInt(), fc.nat(12), (a, b, zeros) => {
      const padded = `${b}.0${'0'.repeat(zeros)}`
      expect(Math.sign(Number(compare(decimal(String(a)), decimal(padded))))).toBe(a < b ? -1 : a > b ? 1 : 0)
    }),
  )
})
