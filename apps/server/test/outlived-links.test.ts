import { afterAll, beforeAll, expect, test } from 'vitest'
import { dataOf, faultOf } from './calls.ts'
import { newestInvoice } from './invoice-links.ts'
import { start } from './living.ts'
import { payCheckout } from './pay-checkout.ts'
import { CREATE_TOKEN, openPortal, PORTAL, tokenOf } from './portal-sessions.ts'
import { referenceOf } from './provider.ts'
import { URLS } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample } from './worked-example.ts'

// Links lie about in mailboxes, histories and chats. What do those tell that are used up, or over?

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())

const UPSERT = `mutation ($input: CustomerInput!) { upsertCustomer(input: $input) { id } }`
const upsert = (input: object) => dataOf(stack.query(UPSERT, { input }))
const ADDRESS = { line1: 'Torstr. 1', city: 'Berlin', postalCode: '10119', country: 'DE' }

const CHECKOUT = `query ($token: String!) { checkout(token: $token) { status title lines { description amount }
  tax { amount { amount } } taxRate { percent } nextRenewal { amount } nextRenewalAt trialEndsAt creditsAfter { after }
  paymentMethod { last4 } invoice { pageUrl buyer { name email taxId address { line1 } } } } }`

/** A page to buy the card on, for its hour. */
async function openCardCheckout(customerId: string, rateCard: string): Promise<string> {
  const document = `mutation ($input: CheckoutSessionInput!) { createCheckoutSession(input: $input) { token } }`
  const asked = stack.query<{ createCheckoutSession: { token: string } }>(document, {
    input: { customerId, rateCard, checkout: URLS },
  })
  return (await dataOf(asked)).createCheckoutSession.token
}

async function checkoutOf(token: string) {
  return (await dataOf(stack.query<{ checkout: Record<string, unknown> }>(CHECKOUT, { token }, null))).checkout
}

const endHour = (token: string) =>
  stack.database.query(`update checkout_session set expires_at = now() where id = $1`, [referenceOf(token)])

const NOTHING = {
  tax: null,
  taxRate: null,
  nextRenewal: null,
  nextRenewalAt: null,
  trialEndsAt: null,
  creditsAfter: [],
  paymentMethod: null,
  invoice: null,
}

/** Does the work while something has the customer's lock, so that whoever needs it waits for the end of the work. */
function whileLocked<Result>(customerId: string, work: () => Promise<Result>): Promise<Result> {
  return stack.database.transaction(async (tx) => {
    const lock = `select 1 from customer_ledger l join customer c on c.pk = l.customer_pk where c.id = $1 for update of l`
    await tx.query(lock, [customerId])
    return work()
  })
}

test('an order that was not paid in time tells its name, and no more what it would be for the customer today', async () => {
  await upsert({ id: 'late', taxRate: { name: 'VAT', percent: '19' } })
  const token = await openCardCheckout('late', 'premium')
  expect(await checkoutOf(token)).toMatchObject({ status: 'OPEN', taxRate: { percent: '19' } })
  expect((await checkoutOf(token)).nextRenewal).not.toBeNull()
  await endHour(token)
  // Nor does it make the customer wait: nothing is tried out for it.
  const told = await whileLocked('late', () => checkoutOf(token))
  expect(told).toEqual({ ...NOTHING, status: 'EXPIRED', title: 'Premium', lines: [] })
})

test('an order that was paid leads to its invoice for its hour, and then tells no more than what was bought', async () => {
  await upsert({ id: 'paid', name: 'Ada', email: 'ada@example.com', address: ADDRESS, taxId: 'DE136695976' })
  const token = await openCardCheckout('paid', 'premium')
  await payCheckout(stack, token)
  expect(await checkoutOf(token)).toMatchObject({
    status: 'COMPLETED',
    nextRenewal: { amount: '100.00' },
    invoice: { buyer: { email: 'ada@example.com', taxId: 'DE136695976' } },
  })
  await endHour(token)
  expect(await checkoutOf(token)).toEqual({
    ...NOTHING,
    status: 'COMPLETED',
    title: 'Premium',
    lines: [{ description: 'Premium', amount: '100.00' }],
  })
})

test("an invoice's link tells whom it was for, and not what they are called and where they are reached today", async () => {
  await upsert({ id: 'moved', name: 'Ada', email: 'ada@example.com' })
  await start(stack, 'moved', 'premium')
  const { token } = await newestInvoice(stack, 'moved')
  await upsert({ id: 'moved', name: 'Ada King', email: 'secret@example.com' })
  const document = `query ($token: String!) { invoice(token: $token) { customerName customerEmail } }`
  expect(await dataOf(stack.query(document, { token }, null))).toEqual({
    invoice: { customerName: 'Ada', customerEmail: 'ada@example.com' },
  })
})

test('a portal that is over tells not even the id of its customer, which may be an address', async () => {
  await upsert({ id: 'ada@example.com', name: 'Ada', timezone: 'Europe/Madrid' })
  const token = tokenOf(await openPortal(stack, 'ada@example.com'))
  await dataOf(stack.query(`mutation { revokeCustomerTokens(customerId: "ada@example.com") }`))
  const { portal } = await dataOf(stack.query<{ portal: object }>(PORTAL, { token }, null))
  expect(portal).toMatchObject({ expired: true, customerId: null, timezone: 'UTC' })
  expect(JSON.stringify(portal)).not.toMatch(/ada|madrid/i)
  expect(await faultOf(stack.query(CREATE_TOKEN, { token }, null))).toBe('UNAUTHENTICATED')
})
