import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { atOnce, inTurn, until } from './at-once.ts'
import { available, billingState, faultOf, invoices } from './calls.ts'
import {
  answerBank,
  askPayCheckout,
  CHALLENGED_CARD,
  confirmCheckout,
  confirmOnce,
  DECLINED_CARD,
  GOOD_CARD,
  openCardPage,
  payCheckout,
  typeCard,
} from './pay-checkout.ts'
import { breakProvider, moneyAt, repairProvider, stripeAt } from './provider.ts'
import { countOwnRows, keyOf } from './rows.ts'
import {
  changeRateCard,
  openBundleCheckout,
  PURCHASE_BUNDLE,
  purchaseBundle,
  subscribe,
  tokenOf,
  URLS,
} from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

let stack: Stack
let taken: { charged: number[]; refunded: number[] }

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
beforeEach(async () => {
  taken = await moneyAt(stack)
})
afterAll(() => stack.close())

/** What was charged and refunded at the provider since the test began. */
async function movedMoney(): Promise<{ charged: number[]; refunded: number[] }> {
  const { charged, refunded } = await moneyAt(stack)
  return {
    charged: charged.slice(0, charged.length - taken.charged.length),
    refunded: refunded.slice(0, refunded.length - taken.refunded.length),
  }
}

async function subscriptionOf(customerId: string): Promise<string> {
  const { subscriptions } = await billingState(stack, customerId)
  expect(subscriptions).toHaveLength(1)
  return subscriptions[0]?.id as string
}

const toPremium = (subscriptionId: string, successUrl = URLS.successUrl) =>
  changeRateCard(stack, { subscriptionId, rateCard: 'premium', checkout: { ...URLS, successUrl } })

async function grantsOf(customerId: string): Promise<{ kind: string; amount: string }[]> {
  const key = await keyOf(stack.database, customerId)
  return stack.database.query(`select kind::text, amount::text from "grant" where customer_pk = $1 order by id`, [key])
}

test('a declined card changes nothing, and another one pays the same checkout', async () => {
  const customerId = await signUp(stack, 'declined')
  const token = tokenOf(await toPremium(await subscriptionOf(customerId)))
  const page = await openCardPage(stack, token)
  expect(await typeCard(page, DECLINED_CARD)).toEqual({ status: 402, location: null })
  expect(await confirmOnce(stack, token)).toMatchObject({ status: 'PROCESSING', invoice: null })
  expect(await available(stack, customerId)).toBe('5')
  expect(await invoices(stack, customerId)).toEqual([])

  expect(await openCardPage(stack, token)).toBe(page)
  await typeCard(page, GOOD_CARD)
  expect(await confirmCheckout(stack, token)).toMatchObject({ status: 'COMPLETED', invoice: { total: '100.00' } })
  expect(await available(stack, customerId)).toBe('105')
  expect(await movedMoney()).toEqual({ charged: [10_000], refunded: [] })
})

test('3D Secure: a bank that says no changes nothing, and one that says yes completes the checkout', async () => {
  const customerId = await signUp(stack, 'secure')
  const token = tokenOf(await toPremium(await subscriptionOf(customerId)))
  const page = await openCardPage(stack, token)
  const refused = await typeCard(page, CHALLENGED_CARD)
  expect(refused.location).toContain('/stripe-sandbox/challenge/')
  expect((await answerBank(refused.location as string, 'fail')).location).toBe(page)
  expect(await confirmOnce(stack, token)).toMatchObject({ status: 'PROCESSING', invoice: null })
  expect(await available(stack, customerId)).toBe('5')

  const asked = await typeCard(page, CHALLENGED_CARD)
  const back = await answerBank(asked.location as string, 'complete')
  expect(back.location).toContain(`/checkout/${token}`)
  expect(await confirmCheckout(stack, token)).toMatchObject({ status: 'COMPLETED' })
  expect(await available(stack, customerId)).toBe('105')
  expect(await movedMoney()).toEqual({ charged: [10_000], refunded: [] })
})

