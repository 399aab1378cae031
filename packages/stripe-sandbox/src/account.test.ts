import { afterAll, beforeAll, expect, test } from 'vitest'
import { rejected, startSandbox, type TestServer } from './test-server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startSandbox({ accountId: 'acct_1Mine' })
})
afterAll(() => server.stop())

test('a key tells whose it is', async () => {
  const account = await server.stripe.accounts.retrieveCurrent()
  expect(account).toMatchObject({ id: 'acct_1Mine', object: 'account', livemode: false, charges_enabled: true })
  expect((await server.stripe.accounts.retrieve('acct_1Mine')).id).toBe('acct_1Mine')
  expect((await rejected(server.stripe.accounts.retrieve('acct_1Other'))).statusCode).toBe(404)
})

test('everything says that it is a test', async () => {
  const { stripe } = server
  const paid = await stripe.paymentIntents.create({
    amount: 500,
    currency: 'usd',
    confirm: true,
    payment_method: 'pm_card_createDispute',
    allowed_payment_method_types: ['card'],
  })
  const price_data = { currency: 'usd', unit_amount: 500, product_data: { name: 'Bundle' } }
  const success_url = 'https://shop.example/paid'
  const [dispute] = (await stripe.disputes.list({ payment_intent: paid.id })).data
  const product = await stripe.products.create({ name: 'Bundle' })
  const objects = [
    paid,
    dispute,
    product,
    await stripe.charges.retrieve(paid.latest_charge as string),
    await stripe.customers.create({}),
    await stripe.paymentMethods.retrieve(paid.payment_method as string),
    await stripe.setupIntents.create({}),
    await stripe.checkout.sessions.create({ mode: 'payment', line_items: [{ price_data }], success_url }),
    await stripe.prices.create({ currency: 'usd', product: product.id, unit_amount: 500 }),
    ...(await stripe.events.list({ limit: 100 })).data,
  ]
  expect(objects.filter((object) => object?.livemode !== false)).toEqual([])
})
