import Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rejected, startSandbox, type TestServer } from './test-server.ts'

let server: TestServer
let stripe: Stripe

beforeAll(async () => {
  server = await startSandbox()
  stripe = server.stripe
})
afterAll(() => server.stop())

const CARD = { confirm: true, allowed_payment_method_types: ['card'] }

test('a good card is saved to the customer', async () => {
  const before = (await server.eventTypes()).length
  const { id: customer } = await stripe.customers.create({})
  const setup = await stripe.setupIntents.create({ ...CARD, customer, payment_method: 'pm_card_visa' })
  expect(setup).toMatchObject({ object: 'setup_intent', status: 'succeeded', usage: 'off_session', mandate: null })
  const { data } = await stripe.customers.listPaymentMethods(customer)
  expect(data.map(({ id }) => id)).toEqual([setup.payment_method])
  expect((await server.eventTypes()).slice(before)).toEqual([
    'customer.created',
    'setup_intent.created',
    'payment_method.attached',
    'setup_intent.succeeded',
  ])
})

test('a refused card is 402 with the intent inside', async () => {
  const error = await rejected(stripe.setupIntents.create({ ...CARD, payment_method: 'pm_card_chargeDeclined' }))
  expect(error).toBeInstanceOf(Stripe.errors.StripeCardError)
  expect(error).toMatchObject({ statusCode: 402, code: 'card_declined', decline_code: 'generic_decline' })
  expect(error.setup_intent).toMatchObject({ status: 'requires_payment_method', payment_method: null })
  expect(await server.eventTypes()).toContain('setup_intent.setup_failed')
})

test('the bank may ask, and the customer comes back to the return URL', async () => {
  const setup = await stripe.setupIntents.create({
    ...CARD,
    payment_method: 'pm_card_authenticationRequiredOnSetup',
    return_url: 'https://shop.example/saved',
  })
  expect(setup.status).toBe('requires_action')
  const page = setup.next_action?.redirect_to_url?.url ?? ''
  const body = new URLSearchParams({ result: 'complete' })
  const answer = await fetch(page, { method: 'POST', body, redirect: 'manual' })
  const back = new URL(answer.headers.get('location') ?? '')
  expect(Object.fromEntries(back.searchParams)).toMatchObject({ setup_intent: setup.id, redirect_status: 'succeeded' })
  expect((await stripe.setupIntents.retrieve(setup.id)).status).toBe('succeeded')
})

test('create, update, confirm: one after the other', async () => {
  const setup = await stripe.setupIntents.create({ allowed_payment_method_types: ['card'] })
  expect(setup.status).toBe('requires_payment_method')
  await stripe.setupIntents.update(setup.id, { metadata: { florin: '1' } })
  const done = await stripe.setupIntents.confirm(setup.id, { payment_method: 'pm_card_visa' })
  expect(done).toMatchObject({ status: 'succeeded', metadata: { florin: '1' } })
})

test('cancel ends an open one; a finished one stays', async () => {
  const open = await stripe.setupIntents.create({ allowed_payment_method_types: ['card'] })
  const canceled = await stripe.setupIntents.cancel(open.id, { cancellation_reason: 'requested_by_customer' })
  expect(canceled).toMatchObject({ status: 'canceled', cancellation_reason: 'requested_by_customer' })
  for (const request of [stripe.setupIntents.cancel(open.id), stripe.setupIntents.confirm(open.id)]) {
    expect(await rejected(request)).toMatchObject({ statusCode: 400, code: 'setup_intent_unexpected_state' })
  }
})

test("a session's setup is cancelled with the session only", async () => {
  const session = await stripe.checkout.sessions.create({
    mode: 'setup',
    currency: 'usd',
    success_url: 'https://shop.example/saved',
  })
  const error = await rejected(stripe.setupIntents.cancel(session.setup_intent as string))
  expect(error.message).toContain(session.id)
})
