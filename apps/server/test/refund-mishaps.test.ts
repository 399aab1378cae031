import { afterAll, beforeAll, expect, test } from 'vitest'
import { atOnce, inTurn, until } from './at-once.ts'
import { dataOf, faultOf, upsertCustomer } from './calls.ts'
import { bills } from './living.ts'
import { payCheckout } from './pay-checkout.ts'
import { breakProvider, deliver, eventAbout, moneyAt, repairProvider, signatureOf, stripeAt } from './provider.ts'
import {
  askRefundPayment,
  buy,
  buyer,
  creditsOf,
  newestPayment,
  payments,
  providerPaymentOf,
  quiet,
  REFUND_FAILS_CARD,
  REFUND_PENDING_CARD,
  refund,
  refundPayment,
  refundsAt,
  spend,
  untilCredits,
} from './refunding.ts'
import { subscribe, tokenOf, URLS } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample } from './worked-example.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())

test('R05 the provider refunded and the answer was lost: a retry finds it, and there is one refund', async () => {
  const customerId = await buyer(stack, 'r05')
  const { id: paymentId } = await newestPayment(stack, customerId)
  const ask = () => askRefundPayment(stack, { paymentId, amount: '40.00', idempotencyKey: 'lost' })
  await breakProvider(stack, { match: 'POST /v1/refunds', fault: 'drop_after', times: 3 })
  await breakProvider(stack, { match: 'GET /v1/refunds', fault: 'drop_before', times: 1_000 })
  expect(await faultOf(ask())).toBe('PAYMENT_PROVIDER_UNAVAILABLE')
  expect(await creditsOf(stack, customerId)).toBe('1000 of 1000, 0 used')
  expect(await newestPayment(stack, customerId)).toMatchObject({
    refunds: [{ status: 'PENDING' }],
    refundable: '60.00',
  })
  await repairProvider(stack)
  expect((await dataOf(ask())).refundPayment).toMatchObject({ status: 'SUCCEEDED', amount: '40.00' })
  expect(await refundsAt(stack, customerId)).toEqual([4_000])
  expect(await creditsOf(stack, customerId)).toBe('600 of 600, 0 used')
})

test('R05 the process died before it asked: the janitor asks, and the provider forgetting the key changes nothing', async () => {
  const customerId = await buyer(stack, 'r05-died')
  const { id } = await newestPayment(stack, customerId)
  const stored = `${id.slice(4, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20, 24)}-${id.slice(24)}`
  await stack.database.query(
    `insert into refund (id, payment_id, status, amount_minor, currency, created_at)
     values (gen_random_uuid(), $1, 'PENDING', 2500, 'USD', now() - interval '1 minute')`,
    [stored],
  )
  await untilCredits(stack, customerId, '750 of 750, 0 used')
  await quiet(stack)
  // As if a crash had followed the provider's answer, a day ago: nothing is known here, nor of the key there.
  await stack.database.query(
    `update refund set status = 'PENDING', provider_refund_id = null, asked_at = now() - interval '25 hours' where payment_id = $1`,
    [stored],
  )
  await until(
    () => newestPayment(stack, customerId),
    ({ refunds }) => refunds[0]?.status === 'SUCCEEDED',
  )
  expect(await refundsAt(stack, customerId)).toEqual([2_500])
  expect(await creditsOf(stack, customerId)).toBe('750 of 750, 0 used')
})

test('the same key is the same refund; with other input it is refused', async () => {
  const customerId = await buyer(stack, 'twice')
  const { id: paymentId } = await newestPayment(stack, customerId)
  const input = { paymentId, amount: '10.00', reason: 'Sorry', idempotencyKey: 'once' }
  const refunds = await atOnce(3, () => refundPayment(stack, input))
  expect(new Set(refunds.map(({ id }) => id)).size).toBe(1)
  expect(await refundsAt(stack, customerId)).toEqual([1_000])
  expect(await faultOf(askRefundPayment(stack, { ...input, amount: '11.00' }))).toBe(
    'IDEMPOTENCY_CONFLICT idempotencyKey',
  )
})

