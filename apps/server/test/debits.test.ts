import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lookUpPayments } from '../src/modules/payments/jobs.ts'
import { until } from './at-once.ts'
import { available, consume, dataOf, faultOf, upsertCustomer } from './calls.ts'
import { debitOnPage, EMPTY_ACCOUNT, letBanksAnswer, takeDebits } from './debiting.ts'
import { askPayInvoice, newestInvoice } from './invoice-links.ts'
import { advanceBy, advanceToPeriodEnd, balanceOf, DAY, subscriptionOf } from './living.ts'
import { askPayCheckout, confirmCheckout, GOOD_CARD, openCardPage, payCheckout } from './pay-checkout.ts'
import { addMethod, methodsOf, openSetup } from './paying-methods.ts'
import { moneyAt } from './provider.ts'
import { keyOf } from './rows.ts'
import { openBundleCheckout, subscribe, tokenOf, URLS } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { attemptsOf, setAutoTopUp, standing } from './top-ups.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  await takeDebits(stack)
})
afterAll(() => stack.close())

async function orderPlan(customerId: string): Promise<string> {
  await upsertCustomer(stack, customerId)
  return tokenOf(await subscribe(stack, { customerId, rateCard: 'euro', checkout: URLS }))
}

const paymentsOf = (customerId: string) => attemptsOf(stack, customerId)

/** Saves an account, without buying anything. */
async function saveAccount(customerId: string, iban?: string): Promise<void> {
  const token = await openSetup(stack, customerId, { makeDefault: true })
  await debitOnPage(stack, token, iban)
  expect(await confirmCheckout(stack, token)).toMatchObject({ status: 'COMPLETED' })
}

describe('a plan that is paid from an account', () => {
  test('is PENDING until the money comes: nothing is granted, nothing can be paid twice, and it does not expire', async () => {
    const token = await orderPlan('pending')
    await debitOnPage(stack, token)
    expect(await confirmCheckout(stack, token)).toMatchObject({ status: 'PENDING', invoice: null, failure: null })
    expect(await paymentsOf('pending')).toEqual(['10000 PROCESSING'])
    expect(await available(stack, 'pending')).toBe('0')
    expect((await dataOf(askPayCheckout(stack, token))).payCheckout.__typename).toBe('CheckoutDone')
    await expect(orderPlan('pending')).rejects.toThrow('the bank takes days')
    await stack.database.query(
      `update checkout_session set expires_at = now() - interval '1 day' where status = 'PENDING'`,
    )
    expect(await confirmCheckout(stack, token)).toMatchObject({ status: 'PENDING' })

    await letBanksAnswer(stack)
    await until(
      () => balanceOf(stack, 'pending'),
      (balance) => balance === '105 of 105, 0 used',
    )
    // The link has outlived its hour: the invoice is in the portal, and in a mail.
    expect(await confirmCheckout(stack, token)).toMatchObject({ status: 'COMPLETED', invoice: null })
    expect(await paymentsOf('pending')).toEqual(['10000 SUCCEEDED'])
    expect(await methodsOf(stack, 'pending')).toMatchObject([
      { type: 'SEPA_DEBIT', brand: 'sepa_debit', last4: '3201', expMonth: 0, expYear: 0, isDefault: true },
    ])
  })

  test('is free again when the money does not come', async () => {
    const token = await orderPlan('bounced')
    await debitOnPage(stack, token, EMPTY_ACCOUNT)
    expect(await confirmCheckout(stack, token)).toMatchObject({ status: 'PENDING' })
    await letBanksAnswer(stack)
    const after = await until(
      () => confirmCheckout(stack, token),
      ({ status }) => status === 'EXPIRED',
    )
    expect(after.failure).toEqual({
      code: 'insufficient_funds',
      message: 'There was not enough money for the payment. Please use another card, or try again later.',
    })
    expect(await paymentsOf('bounced')).toEqual(['10000 FAILED'])
    const again = await orderPlan('bounced')
    expect(await payCheckout(stack, again, GOOD_CARD)).toMatchObject({ status: 'COMPLETED' })
    expect(await balanceOf(stack, 'bounced')).toBe('105 of 105, 0 used')
  })

  test('whose news comes from everywhere at once is granted once', async () => {
    const token = await orderPlan('once')
    await debitOnPage(stack, token)
    await confirmCheckout(stack, token)
    await letBanksAnswer(stack)
    await Promise.all([1, 2, 3, 4].map(() => confirmCheckout(stack, token)))
    await until(
      () => balanceOf(stack, 'once'),
      (balance) => balance === '105 of 105, 0 used',
    )
    expect(await paymentsOf('once')).toEqual(['10000 SUCCEEDED'])
  })
})

