import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../src/config.ts'
import { atOnce, inTurn, tally, until } from './at-once.ts'
import { available } from './calls.ts'
import { GOOD_CARD, openCardPage, payCheckout, typeCard } from './pay-checkout.ts'
import { breakProvider, deliver, eventOf, moneyAt, referenceOf, repairProvider, signatureOf } from './provider.ts'
import { countRows, keyOf } from './rows.ts'
import { openBundleCheckout, purchaseBundle, URLS } from './selling.ts'
import { type Peer, type Stack, startStack } from './stack.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

let stack: Stack
let other: Peer

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  other = await stack.addPeer()
})
afterAll(() => stack.close())

async function paymentsOf(customerId: string): Promise<Record<string, number>> {
  const rows = await stack.database.query<{ status: string }>('select status from payment where customer_pk = $1', [
    await keyOf(stack.database, customerId),
  ])
  return tally(rows.map(({ status }) => status))
}

/** Resolves when every event that has been received was processed. */
async function quiet(withinMs?: number): Promise<void> {
  await until(
    () => stack.database.query('select id, type, last_error from provider_event where processed_at is null'),
    (open) => open.length === 0,
    withinMs,
  )
}

/** Two hundred rounds are work: a busy machine takes its time for them, and none of it is asserted. */
const B03_MS = 300_000
/** The same for five hundred. */
const P05_MS = 600_000

test(
  'B03 a top-up whose two events reach two processes at once, 200 rounds: +100 each round, never +200',
  async () => {
    const customers = await inTurn(4, (index) => signUp(stack, `b03-${index}`, 'prepaid'))
    await Promise.all(
      customers.map((customerId) =>
        inTurn(50, async (round) => {
          const urls = { ...URLS, successUrl: `${URLS.successUrl}?round=${round}` }
          const token = await openBundleCheckout(stack, customerId, urls)
          await typeCard(await openCardPage(stack, token), GOOD_CARD)
          const events = ['payment_intent.succeeded', 'charge.succeeded'].map((type) =>
            eventOf(`evt_${customerId}_${round}_${type}`, type, referenceOf(token)),
          )
          const deliveries = [stack, other].map((peer, index) => deliver(peer, events[index] as string))
          expect(await Promise.all(deliveries)).toEqual([200, 200])
        }),
      ),
    )
    await quiet(B03_MS)
    for (const customerId of customers) {
      expect(await available(stack, customerId)).toBe('5000')
      expect(await available(other, customerId)).toBe('5000')
      expect(await paymentsOf(customerId)).toEqual({ SUCCEEDED: 50 })
    }
  },
  B03_MS,
)

test(
  'P05 the webhook is faster than our own answer, 500 rounds, ten at once, with 0 to 49 ms between: one grant each',
  async () => {
    const customers = await inTurn(10, async (index) => {
      const customerId = await signUp(stack, `p05-${index}`, 'prepaid')
      await payCheckout(stack, await openBundleCheckout(stack, customerId))
      return customerId
    })
    await inTurn(50, async (delayMs) => {
      const times = customers.length
      await breakProvider(stack, { match: 'POST /v1/payment_intents', fault: 'delay', delayMs, times })
      const sold = await Promise.all(customers.map((customerId) => purchaseBundle(stack, customerId, `r-${delayMs}`)))
      expect(tally(sold.map(({ grant }) => grant?.amount ?? 'none'))).toEqual({ '100': times })
    })
    await quiet(P05_MS)
    for (const customerId of customers) {
      expect(await available(stack, customerId)).toBe('5100')
      expect(await paymentsOf(customerId)).toEqual({ SUCCEEDED: 51 })
    }
  },
  P05_MS,
)

test('P05 the webhook comes seconds before our own answer: one grant, and no payment is taken for failed', async () => {
  const customerId = await signUp(stack, 'p05-slow', 'prepaid')
  await payCheckout(stack, await openBundleCheckout(stack, customerId))
  await breakProvider(stack, { match: 'POST /v1/payment_intents', fault: 'delay', delayMs: 5_000 })
  const sold = await purchaseBundle(stack, customerId, 'slow')
  expect(sold).toMatchObject({ __typename: 'PurchaseSuccess', grant: { amount: '100' } })
  expect(await available(stack, customerId)).toBe('200')
  expect(await paymentsOf(customerId)).toEqual({ SUCCEEDED: 2 })
})

test('P06 an event that could not be processed is kept and tried again', async () => {
  const customerId = await signUp(stack, 'p06', 'prepaid')
  const token = await openBundleCheckout(stack, customerId)
  const page = await openCardPage(stack, token)
  await breakProvider(stack, { match: 'GET /v1/checkout/sessions/*', fault: 'drop_before', times: 1_000 })
  await typeCard(page, GOOD_CARD)
  const failed = () =>
    stack.database.query('select 1 from provider_event where outcome is null and last_error is not null')
  await until(failed, (events) => events.length > 0)
  expect(await available(stack, customerId)).toBe('0')
  await repairProvider(stack)
  await stack.database.query(`update provider_event set next_attempt_at = now() where outcome is null`)
  await until(
    () => available(stack, customerId),
    (credits) => credits === '100',
  )
})