test('each change is told to those who listen', async () => {
  await stack.database.query(
    `insert into webhook_endpoint (id, project_id, url, types, secrets) values (gen_random_uuid(), $1, 'http://localhost:1', '{}', '[]')`,
    [stack.project.id],
  )
  const customerId = await buyer(stack, 'listens', { packs: 1, spent: '30' })
  await refund(stack, customerId, 'a', '8.00')
  await buy(stack, customerId, { key: 'again' })
  await stack.database.query(`delete from webhook_endpoint`)
  const told = await stack.database.query<{ type: string; data: object }>(
    `select type, data from outbound_event where type ~ '^(payment.refunded|debt)' order by id`,
  )
  expect(told.map(({ type }) => type)).toEqual(['debt.created', 'payment.refunded', 'debt.settled'])
  const [created, refunded, settled] = told.map(({ data }) => data)
  const { id: paymentId } = (await payments(stack, customerId))[1] as { id: string }
  expect(created).toMatchObject({ customerId, paymentId, creditType: 'credits', credits: '10' })
  expect(refunded).toMatchObject({ customerId, paymentId, amount: '8.00', currency: 'USD', refunded: '8.00' })
  expect(settled).toMatchObject({ customerId, paymentId, creditType: 'credits', credits: '10' })
})

test('a refund on the provider’s own pages does the same, however its events arrive', async () => {
  const customerId = await buyer(stack, 'dashboard', { packs: 1, spent: '20' })
  const payment_intent = await providerPaymentOf(stack, customerId)
  await inTurn(2, () => stripeAt(stack).refunds.create({ payment_intent, amount: 450 }))
  await untilCredits(stack, customerId, '0 of 20, 20 used, 10 owed')
  await quiet(stack)
  const object = { id: 'ch_any', object: 'charge', payment_intent, metadata: {} }
  const bodies = ['charge.refunded', 'refund.updated', 'refund.created'].map((type) =>
    eventAbout(`evt_dashboard_${type}`, type, object),
  )
  await Promise.all([...bodies, ...bodies.reverse()].map((body) => deliver(stack, body, signatureOf(body))))
  await quiet(stack)
  expect(await creditsOf(stack, customerId)).toBe('0 of 20, 20 used, 10 owed')
  expect(await newestPayment(stack, customerId)).toMatchObject({ refunded: '9.00', refunds: [{}, {}] })
})

test.each([
  ['wrong_amount', 'GET /v1/refunds'],
  ['wrong_amount', 'GET /v1/charges'],
  ['wrong_currency', 'GET /v1/refunds'],
  ['missing_fields', 'GET /v1/refunds'],
  ['missing_fields', 'GET /v1/charges'],
] as const)(
  'refunds that contradict their charge (%s at %s) are looked up again, and booked as they are',
  async (rubbish, match) => {
    const customerId = await buyer(stack, `told-${rubbish}-${match.slice(8)}`, { packs: 1 })
    const payment_intent = await providerPaymentOf(stack, customerId)
    await breakProvider(stack, { match, fault: 'rubbish', rubbish, times: 1_000 })
    await inTurn(2, () => stripeAt(stack).refunds.create({ payment_intent, amount: 100 }))
    const tried = () =>
      stack.database.query(
        `select 1 from provider_event where payload->>'payment_intent' = $1 and outcome is null and last_error is not null`,
        [payment_intent],
      )
    await until(tried, (events) => events.length === 4)
    expect(await newestPayment(stack, customerId)).toMatchObject({ refunded: '0.00', refunds: [] })
    await repairProvider(stack)
    await stack.database.query(`update provider_event set next_attempt_at = now() where outcome is null`)
    await untilCredits(stack, customerId, '80 of 80, 0 used')
    await quiet(stack)
    expect(await newestPayment(stack, customerId)).toMatchObject({
      refunded: '2.00',
      refunds: [{ amount: '1.00' }, { amount: '1.00' }],
    })
  },
)

