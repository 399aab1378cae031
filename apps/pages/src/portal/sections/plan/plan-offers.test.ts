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

const rating = (...meters: string[]) => ({
  usageRates: meters.map((meter) => ({
    code: meter,
    name: meter,
    meter,
    creditType: 'credits',
    creditCost: null,
    overage: 'BLOCK' as const,
    overagePrice: null,
    includedUnits: '0',
  })),
})

const codesOf = (cards: readonly RateCard[]) => cards.map(({ code }) => code)

test('offers each card where it would replace something, smallest first, and the others to add', () => {
  // One pool pays for all of it, which says nothing about what goes together.
  const voices = card('voices', '9', '3', rating('voices'))
  const euros = card('starter-euros', '20', '25', { currency: 'EUR' })
  const { plans, additions } = sortOffers([on(STARTER)], [PREMIUM, voices, euros, STARTER, FREE])
  expect(plans.map(({ cards }) => codesOf(cards))).toEqual([['free', 'starter', 'premium']])
  expect(codesOf(additions)).toEqual(['voices'])
  expect(codesOf(sortOffers([], [PREMIUM, FREE]).additions)).toEqual(['free', 'premium'])
})

test('serves each subscription of a customer who has several', () => {
  const images = card('images', '10', '5', rating('images'))
  const moreImages = card('more-images', '30', '50', rating('images'))
  const voices = card('voices', '9', '3', rating('voices'))
  const moreVoices = card('more-voices', '29', '30', rating('voices'))
  const both = card('both', '35', '60', rating('images', 'voices'))
  const { plans, additions } = sortOffers(
    [on(images), on(voices, { id: 'sub_2' })],
    [both, images, moreImages, voices, moreVoices, FREE],
  )
  expect(plans.map(({ cards }) => codesOf(cards))).toEqual([
    ['images', 'more-images'],
    ['voices', 'more-voices'],
  ])
  expect(codesOf(additions)).toEqual(['free'])
})

test('knows between which intervals there is a choice', () => {
  expect(intervalsOf([STARTER_YEARLY, FREE, STARTER])).toEqual(['MONTH', 'YEAR'])
})
