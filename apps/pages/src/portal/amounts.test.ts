import { expect, test } from 'vitest'
import { moneyOf, readAmount, shortMoney } from './amounts.ts'

test.each([
  ['50', '50'],
  [' 50.00 ', '50.00'],
  ['0,5', '0.5'],
  ['12,50', '12.50'],
  ['007', '7'],
  ['1 000', '1000'],
  ['0.003', '0.003'],
  ['0', '0'],
])('%j is %s', (typed, amount) => expect(readAmount(typed)).toBe(amount))

test.each([
  '',
  ' ',
  'ten',
  '-5',
  '1e3',
  '1,000',
  '1.000,00',
  '1.2.3',
  '.5',
  '5.',
  '1'.repeat(13),
  '0.1234567890',
  '$5',
])('%j is no amount, or could be two', (typed) => expect(readAmount(typed)).toBeNull())

test.each([
  ['50', 'USD', '$50.00'],
  ['7.2', 'USD', '$7.20'],
  ['500', 'JPY', '¥500'],
  ['1.5', 'KWD', 'KWD 1.500'],
  ['0.0005', 'USD', '$0.0005'],
])('%s %s is %s', (amount, currency, shown) => {
  expect(moneyOf(amount, currency, 'en-US').replaceAll('\u00a0', ' ')).toBe(shown)
})

test.each([
  ['20.00', 'USD', '$20'],
  ['20.50', 'USD', '$20.50'],
  ['0.9', 'USD', '$0.90'],
  ['0.005', 'USD', '$0.005'],
  ['1200', 'JPY', '¥1,200'],
])('%s %s on a list of prices is %s', (amount, currency, words) => {
  expect(shortMoney(amount, currency, 'en-US')).toBe(words)
})
