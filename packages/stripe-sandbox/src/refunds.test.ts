import type Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { rejected, startSandbox, type TestServer, until } from './test-server.ts'

let server: TestServer
let stripe: Stripe
let clock: number

beforeEach(async () => {
  clock = Date.now()
  server = await startSandbox({ now: () => clock })
  stripe = server.stripe
})
afterEach(() => server.stop())

function pay(card = 'pm_card_visa') {
  return stripe.paymentIntents.create({
    amount: 5_000,
    currency: 'usd',
    payment_method: card,
    confirm: true,
    allowed_payment_method_types: ['card'],
  })
}

test('a refund without an amount gives everything back', async () => {
  const paid = await pay()
  const refund = await stripe.refunds.create({
    payment_intent: paid.id,
    reason: 'duplicate',
    metadata: { why: 'race' },
  })
  expect(refund).toMatchObject({
    object: 'refund',
    amount: 5_000,
    status: 'succeeded',
    reason: 'duplicate',
    charge: paid.latest_charge,
    metadata: { why: 'race' },
  })
  expect(await stripe.charges.retrieve(paid.latest_charge as string)).toMatchObject({
    refunded: true,
    amount_refunded: 5_000,
  })
  expect((await server.eventTypes()).slice(-2)).toEqual(['refund.created', 'charge.refunded'])
})

test('parts add up, and never to more than was paid', async () => {
  const { latest_charge: charge } = (await pay()) as { latest_charge: string }
  await stripe.refunds.create({ charge, amount: 1_000 })
  expect(await stripe.charges.retrieve(charge)).toMatchObject({ refunded: false, amount_refunded: 1_000 })
  expect(await rejected(stripe.refunds.create({ charge, amount: 5_000 }))).toMatchObject({
    statusCode: 400,
    message: 'Refund amount ($50.00) is greater than unrefunded amount on charge ($40.00)',
  })
  await stripe.refunds.create({ charge, amount: 4_000 })
  expect(await rejected(stripe.refunds.create({ charge }))).toMatchObject({ code: 'charge_already_refunded' })
  expect((await stripe.refunds.list({ charge })).data.map((refund) => refund.amount)).toEqual([4_000, 1_000])
})

test('parallel refunds cannot take the same money twice', async () => {
  const paid = await pay()
  const results = await Promise.allSettled(
    [1, 2, 3, 4].map(() => stripe.refunds.create({ payment_intent: paid.id, amount: 3_000 })),
  )
  expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected'])
})

test('what was never paid cannot be refunded', async () => {
  const { payment_intent: failed } = await rejected(pay('pm_card_visa_chargeDeclined'))
  const error = await rejected(stripe.refunds.create({ payment_intent: failed?.id ?? '' }))
  expect(error.message).toContain('does not have a successful charge to refund')
  expect(await rejected(stripe.refunds.create({}))).toMatchObject({ code: 'parameter_missing' })
  expect(await rejected(stripe.refunds.create({ charge: 'ch_none' }))).toMatchObject({ code: 'resource_missing' })
})

test('a pending refund succeeds later', async () => {
  const refund = await stripe.refunds.create({ payment_intent: (await pay('pm_card_pendingRefund')).id })
  expect(refund.status).toBe('pending')
  clock += 2_000
  const settled = await until(
    () => stripe.refunds.retrieve(refund.id),
    ({ status }) => status !== 'pending',
  )
  expect(settled.status).toBe('succeeded')
  expect((await server.eventTypes()).at(-1)).toBe('refund.updated')
})

test('a refund may fail later, and the money is back on the charge', async () => {
  const paid = await pay('pm_card_refundFail')
  const refund = await stripe.refunds.create({ payment_intent: paid.id })
  expect(refund.status).toBe('succeeded')
  clock += 2_000
  const failed = await until(
    () => stripe.refunds.retrieve(refund.id),
    ({ status }) => status === 'failed',
  )
  expect(failed.failure_reason).toBe('expired_or_canceled_card')
  expect(await stripe.charges.retrieve(paid.latest_charge as string)).toMatchObject({
    refunded: false,
    amount_refunded: 0,
  })
  expect((await server.eventTypes()).slice(-2)).toEqual(['refund.updated', 'refund.failed'])
})

test('an update is told under both of its names', async () => {
  const { id: payment_intent } = await pay()
  const refund = await stripe.refunds.create({ payment_intent })
  const changed = await stripe.refunds.update(refund.id, { metadata: { order: '1' } })
  expect(changed.metadata).toEqual({ order: '1' })
  expect((await server.eventTypes()).slice(-2)).toEqual(['charge.refund.updated', 'refund.updated'])
  const [event] = (await stripe.events.list({ type: 'refund.updated' })).data
  expect(event?.data.previous_attributes).toEqual({ metadata: {} })
})

test('lists are cut by the time of creation', async () => {
  const { id: payment_intent } = await pay()
  const refund = await stripe.refunds.create({ payment_intent })
  const now = Math.floor(clock / 1000)
  expect((await stripe.refunds.list({ created: { gte: now } })).data.map(({ id }) => id)).toEqual([refund.id])
  expect((await stripe.refunds.list({ created: { gt: now } })).data).toEqual([])
  expect((await stripe.paymentIntents.list({ created: { lte: now } })).data).toHaveLength(1)
  expect((await stripe.charges.list({ created: { lt: now } })).data).toEqual([])
})
