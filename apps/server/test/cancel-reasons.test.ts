import { afterAll, beforeAll, expect, it } from 'vitest'
import { until } from './at-once.ts'
import { dataOf, faultOf } from './calls.ts'
import { advanceToPeriodEnd, change, start, subscriptionOf } from './living.ts'
import { createEndpoint, type Receiver, startReceiver } from './receiver.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample } from './worked-example.ts'

// Why customers leave: said once, shown and told to the business, forgotten when they stay.

let stack: Stack
let receiver: Receiver

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  receiver = await startReceiver()
  const types = ['cancellation_scheduled', 'resumed', 'canceled'].map((what) => `subscription.${what}`)
  await createEndpoint(stack, { url: receiver.url, types })
})
afterAll(async () => {
  await receiver.close()
  await stack.close()
})

const CANCEL = `mutation ($input: CancelSubscriptionInput!) { cancelSubscription(input: $input) {
  status cancelAtPeriodEnd cancellation { reason comment at } } }`
const RESUME = `mutation ($id: ID!) { resumeSubscription(subscriptionId: $id) { cancellation { reason } } }`
const WORDS = { reason: 'MISSING_FEATURES', comment: '  Longer stories, please.  ' }

type Canceled = { cancelAtPeriodEnd: boolean; cancellation: { reason: string | null; comment: string | null } | null }

async function cancel(subscriptionId: string, words: object): Promise<Canceled> {
  const input = { subscriptionId, ...words }
  return (await dataOf(stack.query<{ cancelSubscription: Canceled }>(CANCEL, { input }))).cancelSubscription
}

/** What was told of a customer, once it is so much. */
async function told(customerId: string, count: number) {
  const own = async () =>
    receiver.received.map(({ event }) => event).filter(({ data }) => data.customerId === customerId)
  const events = await until(own, (all) => all.length >= count)
  return events
    .sort((a, b) => Number(a.sequence) - Number(b.sequence))
    .map(({ type, data }) => ({ type, cancellation: data.cancellation }))
}

it('a reason is kept, told at once and told again when the subscription ends', async () => {
  const ada = await start(stack, 'ada', 'premium')
  const { id } = await subscriptionOf(stack, ada)
  const said = { reason: 'MISSING_FEATURES', comment: 'Longer stories, please.', at: expect.any(String) }
  expect(await cancel(id, WORDS)).toMatchObject({ cancelAtPeriodEnd: true, cancellation: said })
  // Once more, in other words: it is scheduled already, and stays as it was said.
  expect(await cancel(id, { reason: 'OTHER' })).toMatchObject({ cancellation: said })
  await advanceToPeriodEnd(stack, ada)
  expect(await told(ada, 2)).toEqual([
    { type: 'subscription.cancellation_scheduled', cancellation: said },
    { type: 'subscription.canceled', cancellation: said },
  ])
})

it('a cancellation that is taken back takes its reason along', async () => {
  const grace = await start(stack, 'grace', 'free')
  const { id } = await subscriptionOf(stack, grace)
  await cancel(id, WORDS)
  expect(await dataOf(stack.query(RESUME, { id }))).toEqual({ resumeSubscription: { cancellation: null } })
  expect((await told(grace, 2)).map(({ type }) => type)).toEqual([
    'subscription.cancellation_scheduled',
    'subscription.resumed',
  ])
  // The next one begins without words.
  expect(await cancel(id, {})).toMatchObject({ cancellation: { reason: null, comment: null } })
})

it('a change of plan takes the place of a cancellation and of its reason', async () => {
  const alan = await start(stack, 'alan', 'free')
  const { id } = await subscriptionOf(stack, alan)
  await cancel(id, WORDS)
  await change(stack, alan, 'starter', { behavior: 'AT_PERIOD_END' })
  const document = `query ($id: ID!) { billingState(customerId: $id) { subscriptions {
    cancelAtPeriodEnd cancellation { reason } pendingRateCard { code } pendingQuantities { code quantity } } } }`
  const state = await dataOf(stack.query<{ billingState: { subscriptions: unknown[] } }>(document, { id: alan }))
  expect(state.billingState.subscriptions).toMatchObject([
    {
      cancelAtPeriodEnd: false,
      cancellation: null,
      pendingRateCard: { code: 'starter' },
      pendingQuantities: [{ quantity: 1 }],
    },
  ])
})

it('an end at once keeps what was said when it was scheduled', async () => {
  const edsger = await start(stack, 'edsger', 'free')
  const { id } = await subscriptionOf(stack, edsger)
  await cancel(id, WORDS)
  const ended = await cancel(id, { at: 'NOW', reason: 'TOO_COMPLEX' })
  const said = { reason: 'TOO_COMPLEX', comment: 'Longer stories, please.' }
  expect(ended).toMatchObject({ status: 'CANCELED', cancellation: said })
  expect((await told(edsger, 2)).at(-1)).toMatchObject({ type: 'subscription.canceled', cancellation: said })
})

it('a comment of any length but too long, and a reason that there is', async () => {
  const barbara = await start(stack, 'barbara', 'free')
  const { id } = await subscriptionOf(stack, barbara)
  const ask = (words: object) => stack.query(CANCEL, { input: { subscriptionId: id, ...words } })
  expect(await faultOf(ask({ comment: 'x'.repeat(1001) }))).toBe('INVALID_INPUT comment')
  expect(await faultOf(ask({ comment: 'a\u0000b' }))).toBe('INVALID_INPUT comment')
  expect(await faultOf(ask({ reason: 'BORED' }))).toMatch(/^INVALID_INPUT/)
  expect(await cancel(id, { comment: 'x'.repeat(1000) })).toMatchObject({ cancelAtPeriodEnd: true })
})
