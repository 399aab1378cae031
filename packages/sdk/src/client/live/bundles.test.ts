import { expect, test } from 'vitest'
import { mockBillingState, mockRateCard } from '../../testing/mock-billing-state.ts'
import { bundlesFor } from './bundles.ts'

const card = (code: string, ...packs: [string, string][]) =>
  mockRateCard({
    code,
    bundles: packs.map(([pack, amount]) => ({
      code: pack,
      name: pack,
      creditType: 'credits',
      credits: '100',
      price: { amount, currency: 'USD' },
      expiresAfterDays: null,
    })),
  })

test('a code is what the first own card sells under it, else the first public one', () => {
  const { subscriptions } = mockBillingState({ subscriptions: [{ rateCard: card('plus', ['small', '8.00']) }] })
  const cards = [card('free', ['small', '10.00'], ['large', '90.00']), card('pro', ['large', '70.00'])]
  const told = (...asked: Parameters<typeof bundlesFor>) =>
    bundlesFor(...asked).map(({ code, price }) => `${code} ${price.amount}`)
  expect(told(subscriptions, cards)).toEqual(['small 8.00', 'large 90.00'])
  expect(told([], cards)).toEqual(['small 10.00', 'large 90.00'])
})
