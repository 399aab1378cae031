import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import { until } from './at-once.ts'
import { available, dataOf, faultOf, recordUsage, upsertCustomer } from './calls.ts'
import {
  advanceBy,
  advanceToPeriodEnd,
  balanceOf,
  bills,
  DAY,
  live,
  putOnFile,
  start,
  subscriptionOf,
  told,
} from './living.ts'
import { GOOD_CARD, openCardPage, payCheckout, typeCard } from './pay-checkout.ts'
import { addMethod, methodsOf } from './paying-methods.ts'
import { breakProvider, type Fault, moneyAt, repairProvider, stripeAt } from './provider.ts'
import { keyOf } from './rows.ts'
import { openBundleCheckout, PURCHASE_BUNDLE, purchaseBundle, subscribe, tokenOf, URLS } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { agePayments, attemptsOf } from './top-ups.ts'
import { PREMIUM, publishRateCard, publishWorkedExample, signUp } from './worked-example.ts'

let stack: Stack
let before: number

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
beforeEach(async () => {
  await repairProvider(stack)
  before = (await moneyAt(stack)).charged.length
})
afterAll(() => stack.close())

const ASKS_FIRST = 'pm_card_authenticationRequired'

/** How often the provider has taken money since the test began. */
const charges = async () => (await moneyAt(stack)).charged.length - before

async function buyer(customerId: string): Promise<string> {
  await signUp(stack, customerId)
  await addMethod(stack, customerId, GOOD_CARD)
  return customerId
}

const askPurchase = (customerId: string, idempotencyKey: string) =>
  stack.query(PURCHASE_BUNDLE, { input: { customerId, idempotencyKey, bundle: 'pack-100', checkout: URLS } })

async function providerCustomer(customerId: string): Promise<string> {
  const [profile] = await stack.database.query<{ id: string }>(
    `select provider_customer_id as id from payment_profile where customer_pk = $1 and active`,
    [await keyOf(stack.database, customerId)],
  )
  return profile?.id as string
}

const intentsOf = async (customerId: string) =>
  (await stripeAt(stack).paymentIntents.list({ customer: await providerCustomer(customerId) })).data

/** What the provider is told about a customer's payments before they are settled: nothing that could be believed. */
describe('an answer that says something else than was asked for is looked up, and settled once', () => {
  it.each<[string, Pick<Fault, 'fault' | 'rubbish'>]>([
    ['another amount', { fault: 'rubbish', rubbish: 'wrong_amount' }],
    ['another currency', { fault: 'rubbish', rubbish: 'wrong_currency' }],
    ["another's customer", { fault: 'rubbish', rubbish: 'wrong_customer' }],
    ['next to nothing', { fault: 'rubbish', rubbish: 'missing_fields' }],
    ['a 404 without an error', { fault: 'rubbish', rubbish: 'not_found_without_error' }],
    ['a page of a proxy', { fault: 'rubbish', rubbish: 'html' }],
    ['too many requests', { fault: 'rate_limit' }],
  ])('%s', async (name, fault) => {
    const customerId = await buyer(name.replace(/\W/g, '-'))
    await breakProvider(stack, { match: 'POST /v1/payment_intents', times: 3, ...fault })
    expect(await faultOf(askPurchase(customerId, 'one'))).toBe('PAYMENT_PROVIDER_UNAVAILABLE')
    expect(await available(stack, customerId)).toBe('5')
    await repairProvider(stack)
    expect((await purchaseBundle(stack, customerId, 'one')).__typename).toBe('PurchaseSuccess')
    expect(await available(stack, customerId)).toBe('105')
    expect(await charges()).toBe(1)
  })

  test('a card page that was paid is believed only with its own amount and customer', async () => {
    await signUp(stack, 'page')
    const token = await openBundleCheckout(stack, 'page')
    await typeCard(await openCardPage(stack, token), GOOD_CARD)
    await breakProvider(stack, {
      match: 'GET /v1/checkout/sessions/*',
      fault: 'rubbish',
      rubbish: 'wrong_amount',
      times: 1,
    })
    await stack.query(`mutation ($token: String!) { confirmCheckout(token: $token) { status } }`, { token }, null)
    await until(
      () => available(stack, 'page'),
      (credits) => credits === '105',
    )
    expect(await charges()).toBe(1)
  })
})