test('a refund that the bank takes its time for leaves the credits until it succeeds; what is spent meanwhile is owed', async () => {
  const customerId = await buyer(stack, 'pending', { packs: 1, card: REFUND_PENDING_CARD })
  expect(await refund(stack, customerId, 'back')).toMatchObject({ status: 'PENDING' })
  expect(await newestPayment(stack, customerId)).toMatchObject({ refunded: '0.00', refundable: '0.00' })
  await spend(stack, customerId, '40')
  await untilCredits(stack, customerId, '0 of 40, 40 used, 40 owed')
  expect(await newestPayment(stack, customerId)).toMatchObject({
    status: 'REFUNDED',
    refunds: [{ status: 'SUCCEEDED' }],
  })
})

test('a refund that fails after it had succeeded gives the credits back, and forgives the debt', async () => {
  const customerId = await buyer(stack, 'fails', { packs: 1, spent: '40', card: REFUND_FAILS_CARD })
  expect(await refund(stack, customerId, 'back')).toMatchObject({ status: 'SUCCEEDED' })
  expect(await creditsOf(stack, customerId)).toBe('0 of 40, 40 used, 40 owed')
  await untilCredits(stack, customerId, '60 of 100, 40 used')
  expect(await newestPayment(stack, customerId)).toMatchObject({
    status: 'SUCCEEDED',
    refunded: '0.00',
    refundable: '10.00',
    refunds: [{ status: 'FAILED', failure: 'expired_or_canceled_card' }],
  })
  expect((await bills(stack, customerId))[0]).toMatchObject({ status: 'PAID' })
})

test('a refund that fails days later is told, whichever of its events comes when, and can be asked for again', async () => {
  const listening = await listen(stack)
  const customerId = await buyer(stack, 'fails-told', { packs: 1, spent: '40', card: REFUND_FAILS_CARD })
  const before = [await creditsOf(stack, customerId), (await bills(stack, customerId))[0]]
  const payment_intent = await providerPaymentOf(stack, customerId)
  const { id } = await refund(stack, customerId, 'back')
  await untilCredits(stack, customerId, '60 of 100, 40 used')
  await quiet(stack)
  const object = { id: 're_any', object: 'refund', payment_intent, metadata: {} }
  const types = ['charge.refunded', 'refund.created', 'refund.updated', 'charge.refund.updated', 'refund.failed']
  const bodies = types.map((type) => eventAbout(`evt_fails_${type}`, type, object))
  await Promise.all([...bodies.toReversed(), ...bodies].map((body) => deliver(stack, body, signatureOf(body))))
  await quiet(stack)
  expect([await creditsOf(stack, customerId), (await bills(stack, customerId))[0]]).toEqual(before)
  const told = await listening.stop('payment')
  expect(told.map(({ type }) => type)).toEqual(['payment.succeeded', 'payment.refunded', 'payment.refund_failed'])
  expect(told[2]?.data).toMatchObject({
    customerId,
    refundId: id,
    amount: '10.00',
    currency: 'USD',
    refunded: '0.00',
    failure: 'expired_or_canceled_card',
  })
  expect(await newestPayment(stack, customerId)).toMatchObject({ refundable: '10.00', refunds: [{ status: 'FAILED' }] })
})

test('a return that the bank does not take days later is seen as a failed refund, and an operator can try again', async () => {
  const customerId = await upsertCustomer(stack, 'return-fails')
  const pages = await inTurn(2, async (tab) => {
    const checkout = { ...URLS, successUrl: `${URLS.successUrl}?tab=${tab}` }
    return tokenOf(await subscribe(stack, { customerId, rateCard: 'premium', checkout }))
  })
  for (const token of pages) await payCheckout(stack, token, REFUND_FAILS_CARD)
  const listening = await listen(stack)
  const seen = async () => (await payments(stack, customerId)).find(({ status }) => status === 'RETURNED')
  const returned = await until(seen, (payment) => payment?.refunds.length === 1)
  await quiet(stack)
  expect(returned).toMatchObject({
    refunded: '0.00',
    refundable: '100.00',
    refunds: [{ status: 'FAILED', amount: '100.00', failure: 'expired_or_canceled_card' }],
  })
  const told = await listening.stop('payment.refund')
  expect(told).toEqual([
    { type: 'payment.refund_failed', data: expect.objectContaining({ paymentId: returned?.id, amount: '100.00' }) },
  ])
  const again = await refundPayment(stack, { paymentId: returned?.id, idempotencyKey: 'again' })
  expect(again).toMatchObject({ status: 'SUCCEEDED', amount: '100.00' })
  expect(await seen()).toMatchObject({ refunded: '100.00', refundable: '0.00' })
  expect((await payments(stack, customerId)).map(({ status }) => status).sort()).toEqual(['RETURNED', 'SUCCEEDED'])
})

