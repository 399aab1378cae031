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
