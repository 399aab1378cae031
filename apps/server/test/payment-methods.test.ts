import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from './at-once.ts'
import { billingState, customerToken, dataOf, faultOf, recordUsage, upsertCustomer } from './calls.ts'
import { advanceToPeriodEnd, balanceOf, bills, putOnFile, start, subscriptionOf, told } from './living.ts'
import {
  confirmCheckout,
  confirmOnce,
  DECLINED_CARD,
  GOOD_CARD,
  openCardPage,
  payCheckout,
  typeCard,
} from './pay-checkout.ts'
import { addMethod, askChange, methodsOf, namesOf, openSetup, removeMethod, setDefault } from './paying-methods.ts'
import { moneyAt, stripeAt } from './provider.ts'
import { keyOf } from './rows.ts'
import { type Stack, startStack } from './stack.ts'
import { publishPacks, setAutoTopUp, standing } from './top-ups.ts'
import { watchBillingState } from './watch-billing-state.ts'
import { PREMIUM, publishRateCard, publishWorkedExample, signUp } from './worked-example.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  await publishPacks(stack)
})
afterAll(() => stack.close())

const MASTERCARD = '5555555555554444'
const AMEX = '378282246310005'
const BROKE = 'pm_card_visa_chargeDeclinedInsufficientFunds'

/** What the provider has saved for a customer, by the last digits. */
async function savedAtProvider(customerId: string): Promise<string[]> {
  const [profile] = await stack.database.query<{ id: string }>(
    `select provider_customer_id as id from payment_profile where customer_pk = $1 and active`,
    [await keyOf(stack.database, customerId)],
  )
  const { data } = await stripeAt(stack).customers.listPaymentMethods(profile?.id as string)
  return data.map(({ card }) => card?.last4 ?? '')
}

test('a customer saves a card and is charged nothing; what is saved shows in every open browser', async () => {
  await signUp(stack, 'saves')
  const watcher = watchBillingState(stack, 'saves', await customerToken(stack, 'saves'))
  await until(
    () => watcher.newest(),
    (state) => state !== undefined,
  )
  const token = await openSetup(stack, 'saves', {}, await customerToken(stack, 'saves'))
  const document = `query ($token: String!) { checkout(token: $token) { setup status title dueNow { amount } lines { amount } } }`
  expect((await dataOf(stack.query<{ checkout: object }>(document, { token }, null))).checkout).toEqual({
    setup: true,
    status: 'OPEN',
    title: 'Payment method',
    dueNow: { amount: '0.00' },
    lines: [],
  })
  expect(await payCheckout(stack, token, GOOD_CARD)).toMatchObject({
    status: 'COMPLETED',
    invoice: null,
    failure: null,
  })
  expect(await methodsOf(stack, 'saves')).toMatchObject([
    { type: 'CARD', brand: 'visa', last4: '4242', expMonth: 12, expYear: 2034, isDefault: true },
  ])
  expect(
    (
      await until(
        () => watcher.newest(),
        (state) => state?.paymentMethod != null,
      )
    )?.paymentMethod?.last4,
  ).toBe('4242')
  watcher.close()
  expect((await moneyAt(stack)).charged).toEqual([])
  expect(await dataOf(stack.query(`{ payments(customerId: "saves") { nodes { id } } }`))).toEqual({
    payments: { nodes: [] },
  })
})

test('a page that saves a card is settled once by redirect and webhook, and a declined card leaves it open', async () => {
  await signUp(stack, 'twice')
  const token = await openSetup(stack, 'twice')
  const page = await openCardPage(stack, token)
  await typeCard(page, DECLINED_CARD)
  expect(await confirmOnce(stack, token)).toMatchObject({ status: 'PROCESSING' })
  await typeCard(page, GOOD_CARD)
  const outcomes = await Promise.all([1, 2, 3].map(() => confirmCheckout(stack, token)))
  expect(outcomes.map(({ status }) => status)).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED'])
  expect(namesOf(await methodsOf(stack, 'twice'))).toBe('4242 default')
})

