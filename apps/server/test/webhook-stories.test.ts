import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { until } from './at-once.ts'
import { consume, dataOf, grantCredits, recordUsage } from './calls.ts'
import { advanceToPeriodEnd, change, DAY, putOnFile, start, subscriptionOf } from './living.ts'
import { createEndpoint, endpoints, type Receiver, startReceiver, verified, withEndpoint } from './receiver.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

// What an integrator is told of a customer's life, in the order of its numbers.

let stack: Stack
let receiver: Receiver

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())
beforeEach(async () => {
  receiver = await startReceiver()
})
afterEach(async () => {
  for (const { id } of await endpoints(stack)) await withEndpoint(stack, 'deleteWebhookEndpoint', id)
  await receiver.close()
})

const TYPES = `subscription.started subscription.changed subscription.renewed subscription.past_due subscription.paused
  subscription.resumed subscription.canceled invoice.issued invoice.paid invoice.voided invoice.uncollectible
  payment.succeeded payment.failed`.split(/\s+/)

/** Waits until nothing waits. */
async function quiet(): Promise<void> {
  const waiting = `select (select count(*) from outbound_event where sent_out_at is null)
    + (select count(*) from webhook_delivery where status = 'PENDING') as left`
  await until(
    () => stack.database.query<{ left: number }>(waiting),
    ([row]) => row?.left === 0,
  )
}

/** All that was told of a customer, but for so many events at its beginning. */
async function told(customerId: string, after = 0) {
  await quiet()
  const own = receiver.received.map(({ event }) => event).filter(({ data }) => data.customerId === customerId)
  const events = own.sort((a, b) => Number(a.sequence) - Number(b.sequence))
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1))
  return events.slice(after)
}

const types = (events: readonly { type: string }[]) => events.map(({ type }) => type)

it('a plan is bought, changed, renewed, not paid and ended', async () => {
  await createEndpoint(stack, { url: receiver.url, types: TYPES })
  const ada = await start(stack, 'ada', 'starter')
  const bought = await told(ada)
  expect(types(bought)).toEqual(['invoice.issued', 'invoice.paid', 'subscription.started', 'payment.succeeded'])
  expect(bought.map(({ data }) => data)).toEqual([
    expect.objectContaining({ total: '20.00', amountDue: '0.00', currency: 'USD', status: 'PAID' }),
    expect.objectContaining({ total: '20.00', status: 'PAID' }),
    expect.objectContaining({ rateCard: 'starter', rateCardVersion: 1, status: 'ACTIVE' }),
    expect.objectContaining({ amount: '20.00', currency: 'USD', purpose: 'subscribe' }),
  ])
  const { id, currentPeriodEnd } = await subscriptionOf(stack, ada)
  expect(bought[2]?.data).toMatchObject({ subscriptionId: id, currentPeriodEnd })

  await change(stack, ada, 'premium')
  const changed = await told(ada, 4)
  expect(types(changed)).toEqual(['invoice.issued', 'invoice.paid', 'subscription.changed', 'payment.succeeded'])
  expect(changed[2]?.data).toMatchObject({ rateCard: 'premium', previousRateCard: 'starter' })

  await advanceToPeriodEnd(stack, ada)
  const renewed = await told(ada, 8)
  expect(types(renewed)).toEqual(['invoice.issued', 'subscription.renewed', 'invoice.paid', 'payment.succeeded'])
  expect(renewed.map(({ timestamp }) => timestamp)).toEqual(Array(4).fill(currentPeriodEnd))

  await putOnFile(stack, ada, 'pm_card_chargeCustomerFail')
  await advanceToPeriodEnd(stack, ada, 8 * DAY)
  const ended = await told(ada, 12)
  expect(types(ended).filter((type) => type !== 'payment.failed')).toEqual([
    'invoice.issued',
    'subscription.renewed',
    'subscription.past_due',
    'subscription.canceled',
    'invoice.uncollectible',
  ])
  expect(ended.find(({ type }) => type === 'payment.failed')?.data).toMatchObject({
    amount: '100.00',
    purpose: 'renewal',
    code: expect.any(String),
  })
  expect(ended.at(-2)?.data).toMatchObject({ status: 'CANCELED', reason: 'not paid' })
})

it('a plan rests and comes back', async () => {
  await createEndpoint(stack, { url: receiver.url, types: TYPES })
  const grace = await start(stack, 'grace', 'free')
  const { id } = await subscriptionOf(stack, grace)
  await dataOf(stack.query(`mutation ($id: ID!) { pauseSubscription(input: { subscriptionId: $id }) { id } }`, { id }))
  await advanceToPeriodEnd(stack, grace)
  await dataOf(stack.query(`mutation ($id: ID!) { resumeSubscription(subscriptionId: $id) { id } }`, { id }))
  const now = `mutation ($id: ID!) { cancelSubscription(input: { subscriptionId: $id, at: NOW }) { id } }`
  await dataOf(stack.query(now, { id }))
  expect(types(await told(grace))).toEqual([
    'subscription.started',
    'subscription.paused',
    'subscription.resumed',
    'subscription.canceled',
  ])
})

it('an alert at 20 percent goes to a URL of its own', async () => {
  const { endpoint, secret } = await createEndpoint(stack, {
    url: receiver.url,
    balanceAlert: { creditType: 'credits', percent: 20 },
  })
  expect(endpoint).toMatchObject({
    types: ['balance.threshold_crossed'],
    filter: { creditType: 'credits', percent: '20' },
  })
  const customerId = 'alerted'
  await signUp(stack, customerId, 'prepaid')
  await grantCredits(stack, { customerId, amount: '100', idempotencyKey: 'start' })
  const thresholds = `[{ percent: "50" }, { percent: "20" }]`
  await dataOf(
    stack.query(
      `mutation { setBalanceAlerts(input: { customerId: "${customerId}", creditType: "credits", thresholds: ${thresholds} }) { percent } }`,
    ),
  )
  await consume(stack, { customerId, quantity: '60', idempotencyKey: 'half' })
  await consume(stack, { customerId, quantity: '25', idempotencyKey: 'more' })
  await quiet()
  expect(receiver.received).toHaveLength(1)
  const [{ event: alert } = { event: undefined }] = receiver.received
  expect(alert).toMatchObject({
    type: 'balance.threshold_crossed',
    data: { customerId, percent: '20', available: '15' },
  })
  expect(verified(secret, receiver.received[0] as never)).toEqual(alert)
})

it('what was taken back was never told, and what was told is counted as it was committed', async () => {
  await createEndpoint(stack, { url: receiver.url, types: TYPES })
  const customerId = await start(stack, 'previewed', 'free')
  const { id } = await subscriptionOf(stack, customerId)
  const preview = `query ($id: ID!) { previewRateCardChange(input: { subscriptionId: $id, rateCard: "premium" }) { effectiveAt } }`
  await dataOf(stack.query(preview, { id }))
  await recordUsage(stack, [{ customerId, idempotencyKey: 'used', value: '1' }])
  expect(types(await told(customerId))).toEqual(['subscription.started'])
})