test('P18 a card on file whose bank wants the customer leads to a checkout, and nothing is lost or charged twice', async () => {
  const customerId = await signUp(stack, 'p18')
  const first = await openBundleCheckout(stack, customerId)
  const asked = await typeCard(await openCardPage(stack, first), CHALLENGED_CARD)
  await answerBank(asked.location as string, 'complete')
  await confirmCheckout(stack, first)
  expect(await available(stack, customerId)).toBe('105')

  const sold = await purchaseBundle(stack, customerId, 'off-session')
  expect(sold.__typename).toBe('CheckoutRequired')
  expect(await available(stack, customerId)).toBe('105')
  await payCheckout(stack, tokenOf(sold))
  expect(await available(stack, customerId)).toBe('205')
  expect(await movedMoney()).toEqual({ charged: [1_000, 1_000], refunded: [] })
})

test('S05 two tabs with a checkout each for the same change that both pay: one change, one invoice, one refund', async () => {
  const customerId = await signUp(stack, 's05')
  const subscriptionId = await subscriptionOf(customerId)
  const tabs = await atOnce(2, async (tab) =>
    tokenOf(await toPremium(subscriptionId, `http://localhost:3000/tab-${tab}`)),
  )
  expect(new Set(tabs).size).toBe(2)
  const pages = await Promise.all(tabs.map((token) => openCardPage(stack, token)))
  await Promise.all(pages.map((page) => typeCard(page, GOOD_CARD)))
  await Promise.all(tabs.map((token) => confirmCheckout(stack, token)))

  const settled = await until(
    () => Promise.all(tabs.map((token) => confirmCheckout(stack, token))),
    (checkouts) => checkouts.every(({ status }) => status !== 'PROCESSING'),
  )
  expect(settled.map(({ status }) => status).sort()).toEqual(['COMPLETED', 'REFUNDED'])
  expect(settled.find(({ status }) => status === 'REFUNDED')).toMatchObject({ failure: { code: 'superseded' } })
  const { subscriptions, balances } = await billingState(stack, customerId)
  expect(subscriptions).toMatchObject([{ id: subscriptionId, rateCard: { code: 'premium' } }])
  expect(balances).toMatchObject([{ available: '105', granted: '105' }])
  expect(await invoices(stack, customerId)).toMatchObject([{ total: '100.00', status: 'PAID' }])
  expect(await grantsOf(customerId)).toEqual([{ kind: 'ALLOWANCE', amount: '105' }])
  await until(movedMoney, ({ refunded }) => refunded.length > 0)
  expect(await movedMoney()).toEqual({ charged: [10_000, 10_000], refunded: [10_000] })
})

test('S05 a change that is asked for twice at once without a card shares one checkout', async () => {
  const customerId = await signUp(stack, 's05-shared')
  const subscriptionId = await subscriptionOf(customerId)
  const [first, second] = await atOnce(2, () => toPremium(subscriptionId))
  expect(first).toEqual(second)
})

test('S05 a change that is asked for twice at once with a card on file: one charge, one invoice, one allowance', async () => {
  const customerId = await signUp(stack, 's05-card')
  await payCheckout(stack, await openBundleCheckout(stack, customerId))
  const subscriptionId = await subscriptionOf(customerId)
  const answers = await atOnce(2, () =>
    toPremium(subscriptionId).catch((error: Error) => expect(error.message).toContain('"code":"CONFLICT"')),
  )
  expect(answers.some((sold) => sold?.__typename === 'SubscriptionSuccess')).toBe(true)
  expect((await billingState(stack, customerId)).subscriptions).toMatchObject([{ rateCard: { code: 'premium' } }])
  expect(await invoices(stack, customerId)).toMatchObject([{ total: '100.00' }, { total: '10.00' }])
  expect(await available(stack, customerId)).toBe('205')
  expect(await movedMoney()).toEqual({ charged: [10_000, 1_000], refunded: [] })
})

