import type { RateCard, SubscriptionState } from '@florin/sdk'
import { mockBillingState, mockRateCard } from '@florin/sdk/testing'
import { expect, test } from 'vitest'
import { directionOf, intervalsOf, sortOffers } from './plan-offers.ts'

const card = (code: string, price: string, credits: string, more: Partial<RateCard> = {}) =>
  mockRateCard({
    code,
    name: code,
    fixedRates: [
      { code: 'fee', name: 'Fee', price: { flat: { amount: price } }, defaultQuantity: 1, adjustable: false },
    ],
    allowances: [
      {
        creditType: 'credits',
        amount: credits,
        perQuantityOf: null,
        rollover: 'NONE',
        rolloverCap: null,
        rolloverPeriods: null,
      },
    ],
    ...more,
  })

const FREE = card('free', '0', '5')
const STARTER = card('starter', '20', '25')
const PREMIUM = card('premium', '100', '105')
const STARTER_YEARLY = card('starter-yearly', '200', '300', { interval: 'YEAR' })

const on = (rateCard: RateCard, more = {}): SubscriptionState => {
  const [subscription] = mockBillingState({ subscriptions: [{ rateCard, ...more }] }).subscriptions
  return subscription as SubscriptionState
}

test.each([
  ['free', FREE, STARTER, 'up'],
  ['starter', STARTER, FREE, 'down'],
  ['starter', STARTER, STARTER_YEARLY, 'up'],
  ['starter-yearly', STARTER_YEARLY, STARTER, 'down'],
  ['starter-yearly', STARTER_YEARLY, PREMIUM, 'up'],
  ['premium', PREMIUM, STARTER_YEARLY, 'down'],
] as const)('from %s', (_, from, to, direction) => {
  expect(directionOf(on(from), to)).toBe(direction)
})

test('fewer seats are less, more are more', () => {
  const seats = {
    code: 'seats',
    name: 'Seats',
    price: { flat: { amount: '19' } },
    defaultQuantity: 1,
    adjustable: true,
  }
  const team = card('team', '0', '100', { fixedRates: [seats] })
  const subscription = on(team, { quantities: [{ code: 'seats', quantity: 8 }] })
  expect([7, 9].map((quantity) => directionOf(subscription, team, { seats: quantity }))).toEqual(['down', 'up'])
})

test('offers each card where it would replace something, smallest first, and the others to add', () => {
  const other = [
    {
      creditType: 'voices',
      amount: '10',
      perQuantityOf: null,
      rollover: 'NONE' as const,
      rolloverCap: null,
      rolloverPeriods: null,
    },
  ]
  const voices = card('voices', '9', '0', { allowances: other })
  const euros = card('starter-euros', '20', '25', { currency: 'EUR' })
  const { plans, additions } = sortOffers([on(STARTER)], [PREMIUM, voices, euros, STARTER, FREE])
  expect(plans.map(({ cards }) => cards.map(({ code }) => code))).toEqual([['free', 'starter', 'premium']])
  expect(additions.map(({ code }) => code)).toEqual(['voices'])
  expect(sortOffers([], [PREMIUM, FREE]).additions.map(({ code }) => code)).toEqual(['free', 'premium'])
})

test('knows between which intervals there is a choice', () => {
  expect(intervalsOf([STARTER_YEARLY, FREE, STARTER])).toEqual(['MONTH', 'YEAR'])
})
