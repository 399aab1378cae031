import { placesOf } from '@florin/core'
import { placesOfCard } from '@florin/sdk'
import { mockBillingState, mockRateCard } from '@florin/sdk/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'

// The browser decides which cards to offer while it has no answer of the server: by the same rule.

const card = fc.record({
  code: fc.constantFrom('a', 'b', 'c', 'd'),
  usageRates: fc
    .uniqueArray(fc.constantFrom('images', 'voices', 'videos'), { maxLength: 3 })
    .map((meters) => meters.map((meter) => ({ ...RATE, code: meter, meter }))),
})
const RATE = {
  name: 'Rate',
  creditType: 'credits',
  creditCost: null,
  overage: 'BLOCK' as const,
  overagePrice: null,
  includedUnits: '0',
}

test('the browser and the server agree on what a card would replace', () => {
  fc.assert(
    fc.property(card, fc.array(card, { maxLength: 4 }), (offered, held) => {
      const { subscriptions } = mockBillingState({
        subscriptions: held.map((rateCard, index) => ({ id: `sub_${index}`, rateCard })),
      })
      const inBrowser = placesOfCard(mockRateCard(offered), subscriptions)
      expect(inBrowser).toEqual(placesOf(offered, subscriptions, ({ rateCard }) => rateCard))
    }),
  )
})