test('P06 an event about a checkout that is not there yet is not lost', async () => {
  const customerId = await signUp(stack, 'p06-early', 'prepaid')
  const token = await openBundleCheckout(stack, customerId)
  const page = await openCardPage(stack, token)
  const id = referenceOf(token)
  await stack.database.query('create table hidden as select * from checkout_session where id = $1', [id])
  await stack.database.query('delete from checkout_session where id = $1', [id])
  await typeCard(page, GOOD_CARD)
  const arrived = () =>
    stack.database.query(
      `select 1 from provider_event where type = 'checkout.session.completed' and payload->'metadata'->>'florin_reference' = $1`,
      [id],
    )
  await until(arrived, (events) => events.length === 1)
  expect(await available(stack, customerId)).toBe('0')
  await stack.database.query(`update hidden set created_at = now() - interval '1 minute'`)
  await stack.database.query('insert into checkout_session select * from hidden')
  await until(
    () => available(stack, customerId),
    (credits) => credits === '100',
  )
  await stack.database.query('drop table hidden')
})

test('P10 the same event at two processes at once, 200 rounds: both answer 200, and it is stored once', async () => {
  const customerId = await signUp(stack, 'p10', 'prepaid')
  const token = await openBundleCheckout(stack, customerId)
  await payCheckout(stack, token)
  await inTurn(200, async (round) => {
    const event = eventOf(`evt_p10_${round}`, 'charge.succeeded', referenceOf(token))
    expect(await Promise.all([deliver(stack, event), deliver(other, event)])).toEqual([200, 200])
  })
  const stored = await stack.database.query(`select 1 from provider_event where id like 'evt_p10_%'`)
  expect(stored).toHaveLength(200)
  await quiet()
  expect(await available(stack, customerId)).toBe('100')
})

test('P13 news of a payment that arrives again, as the same event and as others, brings credits once', async () => {
  const customerId = await signUp(stack, 'p13', 'prepaid')
  const token = await openBundleCheckout(stack, customerId)
  await payCheckout(stack, token)
  const ids = ['evt_p13_a', 'evt_p13_a', 'evt_p13_b', 'evt_p13_c']
  const sent = ids.map((id) => deliver(stack, eventOf(id, 'checkout.session.completed', referenceOf(token))))
  expect(await Promise.all(sent)).toEqual([200, 200, 200, 200])
  await quiet()
  expect(await available(stack, customerId)).toBe('100')
  expect(await paymentsOf(customerId)).toEqual({ SUCCEEDED: 1 })
})

test('an event that claims a payment which nobody made brings nothing', async () => {
  const customerId = await signUp(stack, 'claims', 'prepaid')
  const token = await openBundleCheckout(stack, customerId)
  await openCardPage(stack, token)
  const { charged } = await moneyAt(stack)
  expect(await deliver(stack, eventOf('evt_claim', 'payment_intent.succeeded', referenceOf(token)))).toBe(200)
  await quiet()
  expect(await available(stack, customerId)).toBe('0')
  expect((await moneyAt(stack)).charged).toEqual(charged)
})

test('P30 a webhook is taken only with a signature of its own bytes that is neither old nor of the future', async () => {
  const body = eventOf('evt_p30', 'charge.succeeded', 'unknown')
  const rotated = () => `${signatureOf(body)},v1=${signatureOf(body, { secret: 'whsec_old' }).split('v1=')[1]}`
  const rejected = [
    ['301 s old', body, signatureOf(body, { age: 301 })],
    ['302 s ahead', body, signatureOf(body, { age: -302 })],
    ['another secret', body, signatureOf(body, { secret: 'whsec_other' })],
    ['no secret', body, signatureOf(body, { secret: '' })],
    ['another body', body.replace('charge', 'refund'), signatureOf(body)],
    ['the same body, written anew', JSON.stringify(JSON.parse(body), null, 1), signatureOf(body)],
    ['no header', body, null],
    ['an empty header', body, ''],
    ['no timestamp', body, signatureOf(body).replace(/t=\d+,/, '')],
  ] as const
  const before = await countRows(stack.database)
  for (const [what, payload, signature] of rejected) expect(await deliver(stack, payload, signature), what).toBe(401)
  expect(await countRows(stack.database)).toEqual(before)

  const accepted = [signatureOf(body, { age: 299 }), rotated(), signatureOf(body)]
  for (const signature of accepted) expect(await deliver(stack, body, signature)).toBe(200)
  expect(await countRows(stack.database)).toEqual({ ...before, provider_event: (before.provider_event ?? 0) + 1 })
})

test('P31 without a webhook secret there is no webhook: the server refuses to start, and the path is not there', async () => {
  expect(() => readConfig({ STRIPE_SECRET_KEY: 'sk_live_1' })).toThrow('STRIPE_WEBHOOK_SECRET is missing')
  const before = await countRows(stack.database)
  const body = eventOf('evt_p31', 'charge.succeeded', 'unknown')
  const answers = await atOnce(2, (index) =>
    fetch(`${stack.url}/webhooks/stripe`, {
      method: 'POST',
      body,
      headers: index === 0 ? {} : { 'stripe-signature': signatureOf(body) },
    }),
  )
  expect(answers.map(({ status }) => status)).toEqual([404, 404])
  expect(await countRows(stack.database)).toEqual(before)
})