test('an attempt that nobody knew of for more than a day is looked for before it is asked for again', async () => {
  await buyer('old')
  await breakProvider(stack, { match: 'POST /v1/payment_intents', fault: 'error_500_after', times: 3 })
  expect(await faultOf(askPurchase('old', 'one'))).toBe('PAYMENT_PROVIDER_UNAVAILABLE')
  await repairProvider(stack)
  const [intent] = await intentsOf('old')
  await agePayments(stack, 'old')
  await stack.database.query(
    `update payment set first_asked_at = now() - interval '25 hours', asked_at = now() - interval '25 hours' where customer_pk = $1 and status = 'PENDING'`,
    [await keyOf(stack.database, 'old')],
  )
  await breakProvider(stack, { match: 'POST /v1/payment_intents', fault: 'drop_before', times: 20 })
  await until(
    () => available(stack, 'old'),
    (credits) => credits === '105',
  )
  expect((await intentsOf('old')).map(({ id }) => id)).toEqual([intent?.id])
  expect(await charges()).toBe(1)
})

describe('P21 a payment whose bank wants the customer', () => {
  test('P21 is ended at the provider before the next attempt begins, and dunning goes on', async () => {
    await start(stack, 'abandons', 'premium')
    await putOnFile(stack, 'abandons', ASKS_FIRST)
    await advanceToPeriodEnd(stack, 'abandons')
    expect((await subscriptionOf(stack, 'abandons')).status).toBe('PAST_DUE')
    const [first] = await intentsOf('abandons')
    expect(first).toMatchObject({ status: 'canceled', cancellation_reason: 'abandoned' })
    await advanceBy(stack, DAY + 60_000)
    const intents = await intentsOf('abandons')
    expect(intents.map(({ status }) => status)).toEqual(['canceled', 'canceled', 'succeeded'])
    await putOnFile(stack, 'abandons', 'pm_card_visa')
    await advanceBy(stack, 3 * DAY)
    expect((await subscriptionOf(stack, 'abandons')).status).toBe('ACTIVE')
  })

  test('P21 whose end can not be reached stays the only attempt until it is', async () => {
    await start(stack, 'unreached', 'premium')
    await putOnFile(stack, 'unreached', ASKS_FIRST)
    await breakProvider(stack, { match: 'POST /v1/payment_intents/*/cancel', fault: 'drop_before', times: 12 })
    const { currentPeriodEnd } = await subscriptionOf(stack, 'unreached')
    const advance = `mutation ($to: DateTime!) { advanceClock(to: $to) }`
    expect(await faultOf(stack.query(advance, { to: currentPeriodEnd }))).toBe('PAYMENT_PROVIDER_UNAVAILABLE')
    expect(await attemptsOf(stack, 'unreached')).toEqual(['10000 SUCCEEDED', '10000 PENDING'])
    await repairProvider(stack)
    await dataOf(stack.query(advance, { to: currentPeriodEnd }))
    expect(await attemptsOf(stack, 'unreached')).toEqual(['10000 SUCCEEDED', '10000 FAILED'])
    expect((await intentsOf('unreached')).map(({ status }) => status)).toEqual(['canceled', 'succeeded'])
  })
})