describe('an account on file', () => {
  test('is confirmed on a page, which says that the money takes days', async () => {
    await signUp(stack, 'on-file', 'free-euro')
    await saveAccount('on-file')
    const token = await openBundleCheckout(stack, 'on-file')
    const document = `mutation ($token: String!) { payCheckout(token: $token, method: CARD_ON_FILE) { __typename ... on CheckoutDone { checkout { status } } } }`
    expect(await dataOf(stack.query(document, { token }, null))).toEqual({
      payCheckout: { __typename: 'CheckoutDone', checkout: { status: 'PENDING' } },
    })
    expect(await available(stack, 'on-file')).toBe('5')
    expect(await confirmCheckout(stack, token)).toMatchObject({ status: 'PENDING' })
    await letBanksAnswer(stack)
    await until(
      () => available(stack, 'on-file'),
      (credits) => credits === '105',
    )
    expect(await confirmCheckout(stack, token)).toMatchObject({ status: 'COMPLETED' })
    expect(await paymentsOf('on-file')).toEqual(['1000 SUCCEEDED'])
  })

  test('serves euros only: what is sold in dollars asks for a card', async () => {
    await signUp(stack, 'dollars')
    await saveAccount('dollars')
    const token = await openBundleCheckout(stack, 'dollars')
    expect(
      await faultOf(
        stack.query(
          `mutation ($token: String!) { payCheckout(token: $token, method: CARD_ON_FILE) { __typename } }`,
          { token },
          null,
        ),
      ),
    ).toBe('CONFLICT method')
    expect(await openCardPage(stack, token)).toContain('http')
  })

  test('pays a renewal days later: no attempt meanwhile, then the period that was paid for', async () => {
    const token = await orderPlan('renews')
    await debitOnPage(stack, token)
    await confirmCheckout(stack, token)
    await letBanksAnswer(stack)
    await until(
      () => balanceOf(stack, 'renews'),
      (balance) => balance === '105 of 105, 0 used',
    )
    await advanceToPeriodEnd(stack, 'renews')
    await advanceBy(stack, 4 * DAY)
    expect(await paymentsOf('renews')).toEqual(['10000 SUCCEEDED', '10000 PROCESSING'])
    expect((await subscriptionOf(stack, 'renews')).status).toBe('ACTIVE')
    expect(await balanceOf(stack, 'renews')).toBe('0 of 0, 0 used')
    expect(await faultOf(askPayInvoice(stack, (await newestInvoice(stack, 'renews')).token))).toBe('CONFLICT')
    await letBanksAnswer(stack)
    await until(
      () => balanceOf(stack, 'renews'),
      (balance) => balance === '105 of 105, 0 used',
    )
  })

  test('that is empty leaves a renewal PAST_DUE as of the day that the bank says so, and the schedule begins then', async () => {
    const token = await orderPlan('fails')
    await payCheckout(stack, token, GOOD_CARD)
    await saveAccount('fails', EMPTY_ACCOUNT)
    await advanceToPeriodEnd(stack, 'fails')
    await advanceBy(stack, 4 * DAY)
    expect((await subscriptionOf(stack, 'fails')).status).toBe('ACTIVE')
    await letBanksAnswer(stack)
    await until(
      () => subscriptionOf(stack, 'fails'),
      ({ status }) => status === 'PAST_DUE',
    )
    expect(await paymentsOf('fails')).toEqual(['10000 SUCCEEDED', '10000 FAILED'])
    await advanceBy(stack, DAY + 60_000)
    expect(await paymentsOf('fails')).toEqual(['10000 SUCCEEDED', '10000 FAILED', '10000 PROCESSING'])
    await addMethod(stack, 'fails', GOOD_CARD, { makeDefault: true })
    await letBanksAnswer(stack)
    await until(
      () => paymentsOf('fails'),
      (payments) => payments.at(-1) === '10000 FAILED',
    )
    await advanceBy(stack, 3 * DAY)
    expect((await subscriptionOf(stack, 'fails')).status).toBe('ACTIVE')
  })

  test('tops up by itself: CHARGING until the money is there, and one charge however often the threshold is crossed', async () => {
    await signUp(stack, 'tops-up', 'free-euro')
    await saveAccount('tops-up')
    await setAutoTopUp(stack, 'tops-up', { threshold: '50', bundle: 'pack-100' })
    expect(await standing(stack, 'tops-up')).toBe('CHARGING with 5')
    await consume(stack, { customerId: 'tops-up', idempotencyKey: 'one' })
    await advanceBy(stack, 2 * DAY)
    expect(await paymentsOf('tops-up')).toEqual(['1000 PROCESSING'])
    await letBanksAnswer(stack)
    await until(
      () => standing(stack, 'tops-up'),
      (now) => now === 'READY with 104',
    )
    expect(await paymentsOf('tops-up')).toEqual(['1000 SUCCEEDED'])
  })

  test('whose bank says nothing is asked about once an hour, and not every few seconds', async () => {
    await signUp(stack, 'silent', 'free-euro')
    await saveAccount('silent')
    await setAutoTopUp(stack, 'silent', { threshold: '50', bundle: 'pack-100' })
    const openEvents = () => stack.database.query(`select 1 from provider_event where processed_at is null`)
    const asked = async () =>
      stack.database.query<{ asked: number }>(`select asked from payment where customer_pk = $1`, [
        await keyOf(stack.database, 'silent'),
      ])
    const [before] = await until(
      () => Promise.all([asked(), openEvents()]).then(([rows, open]) => (open.length === 0 ? rows : [])),
      (rows) => rows.length === 1,
    )
    const askedAgo = (minutes: number) =>
      stack.database.query(
        `update payment set asked_at = now() - $1 * interval '1 minute' where status = 'PROCESSING'`,
        [minutes],
      )
    await askedAgo(61)
    await lookUpPayments(stack.app)
    expect((await asked())[0]?.asked).toBeGreaterThan(before?.asked ?? 0)
    await askedAgo(59)
    await lookUpPayments(stack.app)
    const left = `select 1 from payment where customer_pk = $1 and asked_at < now() - interval '58 minutes'`
    expect(await stack.database.query(left, [await keyOf(stack.database, 'silent')])).toHaveLength(1)
    await letBanksAnswer(stack)
    await until(
      () => standing(stack, 'silent'),
      (now) => now === 'READY with 105',
    )
  })
})

test('money was asked for once for each thing that was bought', async () => {
  const { charged, refunded } = await moneyAt(stack)
  expect(refunded).toEqual([])
  const [paid] = await stack.database.query<{ paid: number }>(
    `select sum(amount_minor)::int8 as paid from payment where status = 'SUCCEEDED'`,
  )
  expect(charged.reduce((sum, amount) => sum + amount, 0)).toBe(paid?.paid)
})
