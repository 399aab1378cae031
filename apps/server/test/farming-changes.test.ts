import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { available, consume, customerToken, dataOf, faultOf, upsertCustomer } from './calls.ts'
import { advanceTo, balanceOf, bills, change, live, start, subscriptionOf } from './living.ts'
import { askPayCheckout } from './pay-checkout.ts'
import { CHANGE_RATE_CARD, changeRateCard, subscribe, URLS } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { FREE, PREMIUM, publishRateCard, publishWorkedExample, STARTER } from './worked-example.ts'

// What a customer's own token can do to have credits or money for nothing.

let stack: Stack

const seats = (amount: string, defaultQuantity: number) => [
  { code: 'seats', name: 'Seats', price: { flat: { amount } }, defaultQuantity },
]
const CARDS = [
  { code: 'team', name: 'Team', fixedRates: seats('8.00', 2) },
  { code: 'support', name: 'Support' },
  {
    ...PREMIUM,
    code: 'yearly',
    name: 'Yearly',
    interval: 'YEAR',
    fixedRates: [{ code: 'base', name: 'Yearly', price: { flat: { amount: '1000.00' } } }],
    allowances: [{ creditType: 'credits', amount: '1260' }],
  },
  { ...PREMIUM, code: 'tried', name: 'Tried', trialDays: 3 },
  { ...STARTER, code: 'cheap', name: 'Cheap', trialDays: 30 },
  { ...FREE, code: 'solo', name: 'Solo', fixedRates: seats('10.00', 0) },
  { ...PREMIUM, code: 'crew', name: 'Crew', fixedRates: seats('50.00', 2) },
]

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  for (const card of CARDS) await publishRateCard(stack, card)
})
afterAll(() => stack.close())

async function cancelNow(customerId: string): Promise<void> {
  const { id } = await subscriptionOf(stack, customerId)
  const document = `mutation ($id: ID!) { cancelSubscription(input: { subscriptionId: $id, at: NOW }) { status } }`
  await dataOf(stack.query(document, { id }, await customerToken(stack, customerId)))
}

async function openPage(customerId: string, what: object, page: string): Promise<string> {
  const document = `mutation ($input: CheckoutSessionInput!) { createCheckoutSession(input: $input) { token } }`
  const input = { customerId, ...what, checkout: { ...URLS, successUrl: `http://localhost:3000/${page}` } }
  const authorization = await customerToken(stack, customerId)
  type Answer = { createCheckoutSession: { token: string } }
  return (await dataOf(stack.query<Answer>(document, { input }, authorization))).createCheckoutSession.token
}

async function middle(customerId: string): Promise<void> {
  const { currentPeriodStart, currentPeriodEnd } = await subscriptionOf(stack, customerId)
  await advanceTo(stack, (Date.parse(currentPeriodStart) + Date.parse(currentPeriodEnd)) / 2)
}

const creditOf = async (customerId: string) => Number((await live(stack, customerId)).accountCredit?.amount ?? 0)
const spend = async (customerId: string, idempotencyKey: string) =>
  (await consume(stack, { customerId, idempotencyKey, quantity: '5' })).decision.allowed

describe('a page that cost nothing when it was opened', () => {
  test('is not free once the account credit that covered it is gone', async () => {
    await start(stack, 'pages', 'starter')
    const note = `mutation ($input: CreditNoteInput!) { createCreditNote(input: $input) { number } }`
    const invoiceId = (await bills(stack, 'pages'))[0]?.id
    const input = { invoiceId, amount: '10.00', reason: 'Sorry', idempotencyKey: 'sorry' }
    await dataOf(stack.query(note, { input }))
    const tokens = [
      await openPage('pages', { bundle: 'pack-100' }, 'a'),
      await openPage('pages', { bundle: 'pack-100' }, 'b'),
    ]
    for (const token of tokens) await askPayCheckout(stack, token)
    expect(await available(stack, 'pages')).toBe('125')
  })

  test('is not free once the trial that it was for has been had', async () => {
    await upsertCustomer(stack, 'twice')
    const tokens = [
      await openPage('twice', { rateCard: 'tried' }, 'a'),
      await openPage('twice', { rateCard: 'tried' }, 'b'),
    ]
    await askPayCheckout(stack, tokens[0] as string)
    await cancelNow('twice')
    await askPayCheckout(stack, tokens[1] as string)
    expect(await available(stack, 'twice')).toBe('0')
  })
})

