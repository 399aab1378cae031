import { expect, test } from 'vitest'
import { createFormats } from './formats.ts'

const american = createFormats('en-US', 'UTC')
const german = createFormats('de-DE', 'Europe/Berlin')

test.each([
  ['5', '5', '5'],
  ['0.003', '0.003', '0,003'],
  ['1234567890123456789.123456789', '1,234,567,890,123,456,789.123456789', '1.234.567.890.123.456.789,123456789'],
  ['0.000000000000000001', '0.000000000000000001', '0,000000000000000001'],
  ['-1.50', '−1.5', '−1,5'],
])('a decimal keeps its digits: %s', (decimal, inAmerica, inGermany) => {
  expect([american.number(decimal), german.number(decimal)]).toEqual([inAmerica, inGermany])
})

test.each([
  ['20.00', 'USD', '$20.00', '$20'],
  ['20.50', 'USD', '$20.50', '$20.50'],
  ['-20.50', 'USD', '−$20.50', '−$20.50'],
  ['0.90', 'USD', '$0.90', '$0.90'],
  ['0.003', 'USD', '$0.003', '$0.003'],
  ['500', 'JPY', '¥500', '¥500'],
  ['1.500', 'KWD', 'KWD\u00a01.500', 'KWD\u00a01.500'],
  ['90071992547409.93', 'USD', '$90,071,992,547,409.93', '$90,071,992,547,409.93'],
])('money has its currency’s decimals, and a price tag none in vain: %s %s', (amount, currency, money, price) => {
  expect([american.money({ amount, currency }), american.price({ amount, currency })]).toEqual([money, price])
})

test('a day is that of the time zone, a bucket that of the customer', () => {
  expect(german.date('2026-01-31T23:30:00Z')).toBe('01.02.2026')
  const sydney = { start: '2026-01-31T13:00:00Z', end: '2026-02-01T13:00:00Z' }
  expect(american.bucket(sydney, 'long')).toBe('Sun, Feb 1')
  expect(american.bucket({ start: '2026-01-31T13:00:00Z', end: '2026-02-28T13:00:00Z' }, 'long')).toBe('February 2026')
  expect(american.bucket({ start: '2026-02-01T13:00:00Z', end: '2026-02-01T14:00:00Z' }, 'short')).toMatch(/^1:00\sPM$/)
})