test('a saved card that nobody came back for is found by the webhook alone', async () => {
  await signUp(stack, 'leaves')
  await typeCard(await openCardPage(stack, await openSetup(stack, 'leaves')), GOOD_CARD)
  await until(
    () => methodsOf(stack, 'leaves'),
    (methods) => namesOf(methods) === '4242 default',
  )
})

describe('several methods', () => {
  test('the first is the default, others become it when asked, and the same card twice is one', async () => {
    await signUp(stack, 'several')
    await addMethod(stack, 'several', GOOD_CARD)
    await addMethod(stack, 'several', MASTERCARD)
    expect(namesOf(await methodsOf(stack, 'several'))).toBe('4242 default, 4444')
    await addMethod(stack, 'several', AMEX, { makeDefault: true })
    expect(namesOf(await methodsOf(stack, 'several'))).toBe('0005 default, 4444, 4242')
    await addMethod(stack, 'several', GOOD_CARD)
    expect(namesOf(await methodsOf(stack, 'several'))).toBe('0005 default, 4242, 4444')
    await until(
      () => savedAtProvider('several'),
      (saved) => saved.sort().join() === '0005,4242,4444',
    )
  })

  test('the default is chosen, and shown live', async () => {
    const { version } = await billingState(stack, 'several')
    expect(await setDefault(stack, 'several', '4444')).toBe('4444 default, 4242, 0005')
    const state = await billingState(stack, 'several')
    expect(state.paymentMethod?.last4).toBe('4444')
    expect(state.version).toBeGreaterThan(version)
  })

  test('one that is removed is gone at the provider, the newest takes its place, and the last one may go', async () => {
    expect(await removeMethod(stack, 'several', '4444')).toBe('4242 default, 0005')
    expect((await savedAtProvider('several')).sort()).toEqual(['0005', '4242'])
    expect(await removeMethod(stack, 'several', '4242')).toBe('0005 default')
    expect(await removeMethod(stack, 'several', '0005')).toBe('')
    expect((await billingState(stack, 'several')).paymentMethod).toBeNull()
    expect(await savedAtProvider('several')).toEqual([])
  })

  test('one that is being charged stays until that is over', async () => {
    await signUp(stack, 'charged')
    await addMethod(stack, 'charged', GOOD_CARD)
    const key = await keyOf(stack.database, 'charged')
    await stack.database.query(
      `insert into payment (id, project_id, customer_pk, status, amount_minor, currency, purpose, purpose_hash, description, payment_method_id)
       select gen_random_uuid(), c.project_id, c.pk, 'PENDING', 100, 'USD', '{"kind":"bundle","topUp":{"due":"none"}}', 'none', 'One', m.provider_method_id
       from customer c join payment_method m on m.customer_pk = c.pk where c.pk = $1`,
      [key],
    )
    expect(await faultOf(askChange(stack, 'remove', 'charged', '4242'))).toBe('CONFLICT paymentMethodId')
    await stack.database.query(`delete from payment where customer_pk = $1`, [key])
    expect(await removeMethod(stack, 'charged', '4242')).toBe('')
  })

  test("a customer's are nobody else's", async () => {
    await signUp(stack, 'owner')
    await signUp(stack, 'thief')
    await addMethod(stack, 'owner', GOOD_CARD)
    const [method] = await methodsOf(stack, 'owner')
    const steal = `mutation ($id: ID!) { removePaymentMethod(customerId: "thief", paymentMethodId: $id) { id } }`
    expect(await faultOf(stack.query(steal, { id: method?.id }, await customerToken(stack, 'thief')))).toBe(
      'NOT_FOUND paymentMethodId',
    )
  })

  test('there are ten at most', async () => {
    await signUp(stack, 'collects')
    await addMethod(stack, 'collects', GOOD_CARD)
    await stack.database.query(
      `insert into payment_method (id, customer_pk, account, provider_method_id, type, brand, last4, exp_month, exp_year)
       select gen_random_uuid(), customer_pk, account, 'pm_' || n, type, brand, last4, exp_month, exp_year
       from payment_method, generate_series(1, 9) n where customer_pk = $1`,
      [await keyOf(stack.database, 'collects')],
    )
    await expect(openSetup(stack, 'collects')).rejects.toThrow('10 payment methods at most')
  })
})

