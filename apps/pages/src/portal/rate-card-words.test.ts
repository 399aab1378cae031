import { formatAmount } from '@florin/core'
import { mockRateCard } from '@florin/sdk/testing'
import { expect, test } from 'vitest'
import { adjustableRates, costOf, priceWords } from './rate-card-words.ts'

const flat = (amount: string) => ({ flat: { amount } })
const rate = (price: object, more = {}) => ({
  code: 'fee',
  name: 'Fee',
  price,
  defaultQuantity: 1,
  adjustable: false,
  ...more,
})
const TIERS = [{ upTo: '10', unit: '5' }, { upTo: '20', unit: '4', flat: '7' }, { unit: '3' }]

test.each([
  ['flat', flat('19.00'), 8, '152'],
  ['packages, rounded up', { package: { amount: '5', units: '10', rounding: 'UP' } }, 11, '10'],
  ['packages, rounded down', { package: { amount: '5', units: '10', rounding: 'DOWN' } }, 19, '5'],
  ['graduated, none', { graduated: { tiers: TIERS } }, 0, '0'],
  ['graduated, at a bound', { graduated: { tiers: TIERS } }, 10, '50'],
  ['graduated, through all', { graduated: { tiers: TIERS } }, 25, '112'], // 50 + 40 + 7 + 15
  ['volume, at a bound', { volume: { tiers: TIERS } }, 20, '87'], // 80 + 7
  ['volume, beyond', { volume: { tiers: TIERS } }, 21, '63'],
])('%s', (_, price, quantity, cost) => {
  expect(formatAmount(costOf({ price }, quantity))).toBe(cost)
})

test('a price is the sum of what a card charges in advance, for so many', () => {
  const team = mockRateCard({
    interval: 'YEAR',
    fixedRates: [rate(flat('40.00')), rate(flat('19.00'), { code: 'seats', name: 'Seats', adjustable: true })],
  })
  expect(priceWords(team, { seats: 8 }, 'en-US')).toBe('$192 a year')
  expect(priceWords(mockRateCard(), {}, 'en-US')).toBe('$0 a month')
  expect(adjustableRates(team).map(({ code }) => code)).toEqual(['seats'])
})

test('a customer chooses the number of what comes in numbers, and of what they have more of', () => {
  const adjustable = (more: object, has = {}) =>
    adjustableRates(mockRateCard({ fixedRates: [rate(flat('1'), more)] }), has)
  expect(adjustable({})).toHaveLength(0)
  expect(adjustable({ adjustable: true })).toHaveLength(1)
  expect(adjustable({}, { fee: 2 })).toHaveLength(1)
})
