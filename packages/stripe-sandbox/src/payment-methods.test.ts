import type Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rejected, startSandbox, type TestServer } from './test-server.ts'

let server: TestServer
let stripe: Stripe

beforeAll(async () => {
  server = await startSandbox()
  stripe = server.stripe
})
afterAll(() => server.stop())

function create(card: Partial<Stripe.PaymentMethodCreateParams.Card>) {
  const whole = { exp_month: 12, exp_year: 2034, cvc: '123', ...card } as Stripe.PaymentMethodCreateParams.Card
  return stripe.paymentMethods.create({ type: 'card', card: whole })
}

test('a card is created by number or token, and keeps no number', async () => {
  const method = await create({ number: '5555555555554444' })
  expect(method).toMatchObject({ customer: null, card: { brand: 'mastercard', last4: '4444', exp_year: 2034 } })
  expect(JSON.stringify(method)).not.toContain('5555555555554444')
  const byToken = await stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_mastercard' } })
  expect(byToken.card).toMatchObject({ last4: '4444', fingerprint: method.card?.fingerprint })
})

test.each([
  [{ number: '4242424242424241' }, 'incorrect_number'],
  [{ number: '4539578763621486' }, 'card_declined'],
  [{ number: '4242424242424242', exp_month: 13 }, 'invalid_expiry_month'],
  [{ number: '4242424242424242', exp_year: 2020 }, 'invalid_expiry_year'],
  [{ number: '4242424242424242', cvc: '1' }, 'invalid_cvc'],
])('%j is refused as %s', async (card, code) => {
  expect(await rejected(create(card))).toMatchObject({ statusCode: 402, code })
})

test('cards are attached, listed newest first, and detached for good', async () => {
  const { id: customer } = await stripe.customers.create({})
  const visa = await stripe.paymentMethods.attach((await create({ number: '4242424242424242' })).id, { customer })
  const amex = await stripe.paymentMethods.attach('pm_card_amex', { customer })
  const list = async () => (await stripe.paymentMethods.list({ customer, type: 'card' })).data.map(({ id }) => id)
  expect(await list()).toEqual([amex.id, visa.id])
  expect((await stripe.paymentMethods.detach(visa.id)).customer).toBeNull()
  expect(await list()).toEqual([amex.id])
  const again = await rejected(stripe.paymentMethods.attach(visa.id, { customer }))
  expect(again.message).toContain('may not be used again')
})

test.each([
  ['pm_card_visa_chargeDeclined', 'card_declined'],
  ['pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined'],
  ['pm_card_chargeDeclinedExpiredCard', 'expired_card'],
  ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc'],
  ['pm_card_chargeDeclinedProcessingError', 'processing_error'],
])('%s cannot be attached: 402 %s', async (card, code) => {
  const { id: customer } = await stripe.customers.create({})
  expect(await rejected(stripe.paymentMethods.attach(card, { customer }))).toMatchObject({ statusCode: 402, code })
  expect((await stripe.paymentMethods.list({ customer })).data).toEqual([])
})

test('another customer cannot take an attached card', async () => {
  const [owner, other] = [await stripe.customers.create({}), await stripe.customers.create({})]
  const { id } = await stripe.paymentMethods.attach('pm_card_visa', { customer: owner.id })
  expect((await rejected(stripe.paymentMethods.attach(id, { customer: other.id }))).statusCode).toBe(400)
  expect((await stripe.paymentMethods.retrieve(id)).customer).toBe(owner.id)
})
