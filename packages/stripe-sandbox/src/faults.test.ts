import Stripe from 'stripe'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { rejected, sdkFor, startSandbox, type TestServer } from './test-server.ts'

let server: TestServer
let stripe: Stripe

beforeEach(async () => {
  server = await startSandbox()
  stripe = server.stripe
})
afterEach(() => server.stop())

const PAYMENT = {
  amount: 2_000,
  currency: 'usd',
  payment_method: 'pm_card_visa',
  confirm: true,
  allowed_payment_method_types: ['card'],
}

function pay(idempotencyKey: string) {
  return stripe.paymentIntents.create(PAYMENT, { idempotencyKey })
}

async function setFault(fault: Record<string, unknown>, headers: Record<string, string> = {}) {
  const body = JSON.stringify({ match: 'POST /v1/payment_intents', ...fault })
  const answer = await fetch(`${server.url}/stripe-sandbox/faults`, { method: 'POST', body, headers })
  return answer.status
}

async function chargeCount() {
  return (await stripe.charges.list()).data.length
}

describe('faults', () => {
  test('drop_before: nothing was executed', async () => {
    await setFault({ fault: 'drop_before', times: 2 })
    expect(await rejected(pay('f1'))).toBeInstanceOf(Stripe.errors.StripeConnectionError)
    expect(await chargeCount()).toBe(0)
    expect((await pay('f1')).lastResponse.headers['idempotent-replayed']).toBeUndefined()
  })

  test('drop_after: executed once, and the same key tells the outcome', async () => {
    await setFault({ fault: 'drop_after', times: 1 })
    const paid = await pay('f2')
    expect(paid.lastResponse.headers['idempotent-replayed']).toBe('true')
    expect(await chargeCount()).toBe(1)
  })

  test('error_500_after: executed, and the 500 is replayed', async () => {
    await setFault({ fault: 'error_500_after' })
    for (const attempt of [1, 2]) {
      expect(await rejected(pay('f3')), `attempt ${attempt}`).toMatchObject({
        statusCode: 500,
        rawType: 'api_error',
      })
    }
    expect(await chargeCount()).toBe(1)
    expect(await server.eventTypes()).toContain('payment_intent.succeeded')
  })

  test("the SDK's own retries pay once", async () => {
    await setFault({ fault: 'drop_after', times: 2 })
    const retrying = sdkFor(Number(new URL(server.url).port), 'sk_test_florin', 2)
    expect((await retrying.paymentIntents.create(PAYMENT)).status).toBe('succeeded')
    expect(await chargeCount()).toBe(1)
  })

  test('match one part of a path by an asterisk, as often as asked for', async () => {
    const { id } = await stripe.customers.create({})
    expect(await setFault({ match: 'GET /v1/customers/*', fault: 'error_500_after', times: 1 })).toBe(200)
    expect((await rejected(stripe.customers.retrieve(id))).statusCode).toBe(500)
    expect((await stripe.customers.retrieve(id)).id).toBe(id)
  })

  test('are not taken from elsewhere, and not when they make no sense', async () => {
    expect(await setFault({ fault: 'delay' }, { 'x-forwarded-for': '203.0.113.9' })).toBe(403)
    expect(await setFault({ fault: 'explode' })).toBe(400)
    expect(await setFault({ fault: 'delay', times: 0 })).toBe(400)
  })

  test('DELETE removes them', async () => {
    await setFault({ fault: 'error_500_after' })
    await fetch(`${server.url}/stripe-sandbox/faults`, { method: 'DELETE' })
    expect((await pay('f4')).status).toBe('succeeded')
  })

  test('rate_limit: refused with 429, and nothing was executed or remembered', async () => {
    await setFault({ fault: 'rate_limit' })
    const refused = await rejected(pay('f5'))
    expect(refused).toBeInstanceOf(Stripe.errors.StripeRateLimitError)
    expect(refused).toMatchObject({ statusCode: 429, code: 'rate_limit', rawType: 'invalid_request_error' })
    expect(await chargeCount()).toBe(0)
    expect((await pay('f5')).lastResponse.headers['idempotent-replayed']).toBeUndefined()
  })

  test('a delay may be longer than a client waits; the answer is ready when it asks again', async () => {
    await setFault({ fault: 'delay', delayMs: 60_000 })
    const late = stripe.paymentIntents.create(PAYMENT, { idempotencyKey: 'f6', timeout: 1_000 })
    expect(await rejected(late)).toBeInstanceOf(Stripe.errors.StripeConnectionError)
    expect(await chargeCount()).toBe(1)
    expect(await rejected(pay('f6'))).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' })
  })
})

describe('rubbish: executed, and the answer is not to be trusted', () => {
  const real = { object: 'payment_intent', amount: 2_000, currency: 'usd', status: 'succeeded' }

  test.each([
    ['wrong_amount', { ...real, amount: 2_100, amount_received: 2_100 }],
    ['wrong_currency', { ...real, currency: 'eur' }],
    ['wrong_customer', { ...real, customer: 'cus_SomebodyElse00' }],
  ])('%s', async (rubbish, expected) => {
    await setFault({ fault: 'rubbish', rubbish })
    expect(await pay('r1')).toMatchObject(expected)
    expect(await chargeCount()).toBe(1)
    const truth = await pay('r1')
    expect(truth).toMatchObject({ ...real, customer: null })
    expect(truth.lastResponse.headers['idempotent-replayed']).toBe('true')
  })

  test('missing_fields leaves id and object, in lists too', async () => {
    await setFault({ fault: 'rubbish', rubbish: 'missing_fields' })
    const { id, object, ...rest } = await pay('r2')
    expect([id.slice(0, 3), object, rest]).toEqual(['pi_', 'payment_intent', {}])
    await setFault({ match: 'GET /v1/payment_intents', fault: 'rubbish', rubbish: 'missing_fields' })
    expect((await stripe.paymentIntents.list()).data).toEqual([{ id, object }])
  })

  test('not_found_without_error: a 404 that the SDK takes for an object', async () => {
    await setFault({ fault: 'rubbish', rubbish: 'not_found_without_error' })
    const taken = await pay('r3')
    expect(taken.lastResponse.statusCode).toBe(404)
    expect(taken.object).toBeUndefined()
    expect(await chargeCount()).toBe(1)
  })

  test("html: a proxy's 502 page", async () => {
    await setFault({ fault: 'rubbish', rubbish: 'html' })
    expect(await rejected(pay('r4'))).toBeInstanceOf(Stripe.errors.StripeAPIError)
    expect(await chargeCount()).toBe(1)
  })

  test('a decline can be spoiled as well', async () => {
    await setFault({ fault: 'rubbish', rubbish: 'wrong_amount' })
    const card = { ...PAYMENT, payment_method: 'pm_card_chargeDeclined' }
    expect((await rejected(stripe.paymentIntents.create(card))).payment_intent?.amount).toBe(2_100)
  })

  test('is refused without its kind, and a kind without it', async () => {
    expect(await setFault({ fault: 'rubbish' })).toBe(400)
    expect(await setFault({ fault: 'rubbish', rubbish: 'nonsense' })).toBe(400)
    expect(await setFault({ fault: 'delay', rubbish: 'html' })).toBe(400)
  })
})
