import { expect, test } from 'vitest'
import { add, compare, decimalOf, multiply, negate, textOf } from './decimal.ts'

test.each([
  ['0.1', '0.2', '0.3', '0.02'],
  ['20.00', '5', '25', '100'],
  ['-1.5', '1.5', '0', '-2.25'],
  ['99999999999999999999.999999999', '0.000000001', '100000000000000000000', '99999999999.999999999999999999'],
])('%s and %s are %s and %s', (a, b, sum, product) => {
  expect(textOf(add(decimalOf(a), decimalOf(b)))).toBe(sum)
  expect(textOf(multiply(decimalOf(a), decimalOf(b)))).toBe(product)
})

test('knows the larger', () => {
  expect(compare(decimalOf('1.50'), decimalOf('1.5'))).toBe(0)
  expect(compare(decimalOf('-2'), decimalOf('1'))).toBe(-1)
  expect(textOf(negate(decimalOf('100')))).toBe('-100')
  expect(() => decimalOf('1e3')).toThrow('no decimal')
})
