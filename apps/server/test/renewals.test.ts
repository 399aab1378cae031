import { afterAll, beforeAll, expect, test } from 'vitest'
import { consume, dataOf, grantCredits, recordUsage, upsertCustomer } from './calls.ts'
import { putOnFile } from './living.ts'
import { confirmCheckout, GOOD_CARD, openCardPage, typeCard } from './pay-checkout.ts'
import { changeRateCard, subscribe, tokenOf, URLS } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())

interface State {
  readonly subscriptions: readonly {
    id: string
    status: string
    currentPeriodEnd: string
    rateCard: { code: string }
  }[]
  readonly balances: readonly { available: string; overage: string; granted: string; used: string }[]
}

async function stateOf(customerId: string): Promise<State> {
  const document = `query ($customerId: ID!) { billingState(customerId: $customerId) {
    subscriptions { id status currentPeriodEnd rateCard { code } } balances { available overage granted used } } }`
  return (await dataOf(stack.query<{ billingState: State }>(document, { customerId }))).billingState
}

interface Invoice {
  readonly number: string
  readonly total: string
  readonly status: string
  readonly lines: readonly { description: string; amount: string }[]
}

async function invoicesOf(customerId: string): Promise<readonly Invoice[]> {
  const document = `query ($customerId: ID!) { invoices(customerId: $customerId) { nodes {
    number total status lines { description amount } } } }`
  const { invoices } = await dataOf(stack.query<{ invoices: { nodes: Invoice[] } }>(document, { customerId }))
  return invoices.nodes
}

async function advanceClock(to: string): Promise<void> {
  await dataOf(stack.query(`mutation ($to: DateTime!) { advanceClock(to: $to) }`, { to }))
}

async function periodEnd(customerId: string, days = 0): Promise<string> {
  const [subscription] = (await stateOf(customerId)).subscriptions
  return new Date(Date.parse(subscription?.currentPeriodEnd ?? '') + days * 86_400_000).toISOString()
}

/** Subscribes to Premium and pays with the card. */
async function payForPremium(customerId: string, card: string): Promise<void> {
  await upsertCustomer(stack, customerId)
  const token = tokenOf(await subscribe(stack, { customerId, rateCard: 'premium', checkout: URLS }))
  await typeCard(await openCardPage(stack, token), card)
  await confirmCheckout(stack, token)
}

test('the worked example to its end: 110 more generations, then an invoice of 107.20', async () => {
  await payForPremium('worked', GOOD_CARD)
  await recordUsage(stack, [{ customerId: 'worked', idempotencyKey: 'all', value: '113' }])
  expect((await stateOf('worked')).balances).toMatchObject([{ available: '0', overage: '8' }])

  await advanceClock(await periodEnd('worked'))

  expect((await stateOf('worked')).balances).toMatchObject([{ available: '105', overage: '0', used: '0' }])
  const [renewal] = await invoicesOf('worked')
  expect(renewal).toMatchObject({ total: '107.20', status: 'PAID' })
  expect(renewal?.lines.map(({ amount }) => amount)).toEqual(['7.20', '100.00'])
})

test('a year by the clock is twelve renewals, each billed once', async () => {
  await payForPremium('a-year', GOOD_CARD)
  await advanceClock(await periodEnd('a-year', 335))
  const totals = (await invoicesOf('a-year')).map(({ total, status }) => `${total} ${status}`)
  expect(totals).toEqual(Array.from({ length: 12 + 1 }, () => '100.00 PAID'))
})

test('a free renewal grants at once, and what was left is gone (rollover NONE)', async () => {
  await signUp(stack, 'free-month')
  await consume(stack, { customerId: 'free-month', idempotencyKey: 'one', quantity: '2' })
  await advanceClock(await periodEnd('free-month'))
  expect((await stateOf('free-month')).balances).toMatchObject([{ available: '5', granted: '5', used: '0' }])
  expect(await invoicesOf('free-month')).toEqual([])
})