describe('what waited for a method', () => {
  test('a renewal that was declined is tried at once with the new card, and the plan goes on', async () => {
    await start(stack, 'behind', 'premium')
    await putOnFile(stack, 'behind', BROKE)
    await advanceToPeriodEnd(stack, 'behind')
    expect((await subscriptionOf(stack, 'behind')).status).toBe('PAST_DUE')
    await addMethod(stack, 'behind', MASTERCARD, { makeDefault: true })
    await until(
      () => subscriptionOf(stack, 'behind'),
      ({ status }) => status === 'ACTIVE',
    )
    expect(await balanceOf(stack, 'behind')).toBe('105 of 105, 0 used')
  })

  test('a new card that is declined as well takes no attempt from the schedule, and is not tried twice before its time', async () => {
    await start(stack, 'again', 'premium')
    await putOnFile(stack, 'again', BROKE)
    await advanceToPeriodEnd(stack, 'again')
    const standingOf = async () =>
      stack.database.query(`select attempts, due_at from subscription where customer_pk = $1`, [
        await keyOf(stack.database, 'again'),
      ])
    const attempts = async () =>
      stack.database.query(`select 1 from payment where customer_pk = $1 and status = 'FAILED'`, [
        await keyOf(stack.database, 'again'),
      ])
    const before = await standingOf()
    await addMethod(stack, 'again', '4000000000000341', { makeDefault: true })
    await until(attempts, (rows) => rows.length === 2)
    await until(standingOf, (row) => JSON.stringify(row) === JSON.stringify(before))
    await setDefault(stack, 'again', '4242')
    await setDefault(stack, 'again', '0341')
    expect(await standingOf()).toEqual(before)
  })

  test('an automatic top-up that needed its customer goes on by itself', async () => {
    await signUp(stack, 'empty', 'metered')
    await setAutoTopUp(stack, 'empty')
    expect(await standing(stack, 'empty')).toBe('NEEDS_CUSTOMER with 0')
    await addMethod(stack, 'empty', GOOD_CARD)
    await until(
      () => standing(stack, 'empty'),
      (now) => now === 'READY with 50',
    )
  })

  test('overage of a card that costs nothing collects by itself at the end of the period', async () => {
    const { bundles: _, ...card } = PREMIUM
    await publishRateCard(stack, { ...card, code: 'by-use', name: 'By use', fixedRates: [], allowances: [] })
    await signUp(stack, 'by-use', 'by-use')
    await addMethod(stack, 'by-use', GOOD_CARD)
    await recordUsage(stack, [{ customerId: 'by-use', idempotencyKey: 'used', value: '10' }])
    await advanceToPeriodEnd(stack, 'by-use')
    expect((await bills(stack, 'by-use')).map(told)).toMatchObject([expect.stringMatching(/^9\.00 PAID/)])
  })
})

test('what a customer is called by now is passed on to the provider', async () => {
  await signUp(stack, 'renamed')
  await addMethod(stack, 'renamed', GOOD_CARD)
  await dataOf(
    stack.query(
      `mutation { upsertCustomer(input: { id: "renamed", name: "Grace", email: "grace@example.com" }) { id } }`,
    ),
  )
  const [profile] = await stack.database.query<{ id: string }>(
    `select provider_customer_id as id from payment_profile where customer_pk = $1`,
    [await keyOf(stack.database, 'renamed')],
  )
  await until(
    () => stripeAt(stack).customers.retrieve(profile?.id as string),
    (customer) => !customer.deleted && customer.name === 'Grace' && customer.email === 'grace@example.com',
  )
  await upsertCustomer(stack, 'renamed')
})
