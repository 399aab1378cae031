import { afterAll, beforeAll, expect, test } from 'vitest'
import { atOnce, inTurn, until } from './at-once.ts'
import { available } from './calls.ts'
import { GOOD_CARD, openCardPage, payCheckout, typeCard } from './pay-checkout.ts'
import { breakProvider, deliver, eventAbout, eventOf, referenceOf, repairProvider, stripeAt } from './provider.ts'
import { buyer, creditsOf, entriesOf, providerPaymentOf, quiet } from './refunding.ts'
import { keyOf } from './rows.ts'
import { openBundleCheckout } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { listen } from './top-ups.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack({ excused: /an event of the payment provider is parked/ })
  await publishWorkedExample(stack)
  await listen(stack)
})
afterAll(() => stack.close())

interface Stored {
  readonly type: string
  readonly outcome: string | null
  readonly attempts: number
  readonly payload: unknown
  readonly due: boolean | null
  readonly last_error: string | null
}

async function stored(id: string): Promise<Stored> {
  const [event] = await stack.database.query<Stored>(
    `select type, outcome::text, attempts, payload, next_attempt_at <= now() as due, last_error
     from provider_event where id = $1`,
    [id],
  )
  if (!event) throw new Error(`${id} is not stored`)
  return event
}

/** Waits until the event is done. */
function done(id: string): Promise<Stored> {
  return until(
    () => stored(id),
    ({ outcome }) => outcome !== null,
  )
}

async function age(id: string, days: number): Promise<void> {
  await stack.database.query(
    `update provider_event set received_at = received_at - $2 * interval '1 day',
       processed_at = processed_at - $2 * interval '1 day' where id = $1`,
    [id, days],
  )
}

test('P12 the same event 10 days later, and after a hundred, when what it said is forgotten: nothing happens', async () => {
  const customerId = await signUp(stack, 'p12', 'prepaid')
  const token = await openBundleCheckout(stack, customerId)
  await payCheckout(stack, token)
  const event = eventOf('evt_p12', 'checkout.session.completed', referenceOf(token))
  expect(await deliver(stack, event)).toBe(200)
  expect(await done('evt_p12')).toMatchObject({ outcome: 'HANDLED', attempts: 1 })
  const before = await entriesOf(stack, customerId, 100)

  await age('evt_p12', 10)
  expect(await deliver(stack, event)).toBe(200)
  expect(await stored('evt_p12')).toMatchObject({ outcome: 'HANDLED', attempts: 1, payload: expect.any(Object) })

  await age('evt_p12', 90)
  const worker = await stack.addPeer()
  await until(
    () => stored('evt_p12'),
    ({ payload }) => payload === null,
  )
  expect(await deliver(worker, event)).toBe(200)
  await worker.close()
  expect(await stored('evt_p12')).toMatchObject({ outcome: 'HANDLED', attempts: 1, payload: null })
  expect(await entriesOf(stack, customerId, 100)).toEqual(before)
  expect(await available(stack, customerId)).toBe('100')
})

test('what another app does at the same account is stored as ignored', async () => {
  const stripe = stripeAt(stack)
  const { id } = await stripe.paymentIntents.create({
    amount: 700,
    currency: 'usd',
    payment_method: 'pm_card_visa',
    confirm: true,
    allowed_payment_method_types: ['card'],
  })
  await stripe.refunds.create({ payment_intent: id })
  await quiet(stack)
  const types = ['payment_intent.succeeded', 'charge.succeeded', 'charge.refunded', 'refund.created']
  const rows = await stack.database.query(
    `select type, outcome::text, attempts from provider_event
     where type = any($1) and $2 in (payload->>'payment_intent', payload->>'id') order by type`,
    [types, id],
  )
  expect(rows).toEqual([...types].sort().map((type) => ({ type, outcome: 'IGNORED', attempts: 1 })))
})

test('an event of a kind that Florin keeps nothing of is stored without what it says', async () => {
  await deliver(stack, eventAbout('evt_invoice', 'invoice.paid', { customer_email: 'somebody@example.com' }))
  expect(await stored('evt_invoice')).toMatchObject({ outcome: 'IGNORED', attempts: 0, payload: null })
})

test('an event about nothing of ours is ignored at once, however its reference looks', async () => {
  const references = ['unknown', '', '../../etc', '019aa000-0000-7000-8000-00000000000Z']
  await inTurn(references.length, (index) =>
    deliver(stack, eventOf(`evt_strange_${index}`, 'charge.succeeded', references[index] as string)),
  )
  await deliver(stack, eventAbout('evt_strange_4', 'charge.dispute.created', { payment_intent: null }))
  await deliver(stack, eventAbout('evt_strange_5', 'charge.dispute.created', { payment_intent: 'pi_of_nobody' }))
  await deliver(stack, eventAbout('evt_strange_6', 'payment_intent.succeeded', { metadata: null }))
  for (const index of Array(7).keys()) expect(await done(`evt_strange_${index}`)).toMatchObject({ outcome: 'IGNORED' })
})

