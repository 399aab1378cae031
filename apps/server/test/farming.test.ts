import { afterAll, beforeAll, expect, test } from 'vitest'
import { billingState, consume, customerToken, dataOf, faultOf } from './calls.ts'
import { confirmCheckout, GOOD_CARD, openCardPage, typeCard } from './pay-checkout.ts'
import { CHANGE_RATE_CARD, openBundleCheckout, PURCHASE_BUNDLE, SUBSCRIBE, URLS } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { publishRateCard, publishWorkedExample, signUp } from './worked-example.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())

test('a browser can not leave out what a card includes: Premium without its fee', async () => {
  const customerId = await signUp(stack, 'no-fee')
  const browser = await customerToken(stack, customerId)
  const quantities = [{ code: 'base', quantity: 0 }]
  const [subscription] = (await billingState(stack, customerId)).subscriptions
  const change = { subscriptionId: subscription?.id, rateCard: 'premium', quantities, checkout: URLS }
  expect(await faultOf(stack.query(CHANGE_RATE_CARD, { input: change }, browser))).toBe(
    'INVALID_INPUT quantities.0.quantity',
  )
  const start = { customerId, rateCard: 'premium', quantities, checkout: URLS }
  expect(await faultOf(stack.query(SUBSCRIBE, { input: start }, browser))).toBe('INVALID_INPUT quantities.0.quantity')
})

test('cancelling and subscribing again brings no second free allowance in a period', async () => {
  const customerId = await signUp(stack, 'well')
  await consume(stack, { customerId, idempotencyKey: 'first', quantity: '3' })
  for (let round = 0; round < 3; round++) {
    const [subscription] = (await billingState(stack, customerId)).subscriptions
    await dataOf(
      stack.query(`mutation ($id: ID!) { cancelSubscription(input: { subscriptionId: $id, at: NOW }) { status } }`, {
        id: subscription?.id,
      }),
    )
    await dataOf(stack.query(SUBSCRIBE, { input: { customerId, rateCard: 'free' } }))
    expect((await billingState(stack, customerId)).balances).toMatchObject([{ available: '2' }])
  }
})

test('a price that no card can pay is refused when it is published', async () => {
  const input = {
    code: 'absurd',
    name: 'Absurd',
    fixedRates: [{ code: 'base', name: 'Base', price: { flat: { amount: '999999999999' } } }],
  }
  await expect(publishRateCard(stack, input)).rejects.toThrow('INVALID_INPUT')
})

test('each key of a backend buys a bundle of its own, also at the same time', async () => {
  const customerId = await signUp(stack, 'collector')
  await payOnce(customerId)
  const keys = ['a', 'b', 'c', 'd', 'e']
  const bought = await Promise.all(
    keys.map((idempotencyKey) =>
      dataOf(stack.query(PURCHASE_BUNDLE, { input: { customerId, bundle: 'pack-100', idempotencyKey } })),
    ),
  )
  expect(bought).toHaveLength(5)
  expect((await billingState(stack, customerId)).balances).toMatchObject([{ available: '605' }])
})

/** Buys one bundle through a checkout page, which leaves a card on file. */
async function payOnce(customerId: string): Promise<void> {
  const token = await openBundleCheckout(stack, customerId)
  await typeCard(await openCardPage(stack, token), GOOD_CARD)
  await confirmCheckout(stack, token)
}