describe('what is less than can be charged', () => {
  test('is refused where it is sold, with what would help', async () => {
    const cheap = {
      code: 'cheap',
      name: 'Cheap',
      fixedRates: [{ code: 'base', name: 'Cheap', price: { flat: { amount: '0.30' } } }],
    }
    await publishRateCard(stack, { ...PREMIUM, ...cheap, allowances: [], bundles: [] })
    await upsertCustomer(stack, 'cheap')
    await expect(subscribe(stack, { customerId: 'cheap', rateCard: 'cheap', checkout: URLS })).rejects.toThrow(
      'this comes to 0.30 USD, and no less than 0.50 can be charged at once',
    )
  })

  test('goes on the next invoice where it is overage', async () => {
    const { bundles: _, ...card } = PREMIUM
    const [usageRate] = card.usageRates
    const usageRates = [{ ...usageRate, overagePrice: { flat: { amount: '0.10' } } }]
    await publishRateCard(stack, { ...card, code: 'dimes', name: 'Dimes', fixedRates: [], allowances: [], usageRates })
    await upsertCustomer(stack, 'dimes')
    await subscribe(stack, { customerId: 'dimes', rateCard: 'dimes' })
    await addMethod(stack, 'dimes', GOOD_CARD)
    await recordUsage(stack, [{ customerId: 'dimes', idempotencyKey: 'first', value: '3' }])
    await advanceToPeriodEnd(stack, 'dimes')
    expect(await bills(stack, 'dimes')).toEqual([])
    await recordUsage(stack, [{ customerId: 'dimes', idempotencyKey: 'second', value: '4' }])
    await advanceToPeriodEnd(stack, 'dimes')
    expect((await bills(stack, 'dimes')).map(told)).toEqual([expect.stringMatching(/^0\.70 PAID: .* 0\.40, .* 0\.30$/)])
    expect((await subscriptionOf(stack, 'dimes')).status).toBe('ACTIVE')
  })

  test('is not left over by account credit, which is used first', async () => {
    await start(stack, 'credit', 'starter')
    const [invoice] = await bills(stack, 'credit')
    const note = `mutation ($id: ID!) { createCreditNote(input: { invoiceId: $id, amount: "9.70", reason: "Sorry", idempotencyKey: "n" }) { id } }`
    await dataOf(stack.query(note, { id: invoice?.id }))
    expect((await purchaseBundle(stack, 'credit', 'one')).__typename).toBe('PurchaseSuccess')
    expect(await attemptsOf(stack, 'credit')).toEqual(['2000 SUCCEEDED', '50 SUCCEEDED'])
    expect((await live(stack, 'credit')).accountCredit).toEqual({ amount: '0.20', currency: 'USD' })
  })
})

describe('a customer whom the provider has lost', () => {
  test('is asked for a card, and is made anew with the next need', async () => {
    await start(stack, 'lost', 'premium')
    const gone = await providerCustomer('lost')
    await stripeAt(stack).customers.del(gone)
    await advanceToPeriodEnd(stack, 'lost')
    expect((await subscriptionOf(stack, 'lost')).status).toBe('PAST_DUE')
    expect(await methodsOf(stack, 'lost')).toEqual([])
    await addMethod(stack, 'lost', GOOD_CARD)
    await until(
      () => subscriptionOf(stack, 'lost'),
      ({ status }) => status === 'ACTIVE',
    )
    expect(await providerCustomer('lost')).not.toBe(gone)
    expect(await balanceOf(stack, 'lost')).toBe('105 of 105, 0 used')
  })

  test('opens a page as if nothing had been', async () => {
    await buyer('gone')
    await stripeAt(stack).customers.del(await providerCustomer('gone'))
    const token = await openBundleCheckout(stack, 'gone')
    expect(await payCheckout(stack, token, GOOD_CARD)).toMatchObject({ status: 'COMPLETED' })
    expect(await available(stack, 'gone')).toBe('105')
  })

  test('pays on a page as if nothing had been', async () => {
    await buyer('returns')
    await stripeAt(stack).customers.del(await providerCustomer('returns'))
    const sold = await purchaseBundle(stack, 'returns', 'one')
    expect(await payCheckout(stack, tokenOf(sold), GOOD_CARD)).toMatchObject({ status: 'COMPLETED' })
  })
})
