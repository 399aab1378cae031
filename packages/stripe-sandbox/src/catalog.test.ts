import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rejected, startSandbox, type TestServer } from './test-server.ts'

let server: TestServer
let stripe: Stripe

beforeAll(async () => {
  server = await startSandbox()
  stripe = server.stripe
})
afterAll(() => server.stop())

async function priceOf(more: Partial<Stripe.PriceCreateParams> = {}) {
  const product = await stripe.products.create({ name: 'Bundle', metadata: { florin: '1' } })
  return stripe.prices.create({ product: product.id, unit_amount: 1_500, currency: 'usd', ...more })
}

function sessionOf(price: string, more: Partial<Stripe.Checkout.SessionCreateParams> = {}) {
  return stripe.checkout.sessions.create({
    mode: 'payment',
    line_items: [{ price, quantity: 2 }],
    success_url: 'https://shop.example/paid',
    ...more,
  })
}

test('products and prices are made, read, changed and listed', async () => {
  const price = await priceOf()
  expect(price).toMatchObject({ object: 'price', type: 'one_time', unit_amount: 1_500, active: true })
  const product = price.product as string
  expect(await stripe.products.retrieve(product)).toMatchObject({ object: 'product', name: 'Bundle' })
  expect((await stripe.products.update(product, { name: 'Pack' })).name).toBe('Pack')
  expect((await stripe.prices.update(price.id, { active: false })).active).toBe(false)
  expect((await stripe.prices.list({ product })).data.map(({ id }) => id)).toEqual([price.id])
  expect((await stripe.products.list({ active: true })).data[0]?.id).toBe(product)
  const types = await server.eventTypes()
  for (const type of ['product.created', 'price.created', 'product.updated', 'price.updated']) {
    expect(types).toContain(type)
  }
})

test('a session is priced by the catalog', async () => {
  const price = await priceOf()
  const session = await sessionOf(price.id, {})
  expect([session.amount_total, session.currency]).toEqual([3_000, 'usd'])
  const { data } = await stripe.checkout.sessions.listLineItems(session.id)
  expect(data[0]).toMatchObject({ description: 'Bundle', quantity: 2, price: { id: price.id } })
})

test.each([
  ['a recurring price', { recurring: { interval: 'month' as const } }, 'passed a recurring price'],
  ['an inactive price', { active: false }, 'inactive'],
])('%s is refused', async (_what, more, message) => {
  const price = await priceOf(more)
  expect((await rejected(sessionOf(price.id))).message).toContain(message)
})

test('a line needs exactly one price', async () => {
  const price = (await priceOf()).id
  const price_data = { currency: 'usd', unit_amount: 100, product_data: { name: 'Bundle' } }
  const refused = (line: Stripe.Checkout.SessionCreateParams.LineItem) =>
    rejected(sessionOf(price, { line_items: [line] }))
  expect(await refused({ quantity: 1 })).toMatchObject({ code: 'parameter_missing', param: 'line_items[0][price]' })
  expect((await refused({ price, price_data })).message).toContain('You may only specify one')
  expect(await refused({ price: 'price_none' })).toMatchObject({ code: 'resource_missing' })
  expect(await refused({ price_data: { currency: 'usd', unit_amount: 100 } })).toMatchObject({
    code: 'parameter_missing',
    param: 'line_items[0][price_data][product_data]',
  })
})

describe('the payment page, as an API', () => {
  function confirm(session: string, params: Record<string, string>) {
    return stripe.rawRequest('POST', `/v1/payment_pages/${session}/confirm`, params)
  }

  test('pays a session', async () => {
    const { id } = await sessionOf((await priceOf()).id)
    const page = await stripe.rawRequest('GET', `/v1/payment_pages/${id}`)
    expect(page).toMatchObject({ object: 'payment_page', session_id: id, status: 'open', amount_total: 3_000 })
    await confirm(id, { payment_method: 'pm_card_visa', expected_amount: '3000' })
    expect(await stripe.checkout.sessions.retrieve(id)).toMatchObject({ status: 'complete', payment_status: 'paid' })
    expect((await rejected(confirm(id, { payment_method: 'pm_card_visa' }))).statusCode).toBe(400)
  })

  test('refuses another amount and a bad card, and leaves the session open', async () => {
    const { id } = await sessionOf((await priceOf()).id)
    const other = { payment_method: 'pm_card_visa', expected_amount: '2000' }
    expect(await rejected(confirm(id, other))).toMatchObject({ statusCode: 400, param: 'expected_amount' })
    const declined = await rejected(confirm(id, { payment_method: 'pm_card_chargeDeclined' }))
    expect(declined).toBeInstanceOf(Stripe.errors.StripeCardError)
    expect(declined.payment_intent?.status).toBe('requires_payment_method')
    expect((await stripe.checkout.sessions.retrieve(id)).status).toBe('open')
    expect((await rejected(confirm('cs_test_none', {}))).statusCode).toBe(404)
  })
})