test('a renewal comes before the decision that depends on it, also when no worker has run', async () => {
  await signUp(stack, 'no-worker')
  await consume(stack, { customerId: 'no-worker', idempotencyKey: 'all', quantity: '5' })
  await stack.database.query(
    `update subscription s set current_period_end = now(), due_at = now(), anchor_at = now() - interval '1 month',
       current_period_start = now() - interval '1 month', claimed_until = now() + interval '1 hour'
     from customer c where c.pk = s.customer_pk and c.id = 'no-worker'`,
  )
  const { decision } = await consume(stack, { customerId: 'no-worker', idempotencyKey: 'next', quantity: '1' })
  expect(decision).toMatchObject({ allowed: true, reason: 'COVERED' })
  await stack.database.query('update subscription set claimed_until = null')
})

const BROKE = 'pm_card_visa_chargeDeclinedInsufficientFunds'
const DAYS = 86_400_000

test('a declined renewal is PAST_DUE and recovers on a new card with the next attempt', async () => {
  await payForPremium('recovers', GOOD_CARD)
  const boundary = Date.parse(await periodEnd('recovers'))
  await putOnFile(stack, 'recovers', BROKE)
  await advanceClock(new Date(boundary + 2 * DAYS).toISOString())
  expect((await stateOf('recovers')).subscriptions).toMatchObject([{ status: 'PAST_DUE' }])
  expect((await stateOf('recovers')).balances).toMatchObject([{ available: '0' }])
  const { decision } = await consume(stack, { customerId: 'recovers', idempotencyKey: 'due', quantity: '1' })
  expect(decision).toMatchObject({ allowed: false, reason: 'PAYMENT_PAST_DUE' })

  await putOnFile(stack, 'recovers', 'pm_card_visa')
  await advanceClock(new Date(boundary + 3 * DAYS).toISOString())
  expect((await stateOf('recovers')).subscriptions).toMatchObject([{ status: 'ACTIVE' }])
  expect((await stateOf('recovers')).balances).toMatchObject([{ available: '105' }])
  expect((await invoicesOf('recovers')).map(({ total, status }) => `${total} ${status}`)).toEqual([
    '100.00 PAID',
    '100.00 PAID',
  ])
})

test('declined on days 0, 1, 3, 5 and 7: CANCELED, the invoice uncollectible, purchased credits kept', async () => {
  await payForPremium('ends', GOOD_CARD)
  await grantCredits(stack, { customerId: 'ends', amount: '7', kind: 'PREPAID', idempotencyKey: 'bought' })
  const boundary = Date.parse(await periodEnd('ends'))
  await putOnFile(stack, 'ends', BROKE)
  await advanceClock(new Date(boundary + 7 * DAYS - 60_000).toISOString())
  expect((await stateOf('ends')).subscriptions).toMatchObject([{ status: 'PAST_DUE' }])
  await advanceClock(new Date(boundary + 7 * DAYS).toISOString())
  expect((await stateOf('ends')).subscriptions).toEqual([])
  expect((await stateOf('ends')).balances).toMatchObject([{ available: '7' }])
  expect((await invoicesOf('ends'))[0]).toMatchObject({ total: '100.00', status: 'UNCOLLECTIBLE' })
  const attempts = await stack.database.query(
    `select 1 from payment p join customer c on c.pk = p.customer_pk where c.id = 'ends' and p.status = 'FAILED'`,
  )
  expect(attempts).toHaveLength(5)
})

test('a change at the period end waits, shows, and can be taken back', async () => {
  await signUp(stack, 'waiting')
  const [subscription] = (await stateOf('waiting')).subscriptions
  const input = { subscriptionId: subscription?.id, rateCard: 'starter', behavior: 'AT_PERIOD_END' }
  expect(await changeRateCard(stack, input)).toMatchObject({ __typename: 'SubscriptionSuccess' })
  const pending = `query ($id: ID!) { billingState(customerId: $id) { subscriptions { pendingRateCard { code } rateCard { code } } } }`
  const ask = async () => (await dataOf(stack.query<{ billingState: State }>(pending, { id: 'waiting' }))).billingState
  expect(await ask()).toMatchObject({
    subscriptions: [{ pendingRateCard: { code: 'starter' }, rateCard: { code: 'free' } }],
  })
  await dataOf(
    stack.query(`mutation ($id: ID!) { resumeSubscription(subscriptionId: $id) { id } }`, { id: subscription?.id }),
  )
  expect(await ask()).toMatchObject({ subscriptions: [{ pendingRateCard: null }] })
})
