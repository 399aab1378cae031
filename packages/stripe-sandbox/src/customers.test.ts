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

test('a customer is created, read and changed', async () => {
  const made = await stripe.customers.create({ email: 'a@b.c', metadata: { a: '1', b: '2' } })
  expect(made.id).toMatch(/^cus_\w{14}$/)
  expect(await stripe.customers.retrieve(made.id)).toEqual(made)
  const changed = await stripe.customers.update(made.id, { name: 'Ann', metadata: { a: '', c: '3' } })
  expect(changed).toMatchObject({ email: 'a@b.c', name: 'Ann' })
  expect(changed.metadata).toEqual({ b: '2', c: '3' })
  expect((await stripe.customers.update(made.id, { metadata: '' })).metadata).toEqual({})
})

test('an unknown customer is 404', async () => {
  const error = await rejected(stripe.customers.retrieve('cus_nobody'))
  expect(error).toMatchObject({
    statusCode: 404,
    code: 'resource_missing',
    param: 'id',
    message: "No such customer: 'cus_nobody'",
  })
})

test('the default payment method is one of their own, and goes when it is detached', async () => {
  const { id } = await stripe.customers.create({})
  const { id: other } = await stripe.customers.create({})
  const mine = await stripe.paymentMethods.attach('pm_card_visa', { customer: id })
  const theirs = await stripe.paymentMethods.attach('pm_card_visa', { customer: other })
  const settings = (method: string) => ({ invoice_settings: { default_payment_method: method } })
  expect((await stripe.customers.update(id, settings(mine.id))).invoice_settings.default_payment_method).toBe(mine.id)
  expect(await rejected(stripe.customers.update(id, settings(theirs.id)))).toMatchObject({
    code: 'resource_missing',
    param: 'invoice_settings[default_payment_method]',
  })
  await stripe.paymentMethods.detach(mine.id)
  const after = (await stripe.customers.retrieve(id)) as Stripe.Customer
  expect(after.invoice_settings.default_payment_method).toBeNull()
})

test('a customer can be created with a card', async () => {
  const invoice_settings = { default_payment_method: '' }
  const made = await stripe.customers.create({ payment_method: 'pm_card_visa', invoice_settings })
  expect((await stripe.customers.listPaymentMethods(made.id)).data).toHaveLength(1)
})

describe('a deleted customer', () => {
  async function deleted() {
    const { id: customer } = await stripe.customers.create({ name: 'Ann' })
    const card = await stripe.paymentMethods.attach('pm_card_visa', { customer })
    const before = (await server.eventTypes()).length
    expect(await stripe.customers.del(customer)).toEqual({ id: customer, object: 'customer', deleted: true })
    return { customer, card: card.id, before }
  }

  test('is told by an event with all that was known, after their cards were detached', async () => {
    const { customer, before } = await deleted()
    expect((await server.eventTypes()).slice(before)).toEqual(['payment_method.detached', 'customer.deleted'])
    const [event] = (await stripe.events.list({ type: 'customer.deleted', limit: 1 })).data
    expect(event?.data.object).toMatchObject({ id: customer, name: 'Ann' })
  })

  test('is answered as deleted, and listed no more', async () => {
    const { customer } = await deleted()
    expect(await stripe.customers.retrieve(customer)).toEqual({ id: customer, object: 'customer', deleted: true })
    expect((await stripe.customers.list({ limit: 100 })).data.map(({ id }) => id)).not.toContain(customer)
  })

  test('can be neither charged, nor changed, nor deleted again', async () => {
    const { customer, card } = await deleted()
    const charge = stripe.paymentIntents.create({ amount: 500, currency: 'usd', customer })
    const message = `No such customer: '${customer}'`
    expect(await rejected(charge)).toMatchObject({
      statusCode: 400,
      code: 'resource_missing',
      param: 'customer',
      message,
    })
    const session = stripe.checkout.sessions.create({
      mode: 'setup',
      currency: 'usd',
      customer,
      success_url: 'https://shop.example/saved',
    })
    expect(await rejected(session)).toMatchObject({ statusCode: 400, code: 'resource_missing', param: 'customer' })
    const attach = stripe.paymentMethods.attach('pm_card_visa', { customer })
    expect(await rejected(attach)).toMatchObject({ code: 'resource_missing', param: 'customer' })
    expect(await rejected(stripe.customers.update(customer, { name: 'Bob' }))).toMatchObject({ statusCode: 404 })
    expect(await rejected(stripe.customers.del(customer))).toMatchObject({ statusCode: 404, message })
    expect((await rejected(stripe.paymentMethods.attach(card, { customer }))).statusCode).toBe(400)
  })

  test('keeps its payments, which still name it', async () => {
    const { id: customer } = await stripe.customers.create({})
    const { id } = await stripe.paymentIntents.create({ amount: 500, currency: 'usd', customer })
    await stripe.customers.del(customer)
    const intent = await stripe.paymentIntents.retrieve(id, { expand: ['customer'] })
    expect(intent.customer).toEqual({ id: customer, object: 'customer', deleted: true })
  })
})
