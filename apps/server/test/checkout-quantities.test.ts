import { afterAll, beforeAll, expect, test } from 'vitest'
import { atOnce } from './at-once.ts'
import { available, dataOf, faultOf, invoices, upsertCustomer } from './calls.ts'
import {
  askPayCheckout,
  confirmCheckout,
  confirmOnce,
  GOOD_CARD,
  openCardPage,
  payCheckout,
  typeCard,
} from './pay-checkout.ts'
import { breakProvider, moneyAt, repairProvider } from './provider.ts'
import { openBundleCheckout, subscribe, tokenOf, URLS } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { publishRateCard, publishWorkedExample, STARTER, signUp } from './worked-example.ts'

let stack: Stack

const TEAM = {
  ...STARTER,
  code: 'team',
  name: 'Team',
  fixedRates: [
    { code: 'base', name: 'Team', price: { flat: { amount: '20.00' } } },
    { code: 'seats', name: 'Seats', price: { flat: { amount: '8.00' } }, defaultQuantity: 2 },
  ],
}
const TRIAL = { ...STARTER, code: 'studio', name: 'Studio', trialDays: 14 }

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  for (const card of [TEAM, TRIAL]) await publishRateCard(stack, card)
})
afterAll(() => stack.close())

interface Page {
  readonly status: string
  readonly dueNow: { readonly amount: string }
  readonly nextRenewal: { readonly amount: string } | null
  readonly quantities: readonly object[]
  readonly [more: string]: unknown
}

const PAGE = `status dueNow { amount } nextRenewal { amount } trialEndsAt creditsAfter { before after }
  quantities { code quantity least most unitPrice { amount } } tax { included amount { amount } }
  paymentMethod { last4 } failure { code }`
const CHANGE = `mutation ($token: String!, $quantity: Int, $quantities: [RateQuantityInput!]) {
  changeCheckout(token: $token, quantity: $quantity, quantities: $quantities) { ${PAGE} } }`
const PAY_SEEN = `mutation ($token: String!, $method: CheckoutMethod!, $dueNow: Decimal) {
  payCheckout(token: $token, method: $method, dueNow: $dueNow) { __typename ... on CheckoutDone { already } } }`

const askChange = (token: string, variables: object) =>
  stack.query<{ changeCheckout: Page }>(CHANGE, { token, ...variables }, null)

async function changeCheckout(token: string, variables: object): Promise<Page> {
  return (await dataOf(askChange(token, variables))).changeCheckout
}

async function readPage(token: string): Promise<Page> {
  const document = `query ($token: String!) { checkout(token: $token) { ${PAGE} } }`
  return (await dataOf(stack.query<{ checkout: Page }>(document, { token }, null))).checkout
}

const payOnFile = (token: string, dueNow?: string) =>
  stack.query<{ payCheckout: { __typename: string } }>(PAY_SEEN, { token, method: 'CARD_ON_FILE', dueNow }, null)

async function teamCheckout(customerId: string): Promise<string> {
  await upsertCustomer(stack, customerId)
  return tokenOf(await subscribe(stack, { customerId, rateCard: 'team', checkout: URLS }))
}

test('bundles are ordered in a number, and another one may be chosen on the page', async () => {
  const customerId = await signUp(stack, 'packs')
  const document = `mutation ($input: CheckoutSessionInput!) { createCheckoutSession(input: $input) { token } }`
  const input = { customerId, bundle: 'pack-100', quantity: 3, checkout: URLS }
  const { createCheckoutSession } = await dataOf(
    stack.query<{ createCheckoutSession: { token: string } }>(document, { input }),
  )
  const { token } = createCheckoutSession
  expect(await readPage(token)).toMatchObject({
    dueNow: { amount: '30.00' },
    quantities: [{ code: 'pack-100', quantity: 3, least: 1, most: 99, unitPrice: { amount: '10.00' } }],
    creditsAfter: [{ before: '5', after: '305' }],
  })
  expect(await changeCheckout(token, { quantity: 2 })).toMatchObject({
    status: 'OPEN',
    dueNow: { amount: '20.00' },
    creditsAfter: [{ before: '5', after: '205' }],
  })
  await payCheckout(stack, token)
  expect(await available(stack, customerId)).toBe('205')
  expect(await invoices(stack, customerId)).toMatchObject([{ total: '20.00' }])
  expect((await moneyAt(stack)).charged[0]).toBe(2_000)
})

test('seats are offered to change, a base fee is not, and the renewal follows', async () => {
  const token = await teamCheckout('seats')
  expect(await readPage(token)).toMatchObject({
    dueNow: { amount: '36.00' },
    quantities: [{ code: 'seats', quantity: 2, least: 1, most: 99, unitPrice: { amount: '8.00' } }],
  })
  const changed = await changeCheckout(token, { quantities: [{ code: 'seats', quantity: 5 }] })
  expect(changed).toMatchObject({ dueNow: { amount: '60.00' }, nextRenewal: { amount: '60.00' } })
  await payCheckout(stack, token)
  expect(await invoices(stack, 'seats')).toMatchObject([{ total: '60.00', status: 'PAID' }])
})

