import { expect, test } from 'vitest'
import { formatMoney, formatNumber, isZero } from './formats.ts'

test.each([
  ['1234.50', 'USD', 'en-US', '$1,234.50'],
  ['-6.00', 'USD', 'en-US', '−$6.00'],
  ['500', 'JPY', 'en-US', '¥500'],
  ['1.250', 'KWD', 'en-US', 'KWD\u00a01.250'],
  ['12.50', 'AFN', 'en-US', '؋12.50'],
  ['90071992547409931.25', 'EUR', 'en-US', '€90,071,992,547,409,931.25'],
])('%s %s is shown as the currency writes it', (amount, currency, locale, shown) => {
  expect(formatMoney({ amount, currency }, locale)).toBe(shown)
})

test('credits keep all of their decimals', () => {
  expect(formatNumber('1000.000000003', 'en-US')).toBe('1,000.000000003')
  expect(formatNumber('-50', 'en-US')).toBe('−50')
})

test('knows nothing when it sees it', () => {
  expect([isZero('0.00'), isZero('-0'), isZero('0.01')]).toEqual([true, true, false])
})