/** Somebody listens to everything, until they are asked what they have heard. */
async function listen({ database, project }: Stack) {
  await database.query(`delete from outbound_event`)
  await database.query(
    `insert into webhook_endpoint (id, project_id, url, types, secrets) values (gen_random_uuid(), $1, 'http://localhost:1', '{}', '[]')`,
    [project.id],
  )
  return {
    stop: async (prefix: string) => {
      await database.query(`delete from webhook_endpoint`)
      return database.query<{ type: string; data: object }>(
        `select type, data from outbound_event where starts_with(type, $1) order by id`,
        [prefix],
      )
    },
  }
}

test('the provider refuses what it has given back already: that refund has failed, and the other one is known now', async () => {
  const customerId = await buyer(stack, 'refused', { packs: 1 })
  const { id: paymentId } = await newestPayment(stack, customerId)
  await quiet(stack)
  // Nobody here can hear of the other refund, so this one is asked for. Where its events are faster, it is CONFLICT.
  await breakProvider(stack, { match: 'GET /v1/refunds', fault: 'drop_before', times: 1_000 })
  await stripeAt(stack).refunds.create({ payment_intent: await providerPaymentOf(stack, customerId) })
  const ask = () => askRefundPayment(stack, { paymentId, idempotencyKey: 'late' })
  expect(await faultOf(ask())).toBe('PAYMENT_PROVIDER_UNAVAILABLE')
  await repairProvider(stack)
  const { refundPayment: refused } = await dataOf(ask())
  expect(refused).toMatchObject({ status: 'FAILED', failure: expect.stringContaining('already been refunded') })
  expect(await creditsOf(stack, customerId)).toBe('0 of 0, 0 used')
  expect(await newestPayment(stack, customerId)).toMatchObject({ status: 'REFUNDED', refunded: '10.00' })
  expect(await refundsAt(stack, customerId)).toEqual([1_000])
  expect(await faultOf(askRefundPayment(stack, { paymentId, idempotencyKey: 'later' }))).toBe('CONFLICT paymentId')
})

test('a payment that was returned because another tab was faster is no refund', async () => {
  const customerId = await upsertCustomer(stack, 'returned')
  const tabs = await inTurn(2, async (tab) => {
    const checkout = { ...URLS, successUrl: `${URLS.successUrl}?tab=${tab}` }
    return tokenOf(await subscribe(stack, { customerId, rateCard: 'premium', checkout }))
  })
  for (const token of tabs) await payCheckout(stack, token)
  await until(
    () => payments(stack, customerId),
    (made) => made.some(({ status }) => status === 'RETURNED'),
  )
  await quiet(stack)
  const [returned, kept] = await payments(stack, customerId)
  expect(returned).toMatchObject({ status: 'RETURNED', refunds: [], refunded: '0.00', refundable: '0.00' })
  expect(kept).toMatchObject({ status: 'SUCCEEDED', refunds: [], refundable: '100.00' })
  const refused = askRefundPayment(stack, { paymentId: returned?.id, idempotencyKey: 'x' })
  expect(await faultOf(refused)).toBe('CONFLICT paymentId')
})

test('what was charged is never less than what went back', async () => {
  const { charged, refunded } = await moneyAt(stack)
  const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0)
  expect(sum(refunded)).toBeLessThanOrEqual(sum(charged))
})