test('two sign-ups at once to a card that costs nothing: one subscription, one allowance', async () => {
  const customerId = await signUp(stack, 'double', 'prepaid').then(async (id) => {
    const { subscriptions } = await billingState(stack, id)
    const document = `mutation ($input: CancelSubscriptionInput!) { cancelSubscription(input: $input) { status } }`
    await stack.query(document, { input: { subscriptionId: subscriptions[0]?.id, at: 'NOW' } })
    return id
  })
  const answers = await atOnce(4, () =>
    subscribe(stack, { customerId, rateCard: 'free' }).then(
      ({ __typename }) => __typename,
      (error: Error) => (error.message.includes('"code":"CONFLICT"') ? 'CONFLICT' : error.message),
    ),
  )
  expect(answers.sort()).toEqual(['CONFLICT', 'CONFLICT', 'CONFLICT', 'SubscriptionSuccess'])
  expect(await grantsOf(customerId)).toEqual([{ kind: 'ALLOWANCE', amount: '5' }])
})

test('B10 a buyer who gave up waiting and asks again with the same key is charged once', async () => {
  const customerId = await signUp(stack, 'b10')
  await payCheckout(stack, await openBundleCheckout(stack, customerId))
  await breakProvider(stack, { match: 'POST /v1/payment_intents', fault: 'delay', delayMs: 400 })
  const input = { customerId, bundle: 'pack-100', checkout: URLS, idempotencyKey: 'impatient' }
  const abandoned = fetch(stack.graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${stack.secretKey}` },
    body: JSON.stringify({ query: PURCHASE_BUNDLE, variables: { input } }),
    signal: AbortSignal.timeout(100),
  })
  await expect(abandoned).rejects.toThrow('timeout')
  const sold = await purchaseBundle(stack, customerId, 'impatient')
  expect(sold).toMatchObject({ __typename: 'PurchaseSuccess' })
  expect(await purchaseBundle(stack, customerId, 'impatient')).toEqual(sold)
  expect(await available(stack, customerId)).toBe('205')
  expect(await movedMoney()).toEqual({ charged: [1_000, 1_000], refunded: [] })
})

test('P03 a charge whose answer was lost is looked up under the same key: one charge, one grant', async () => {
  const customerId = await signUp(stack, 'p03')
  await payCheckout(stack, await openBundleCheckout(stack, customerId))
  await breakProvider(stack, { match: 'POST /v1/payment_intents', fault: 'drop_after', times: 100 })
  const lost = stack.query(PURCHASE_BUNDLE, {
    input: { customerId, bundle: 'pack-100', checkout: URLS, idempotencyKey: 'lost' },
  })
  expect(await faultOf(lost)).toBe('PAYMENT_PROVIDER_UNAVAILABLE')
  await repairProvider(stack)
  expect(await purchaseBundle(stack, customerId, 'lost')).toMatchObject({ __typename: 'PurchaseSuccess' })
  expect(await available(stack, customerId)).toBe('205')
  expect(await movedMoney()).toEqual({ charged: [1_000, 1_000], refunded: [] })
})

test('a checkout that is completed can be paid no second time', async () => {
  const customerId = await signUp(stack, 'closed')
  const token = tokenOf(await toPremium(await subscriptionOf(customerId)))
  const page = await openCardPage(stack, token)
  await typeCard(page, GOOD_CARD)
  await confirmCheckout(stack, token)
  const before = await countOwnRows(stack.database)
  const { data } = await askPayCheckout(stack, token)
  expect(data).toEqual({ payCheckout: { __typename: 'CheckoutDone' } })
  expect((await typeCard(page, GOOD_CARD)).location).toContain('/checkout/')
  expect(await movedMoney()).toEqual({ charged: [10_000], refunded: [] })
  expect(await countOwnRows(stack.database)).toMatchObject({ payment: before.payment, grant: before.grant })
})

test('a checkout that was returned or has expired is closed', async () => {
  const customerId = await signUp(stack, 'over')
  const token = tokenOf(await toPremium(await subscriptionOf(customerId)))
  await stack.database.query(`update checkout_session set expires_at = now() where customer_pk = $1`, [
    await keyOf(stack.database, customerId),
  ])
  expect(await faultOf(askPayCheckout(stack, token))).toBe('CONFLICT')
  expect(await faultOf(askPayCheckout(stack, `${token.slice(0, -2)}xx`))).toBe('NOT_FOUND token')
  expect(await available(stack, customerId)).toBe('5')
})

test('a checkout that was opened before a price changed gives the money back', async () => {
  const customerId = await signUp(stack, 'late')
  const subscriptionId = await subscriptionOf(customerId)
  const token = tokenOf(await toPremium(subscriptionId))
  const page = await openCardPage(stack, token)
  const document = `mutation ($input: CancelSubscriptionInput!) { cancelSubscription(input: $input) { status } }`
  await stack.query(document, { input: { subscriptionId, at: 'NOW' } })
  await typeCard(page, GOOD_CARD)
  expect(await confirmCheckout(stack, token)).toMatchObject({ status: 'REFUNDED', failure: { code: 'superseded' } })
  expect(await available(stack, customerId)).toBe('0')
  expect(await movedMoney()).toEqual({ charged: [10_000], refunded: [10_000] })
})

test('what the customer already has is CONFLICT, and points to the change', async () => {
  const customerId = await signUp(stack, 'has')
  const input = { customerId, rateCard: 'free' }
  await expect(subscribe(stack, input)).rejects.toThrow('"code":"CONFLICT","field":"rateCard"')
  await expect(subscribe(stack, { customerId, rateCard: 'starter' })).rejects.toThrow('changeRateCard')
  const open = stack.query(
    `mutation ($input: CheckoutSessionInput!) { createCheckoutSession(input: $input) { token } }`,
    { input: { ...input, checkout: URLS } },
  )
  expect(await faultOf(open)).toBe('CONFLICT rateCard')
})

test('the provider keeps one customer for one of ours, however many checkouts are opened at once', async () => {
  const { data: before } = await stripeAt(stack).customers.list({ limit: 100 })
  await inTurn(10, async (round) => {
    const customerId = await signUp(stack, `profile-${round}`, 'prepaid')
    const tokens = await atOnce(4, (tab) =>
      openBundleCheckout(stack, customerId, { ...URLS, successUrl: `http://localhost:3000/${tab}` }),
    )
    await Promise.all(tokens.map((token) => openCardPage(stack, token)))
  })
  const { data: after } = await stripeAt(stack).customers.list({ limit: 100 })
  expect(after.length - before.length).toBe(10)
})

test('a card page that somebody has left is asked about less and less often, so that others come to their turn', async () => {
  const open = async (customerId: string, askedAgo: string) => {
    await signUp(stack, customerId)
    await openCardPage(stack, tokenOf(await toPremium(await subscriptionOf(customerId))))
    const key = await keyOf(stack.database, customerId)
    const asked = () =>
      stack.database.query<{ asked: number }>(`select asked_at as asked from checkout_session where customer_pk = $1`, [
        key,
      ])
    await stack.database.query(
      `update checkout_session set created_at = now() - interval '20 minutes', asked_at = now() - $2::interval where customer_pk = $1`,
      [key, askedAgo],
    )
    return asked
  }
  const soon = await open('left-a-minute', '1 minute')
  const [before] = await soon()
  const due = await open('left-longer', '3 minutes')
  const [first] = await due()
  await until(due, ([row]) => row?.asked !== first?.asked)
  expect(await soon()).toEqual([before])
})