test('an event that fails and fails is tried with growing waits, then parked: told once, counted, and tried again when it is sent again', async () => {
  const reference = '019aa000-0000-7000-8000-000000000000'
  const event = eventOf('evt_parked', 'payment_intent.succeeded', reference)
  const failed = (attempts: number) =>
    until(
      () => stored('evt_parked'),
      (row) => row.attempts === attempts && row.last_error !== null && row.due !== true,
    )
  await deliver(stack, event)
  expect(await failed(1)).toMatchObject({ outcome: null })
  const waits = await stack.database.query<{ seconds: number }>(
    `select extract(epoch from next_attempt_at - now())::float8 as seconds from provider_event where id = 'evt_parked'`,
  )
  expect(waits[0]?.seconds).toBeGreaterThan(0)
  expect(waits[0]?.seconds).toBeLessThanOrEqual(5)

  await stack.database.query(`update provider_event set attempts = 19, next_attempt_at = now() where id = 'evt_parked'`)
  expect(await done('evt_parked')).toMatchObject({ outcome: 'PARKED', attempts: 20, due: null })
  const told = await until(
    () => stack.logged.filter((line) => line.includes('"level":50') && line.includes('evt_parked')),
    (lines) => lines.length > 0,
  )
  expect(told).toHaveLength(1)
  expect(told[0]).toContain('"parked":1')

  expect(await deliver(stack, event)).toBe(200)
  expect(await failed(1)).toMatchObject({ outcome: null })
  await stack.database.query(
    `update provider_event set outcome = 'IGNORED', processed_at = now(), next_attempt_at = null where id = 'evt_parked'`,
  )
})

test('a process that dies while it acts on an event leaves it to others, once its time is over', async () => {
  const customerId = await signUp(stack, 'dies', 'prepaid')
  const token = await openBundleCheckout(stack, customerId)
  await payCheckout(stack, token)
  await stack.database.query(
    `insert into provider_event (id, source, type, payload, attempts, next_attempt_at)
     values ('evt_died', 'sandbox', 'checkout.session.completed', $1, 1, now() + interval '1 second')`,
    [JSON.stringify({ metadata: { florin_reference: referenceOf(token) } })],
  )
  expect(await done('evt_died')).toMatchObject({ outcome: 'HANDLED', attempts: 2 })
})

test('a warning of fraud is told to the project, once, also before the payment is settled here', async () => {
  const customerId = await signUp(stack, 'fraud', 'prepaid')
  const page = await openCardPage(stack, await openBundleCheckout(stack, customerId))
  await breakProvider(stack, { match: 'GET /v1/checkout/sessions/*', fault: 'drop_before', times: 1_000 })
  await typeCard(page, GOOD_CARD)
  const [intent] = (await stripeAt(stack).paymentIntents.list({ limit: 1 })).data
  const warn = (name: string, type = 'created') =>
    deliver(
      stack,
      eventAbout(`evt_fraud_${name}`, `radar.early_fraud_warning.${type}`, {
        id: 'issfr_1',
        object: 'radar.early_fraud_warning',
        payment_intent: intent?.id,
      }),
    )
  expect(await warn('early')).toBe(200)
  await until(
    () => stored('evt_fraud_early'),
    ({ last_error }) => last_error !== null,
  )
  await repairProvider(stack)
  await stack.database.query(`update provider_event set next_attempt_at = now() where outcome is null`)
  expect(await done('evt_fraud_early')).toMatchObject({ outcome: 'HANDLED' })
  await atOnce(4, (index) => warn(`again_${index}`, index % 2 ? 'updated' : 'created'))
  await quiet(stack)
  const told = await stack.database.query<{ data: object }>(
    `select data from outbound_event where type = 'payment.fraud_warning' and customer_pk = $1`,
    [await keyOf(stack.database, customerId)],
  )
  expect(told).toEqual([
    { data: { customerId, paymentId: expect.stringMatching(/^pay_/), amount: '10.00', currency: 'USD' } },
  ])
  expect(await creditsOf(stack, customerId)).toBe('100 of 100, 0 used')
})

test('a storm of events about one payment is worked through, and changes nothing', async () => {
  const customerId = await buyer(stack, 'storm', { packs: 1 })
  const payment_intent = await providerPaymentOf(stack, customerId)
  await quiet(stack)
  const before = await entriesOf(stack, customerId, 100)
  const types = ['charge.refunded', 'charge.dispute.closed', 'refund.failed', 'refund.created']
  const answers = await atOnce(60, (index) =>
    deliver(stack, eventAbout(`evt_storm_${index}`, types[index % 4] as string, { payment_intent, metadata: {} })),
  )
  expect(new Set(answers)).toEqual(new Set([200]))
  await quiet(stack)
  expect(await entriesOf(stack, customerId, 100)).toEqual(before)
})