test('what a card calls adjustable is offered, whatever its price looks like', async () => {
  const fixedRates = [
    { code: 'desks', name: 'Desks', price: { flat: { amount: '8.00' } }, adjustable: true },
    { code: 'fee', name: 'Fee', price: { flat: { amount: '1.00' } }, defaultQuantity: 2, adjustable: false },
  ]
  await publishRateCard(stack, { code: 'desks', name: 'Desks', fixedRates })
  await upsertCustomer(stack, 'desks')
  const token = tokenOf(await subscribe(stack, { customerId: 'desks', rateCard: 'desks', checkout: URLS }))
  expect(await readPage(token)).toMatchObject({ quantities: [{ code: 'desks', quantity: 1, least: 1 }] })
  const document = `{ rateCard(code: "desks") { fixedRates { code adjustable } } }`
  expect(await dataOf(stack.query(document))).toEqual({
    rateCard: {
      fixedRates: [
        { code: 'desks', adjustable: true },
        { code: 'fee', adjustable: false },
      ],
    },
  })
})

test.each([
  ['none', { quantities: [{ code: 'seats', quantity: 0 }] }, 'INVALID_INPUT quantities.0.quantity'],
  ['too many', { quantities: [{ code: 'seats', quantity: 1_000_001 }] }, 'INVALID_INPUT quantities.0.quantity'],
  [
    'more than a page orders',
    { quantities: [{ code: 'seats', quantity: 100 }] },
    'INVALID_INPUT quantities.0.quantity',
  ],
  ['another base fee', { quantities: [{ code: 'base', quantity: 2 }] }, 'INVALID_INPUT quantities.0.code'],
  ['a rate that is not there', { quantities: [{ code: 'desks', quantity: 2 }] }, 'INVALID_INPUT quantities.0.code'],
  ['the quantity of a bundle', { quantity: 2 }, 'INVALID_INPUT quantities'],
  ['nothing', {}, 'INVALID_INPUT quantities'],
])('an order that is changed to %s is refused', async (_what, variables, fault) => {
  const token = await teamCheckout('refused')
  expect(await faultOf(askChange(token, variables))).toBe(fault)
  expect(await readPage(token)).toMatchObject({ dueNow: { amount: '36.00' } })
})

test('who has the link orders 99 at most, or as many as the session was opened with', async () => {
  const customerId = await signUp(stack, 'many')
  const few = await openBundleCheckout(stack, customerId)
  expect(await faultOf(askChange(few, { quantity: 100 }))).toBe('INVALID_INPUT quantity')
  expect(await changeCheckout(few, { quantity: 99 })).toMatchObject({ dueNow: { amount: '990.00' } })

  const document = `mutation ($input: CheckoutSessionInput!) { createCheckoutSession(input: $input) { token } }`
  const input = { customerId, bundle: 'pack-100', quantity: 200, checkout: URLS }
  type Opened = { createCheckoutSession: { token: string } }
  const { token } = (await dataOf(stack.query<Opened>(document, { input }))).createCheckoutSession
  await changeCheckout(token, { quantity: 1 })
  expect(await faultOf(askChange(token, { quantity: 201 }))).toBe('INVALID_INPUT quantity')
  expect(await changeCheckout(token, { quantity: 200 })).toMatchObject({ quantities: [{ quantity: 200, most: 200 }] })
})

test('what the session was opened with may be ordered in another number, whatever the card says of it', async () => {
  await upsertCustomer(stack, 'named')
  const quantities = [{ code: 'base', quantity: 150 }]
  const sold = await subscribe(stack, { customerId: 'named', rateCard: 'team', quantities, checkout: URLS })
  const changed = await changeCheckout(tokenOf(sold), { quantities: [{ code: 'base', quantity: 3 }] })
  expect(changed).toMatchObject({ quantities: [{ code: 'base', quantity: 3, most: 150 }, { code: 'seats' }] })
})

test('a card page that is open for the old amount is closed, so that one amount can be paid', async () => {
  const token = await teamCheckout('closing')
  const old = await openCardPage(stack, token)
  expect(await changeCheckout(token, { quantities: [{ code: 'seats', quantity: 3 }] })).toMatchObject({
    status: 'OPEN',
  })
  expect((await typeCard(old, GOOD_CARD)).status).toBe(410)
  const current = await openCardPage(stack, token)
  expect(current).not.toBe(old)
  await typeCard(current, GOOD_CARD)
  expect(await confirmCheckout(stack, token)).toMatchObject({ status: 'COMPLETED', invoice: { total: '44.00' } })
})

