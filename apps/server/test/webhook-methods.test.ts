import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from './at-once.ts'
import { dataOf } from './calls.ts'
import { deliver, eventAbout, stripeAt } from './provider.ts'
import { buyer, quiet } from './refunding.ts'
import { keyOf } from './rows.ts'
import { purchaseBundle } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample } from './worked-example.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())

interface Shown {
  readonly version: number
  readonly paymentMethod: { readonly last4: string; readonly expMonth: number; readonly expYear: number } | null
}

async function shown(customerId: string): Promise<Shown> {
  const document = `query ($id: ID!) { billingState(customerId: $id) { version paymentMethod { last4 expMonth expYear } } }`
  return (await dataOf(stack.query<{ billingState: Shown }>(document, { id: customerId }))).billingState
}

/** What the provider calls the customer and their method. */
async function atProvider(customerId: string): Promise<{ customer: string; method: string }> {
  const [row] = await stack.database.query<{ customer: string; method: string }>(
    `select f.provider_customer_id as customer, m.provider_method_id as method from payment_profile f
     join payment_method m on m.id = f.payment_method_id where f.customer_pk = $1`,
    [await keyOf(stack.database, customerId)],
  )
  if (!row) throw new Error(`${customerId} has nothing on file`)
  return row
}

test('a card that the bank renews shows its new expiry live, once', async () => {
  const customerId = await buyer(stack, 'renewed', { packs: 1 })
  const { method } = await atProvider(customerId)
  await quiet(stack)
  const before = await shown(customerId)
  await stripeAt(stack).paymentMethods.update(method, { card: { exp_month: 11, exp_year: 2039 } })
  const after = await until(
    () => shown(customerId),
    ({ paymentMethod }) => paymentMethod?.expYear === 2039,
  )
  expect(after.paymentMethod).toEqual({ last4: '4242', expMonth: 11, expYear: 2039 })
  expect(after.version).toBeGreaterThan(before.version)
  await deliver(stack, eventAbout('evt_renewed', 'payment_method.automatically_updated', { id: method }))
  await quiet(stack)
  expect(await shown(customerId)).toEqual(after)
})

test('a card that is removed at the provider is on file no more', async () => {
  const customerId = await buyer(stack, 'removed', { packs: 1 })
  const { method } = await atProvider(customerId)
  await stripeAt(stack).paymentMethods.detach(method)
  await until(
    () => shown(customerId),
    ({ paymentMethod }) => paymentMethod === null,
  )
  expect((await purchaseBundle(stack, customerId, 'next')).__typename).toBe('CheckoutRequired')
})

test('a customer who is deleted at the provider is made anew with the next need, and loses no credits', async () => {
  const customerId = await buyer(stack, 'deleted', { packs: 1 })
  const { customer } = await atProvider(customerId)
  await stripeAt(stack).customers.del(customer)
  await until(
    () => shown(customerId),
    ({ paymentMethod }) => paymentMethod === null,
  )
  expect((await purchaseBundle(stack, customerId, 'next')).__typename).toBe('CheckoutRequired')
})

test('news of a customer and of a card that are there as before changes nothing', async () => {
  const customerId = await buyer(stack, 'claimed', { packs: 1 })
  const { customer, method } = await atProvider(customerId)
  await quiet(stack)
  const before = await shown(customerId)
  await deliver(stack, eventAbout('evt_claimed_1', 'customer.deleted', { id: customer }))
  await deliver(stack, eventAbout('evt_claimed_2', 'payment_method.detached', { id: method }))
  await deliver(stack, eventAbout('evt_claimed_3', 'payment_method.detached', { id: 'pm_of_nobody' }))
  await quiet(stack)
  expect(await shown(customerId)).toEqual(before)
  const outcomes = await stack.database.query(
    `select outcome::text from provider_event where id like 'evt_claimed_%' order by id`,
  )
  expect(outcomes).toEqual([{ outcome: 'HANDLED' }, { outcome: 'HANDLED' }, { outcome: 'IGNORED' }])
})
