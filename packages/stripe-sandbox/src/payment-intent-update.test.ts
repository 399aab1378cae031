import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rejected, startSandbox, type TestServer } from './test-server.ts'

let server: TestServer
let stripe: Stripe

beforeAll(async () => {
  server = await startSandbox()
  stripe = server.stripe
})
afterAll(() => server.stop())

describe('an update', () => {
  test('changes what is not paid yet, without an event', async () => {
    const open = await stripe.paymentIntents.create({ amount: 500, currency: 'usd' })
    const before = await server.eventTypes()
    const changed = await stripe.paymentIntents.update(open.id, {
      amount: 700,
      currency: 'eur',
      description: 'Top-up',
      metadata: { florin: '1' },
      payment_method: 'pm_card_visa',
      allowed_payment_method_types: ['card'],
    })
    expect(changed).toMatchObject({
      amount: 700,
      currency: 'eur',
      description: 'Top-up',
      metadata: { florin: '1' },
      status: 'requires_confirmation',
    })
    expect(await server.eventTypes()).toEqual(before)
    expect(await stripe.paymentIntents.confirm(open.id)).toMatchObject({ status: 'succeeded', amount_received: 700 })
  })

  test('of what is paid changes its description and metadata alone', async () => {
    const paid = await stripe.paymentIntents.create({
      amount: 500,
      currency: 'usd',
      confirm: true,
      payment_method: 'pm_card_visa',
      allowed_payment_method_types: ['card'],
    })
    const noted = await stripe.paymentIntents.update(paid.id, { metadata: { invoice: '7' } })
    expect(noted).toMatchObject({ status: 'succeeded', metadata: { invoice: '7' } })
    const error = await rejected(stripe.paymentIntents.update(paid.id, { amount: 1 }))
    expect(error).toMatchObject({ statusCode: 400, code: 'payment_intent_unexpected_state' })
    expect(error.message).toContain("This PaymentIntent's amount could not be updated")
  })

  test('is checked like a new intent', async () => {
    const { id } = await stripe.paymentIntents.create({ amount: 500, currency: 'usd' })
    const refused = async (params: Stripe.PaymentIntentUpdateParams) =>
      (await rejected(stripe.paymentIntents.update(id, params))).code
    expect(await refused({ amount: 10 })).toBe('amount_too_small')
    expect(await refused({ customer: 'cus_nobody' })).toBe('resource_missing')
    expect(await refused({ payment_method: 'pm_nothing' })).toBe('resource_missing')
  })
})

test('a challenge on session leads to the bank, and confirms after an update too', async () => {
  const open = await stripe.paymentIntents.create({
    amount: 900,
    currency: 'usd',
    allowed_payment_method_types: ['card'],
  })
  const asked = await stripe.paymentIntents.confirm(open.id, {
    payment_method: 'pm_card_authenticationRequired',
    return_url: 'https://shop.example/back',
  })
  expect(asked).toMatchObject({
    status: 'requires_action',
    next_action: { type: 'redirect_to_url', redirect_to_url: { return_url: 'https://shop.example/back' } },
  })
  const again = await stripe.paymentIntents.update(open.id, { payment_method: 'pm_card_visa' })
  expect(again).toMatchObject({ status: 'requires_confirmation', next_action: null })
  expect((await stripe.paymentIntents.confirm(open.id)).status).toBe('succeeded')
})