test('an order that is paid, also a moment ago, can no longer be changed', async () => {
  const token = await teamCheckout('paid')
  await typeCard(await openCardPage(stack, token), GOOD_CARD)
  const change = { quantities: [{ code: 'seats', quantity: 9 }] }
  expect(await faultOf(askChange(token, change))).toBe('CONFLICT')
  expect(await confirmCheckout(stack, token)).toMatchObject({ status: 'COMPLETED', invoice: { total: '36.00' } })
  expect(await faultOf(askChange(token, change))).toBe('CONFLICT')
})

test('nobody pays a total that their page did not show', async () => {
  const customerId = await signUp(stack, 'shown')
  await payCheckout(stack, await openBundleCheckout(stack, customerId))
  const token = await openBundleCheckout(stack, customerId)
  await changeCheckout(token, { quantity: 5 })
  expect(await faultOf(payOnFile(token, '10.00'))).toBe('CONFLICT dueNow')
  expect(await faultOf(payOnFile(token, 'ten'))).toBe('INVALID_INPUT dueNow')
  expect(await dataOf(payOnFile(token, '50.00'))).toEqual({
    payCheckout: { __typename: 'CheckoutDone', already: false },
  })
  expect(await dataOf(payOnFile(token, '50.00'))).toEqual({
    payCheckout: { __typename: 'CheckoutDone', already: true },
  })
  expect(await available(stack, customerId)).toBe('605')
})

test('changes and payments at once: what was charged is what was sold', async () => {
  const customerId = await signUp(stack, 'at-once')
  await payCheckout(stack, await openBundleCheckout(stack, customerId))
  const before = (await moneyAt(stack)).charged
  const token = await openBundleCheckout(stack, customerId)
  // Who pays what somebody else has just changed is refused, perhaps all of them.
  await atOnce<unknown>(6, (index) => (index % 2 === 0 ? askChange(token, { quantity: index + 2 }) : payOnFile(token)))
  await payOnFile(token)
  const { charged } = await moneyAt(stack)
  const [bought] = await invoices(stack, customerId)
  expect(charged.length - before.length).toBe(1)
  expect(bought?.total).toBe(`${(charged[0] as number) / 100}.00`)
  expect(await available(stack, customerId)).toBe(String(105 + (charged[0] as number) / 10))
})

test('a charge whose answer was lost is under way: no card page opens beside it, and asking settles it', async () => {
  const customerId = await signUp(stack, 'unknown')
  await payCheckout(stack, await openBundleCheckout(stack, customerId))
  const before = (await moneyAt(stack)).charged.length
  const token = await openBundleCheckout(stack, customerId)
  await breakProvider(stack, { match: 'POST /v1/payment_intents', fault: 'drop_after', times: 100 })
  await breakProvider(stack, { match: 'GET /v1/payment_intents', fault: 'drop_before', times: 100 })
  expect(await faultOf(payOnFile(token))).toBe('PAYMENT_PROVIDER_UNAVAILABLE')
  expect(await readPage(token)).toMatchObject({ status: 'PROCESSING', failure: null })
  expect(await confirmOnce(stack, token)).toMatchObject({ status: 'PROCESSING' })
  expect(await faultOf(askPayCheckout(stack, token))).toBe('CONFLICT dueNow')
  expect(await faultOf(askChange(token, { quantity: 2 }))).toBe('CONFLICT')
  await repairProvider(stack)
  expect(await confirmCheckout(stack, token)).toMatchObject({ status: 'COMPLETED', invoice: { total: '10.00' } })
  expect((await moneyAt(stack)).charged.length - before).toBe(1)
  expect(await available(stack, customerId)).toBe('205')
})

test('a page tells of tax within the price, of a trial, and of the card only while it can be paid', async () => {
  const document = `mutation ($tax: TaxRateInput) { upsertCustomer(input: { id: "told", taxRate: $tax }) { id } }`
  await dataOf(stack.query(document, { tax: { name: 'IVA', percent: '21', mode: 'INCLUSIVE' } }))
  await payCheckout(stack, await openBundleCheckout(stack, 'told'))
  const token = await openBundleCheckout(stack, 'told')
  expect(await readPage(token)).toMatchObject({
    tax: { included: true, amount: { amount: '1.74' } },
    paymentMethod: { last4: '4242' },
    trialEndsAt: null,
  })
  await payCheckout(stack, token)
  expect(await readPage(token)).toMatchObject({ status: 'COMPLETED', paymentMethod: null, quantities: [] })

  const open = `mutation ($input: CheckoutSessionInput!) { createCheckoutSession(input: $input) { token } }`
  const input = { customerId: 'told', rateCard: 'studio', checkout: URLS }
  const trial = await dataOf(stack.query<{ createCheckoutSession: { token: string } }>(open, { input }))
  expect(await readPage(trial.createCheckoutSession.token)).toMatchObject({
    dueNow: { amount: '0.00' },
    trialEndsAt: expect.stringMatching(/^\d{4}-/),
    nextRenewal: { amount: '20.00' },
  })
})