describe('what goes back in a period', () => {
  test('is at most the time left of what was paid, in however many steps of seats', async () => {
    await start(stack, 'steps', 'team', { quantities: [{ code: 'seats', quantity: 100 }] })
    await middle('steps')
    for (const quantity of [51, 27, 15, 9, 6, 4, 3, 2, 1]) {
      await change(stack, 'steps', 'team', { quantities: [{ code: 'seats', quantity }] })
    }
    expect(await creditOf('steps')).toBeLessThanOrEqual(400)
  })

  test('is at most the time left of what was paid, by way of a card in between', async () => {
    await start(stack, 'ladder', 'premium')
    await middle('ladder')
    await change(stack, 'ladder', 'starter')
    await change(stack, 'ladder', 'free')
    expect(await creditOf('ladder')).toBeLessThanOrEqual(50)
  })
})

describe('a free allowance comes once a period', () => {
  test('also by way of a year that is given back', async () => {
    await start(stack, 'round-trip', 'free')
    expect(await spend('round-trip', 'first')).toBe(true)
    await change(stack, 'round-trip', 'yearly')
    await change(stack, 'round-trip', 'free')
    expect(await spend('round-trip', 'second')).toBe(false)
  })

  test('also by way of a free card with another interval', async () => {
    await publishRateCard(stack, { ...FREE, code: 'free-weekly', name: 'Free weekly', interval: 'WEEK' })
    await start(stack, 'flip', 'free')
    expect(await spend('flip', 'first')).toBe(true)
    await change(stack, 'flip', 'free-weekly')
    expect(await spend('flip', 'second')).toBe(false)
  })

  test('also by way of a cancellation, an upgrade and a downgrade', async () => {
    await start(stack, 'detour', 'free')
    expect(await spend('detour', 'first')).toBe(true)
    await cancelNow('detour')
    await subscribe(stack, { customerId: 'detour', rateCard: 'free' })
    await change(stack, 'detour', 'starter')
    await change(stack, 'detour', 'free')
    expect(await spend('detour', 'second')).toBe(false)
  })

  test('also where an add-on is changed to the card that the customer has', async () => {
    await start(stack, 'add-on', 'free')
    const { subscription } = await subscribe(stack, { customerId: 'add-on', rateCard: 'support' })
    const input = { subscriptionId: subscription?.id, rateCard: 'free' }
    expect(await faultOf(stack.query(CHANGE_RATE_CARD, { input }))).toBe('CONFLICT rateCard')
    expect(await balanceOf(stack, 'add-on')).toBe('5 of 5, 0 used')
  })
})

describe('a trial comes once for a customer and a card', () => {
  test('also when it was left for another card', async () => {
    await upsertCustomer(stack, 'tries')
    await subscribe(stack, { customerId: 'tries', rateCard: 'tried' })
    await change(stack, 'tries', 'free')
    await cancelNow('tries')
    const again = await subscribe(stack, { customerId: 'tries', rateCard: 'tried', checkout: URLS })
    expect(again.__typename).toBe('CheckoutRequired')
  })

  test('also by way of the longer trial of a cheaper card', async () => {
    await upsertCustomer(stack, 'longer')
    await subscribe(stack, { customerId: 'longer', rateCard: 'tried' })
    await cancelNow('longer')
    await subscribe(stack, { customerId: 'longer', rateCard: 'cheap' })
    const { id } = await subscriptionOf(stack, 'longer')
    const sold = await changeRateCard(stack, { subscriptionId: id, rateCard: 'tried', checkout: URLS })
    expect(sold.__typename).toBe('CheckoutRequired')
  })
})

test('a browser can not leave out what a card includes by carrying "none" from another card', async () => {
  await upsertCustomer(stack, 'carried')
  await subscribe(stack, { customerId: 'carried', rateCard: 'solo', quantities: [{ code: 'seats', quantity: 0 }] })
  const { id } = await subscriptionOf(stack, 'carried')
  const input = { subscriptionId: id, rateCard: 'crew', checkout: URLS }
  const answer = stack.query<{ changeRateCard: object }>(
    CHANGE_RATE_CARD,
    { input },
    await customerToken(stack, 'carried'),
  )
  expect((await dataOf(answer)).changeRateCard).toMatchObject({ __typename: 'CheckoutRequired' })
})
