import { afterAll, beforeAll, expect, test } from 'vitest'
import { available, billingState, consume, invoices, recordUsage, upsertCustomer } from './calls.ts'
import { payCheckout } from './pay-checkout.ts'
import { changeRateCard, subscribe, tokenOf, URLS } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample } from './worked-example.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())

test('the worked example: sign up, use, be refused, upgrade, go over', async () => {
  const customerId = await upsertCustomer(stack, 'ada')

  const signedUp = await subscribe(stack, { customerId, rateCard: 'free' })
  expect(signedUp).toMatchObject({ __typename: 'SubscriptionSuccess', subscription: { status: 'ACTIVE' } })
  expect(await available(stack, customerId)).toBe('5')

  for (const idempotencyKey of ['one', 'two', 'three']) await consume(stack, { customerId, idempotencyKey })
  expect(await available(stack, customerId)).toBe('2')

  const refused = await consume(stack, { customerId, idempotencyKey: 'four', quantity: '3' })
  expect(refused).toEqual({
    decision: {
      allowed: false,
      reason: 'INSUFFICIENT_CREDITS',
      remedies: expect.arrayContaining([{ rateCard: { code: 'starter' } }, { rateCard: { code: 'premium' } }]),
    },
    usage: null,
  })
  expect(await available(stack, customerId)).toBe('2')

  const before = await billingState(stack, customerId)
  const change = await changeRateCard(stack, {
    subscriptionId: signedUp.subscription?.id,
    rateCard: 'premium',
    behavior: 'RATE_DIFFERENCE',
    checkout: URLS,
  })
  expect(change.__typename).toBe('CheckoutRequired')
  expect(await available(stack, customerId)).toBe('2')
  const paid = await payCheckout(stack, tokenOf(change))
  expect(paid).toMatchObject({ status: 'COMPLETED', invoice: { total: '100.00' } })

  const premium = await billingState(stack, customerId)
  expect(premium.balances).toMatchObject([{ available: '102', granted: '105', used: '3', overage: '0' }])
  expect(premium.subscriptions).toEqual([{ ...before.subscriptions[0], rateCard: { code: 'premium' } }])
  expect(premium.paymentMethod).toEqual({ last4: '4242' })
  expect(await invoices(stack, customerId)).toMatchObject([{ status: 'PAID', total: '100.00' }])

  const events = Array.from({ length: 110 }, (_, index) => ({
    customerId,
    idempotencyKey: `more-${index}`,
    value: '1',
  }))
  const recorded = await recordUsage(stack, events)
  expect(recorded.every(({ status }) => status === 'RECORDED')).toBe(true)
  const after = await billingState(stack, customerId)
  expect(after.balances).toMatchObject([{ available: '0', used: '105', overage: '8', uncovered: '0' }])
})
