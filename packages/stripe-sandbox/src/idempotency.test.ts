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

function pay(idempotencyKey: string, more: Partial<Stripe.PaymentIntentCreateParams> = {}) {
  return stripe.paymentIntents.create({ ...PAYMENT, ...more }, { idempotencyKey })
}

async function setFault(fault: Record<string, unknown>, headers: Record<string, string> = {}) {
  const body = JSON.stringify({ match: 'POST /v1/payment_intents', ...fault })
  const answer = await fetch(`${server.url}/stripe-sandbox/faults`, { method: 'POST', body, headers })
  return answer.status
}

async function chargeCount() {
  return (await stripe.charges.list()).data.length
}

describe('the same key', () => {
  test('replays the first answer, and says so', async () => {
    const first = await pay('k1')
    const again = await pay('k1')
    expect(again).toEqual(first)
    expect(await chargeCount()).toBe(1)
    const [headers, replayed] = [first.lastResponse.headers, again.lastResponse.headers]
    expect(headers['idempotent-replayed']).toBeUndefined()
    expect(replayed).toMatchObject({
      'idempotent-replayed': 'true',
      'original-request': headers['request-id'],
      'idempotency-key': 'k1',
    })
    expect(replayed['request-id']).not.toBe(headers['request-id'])
  })

  test('replays a decline', async () => {
    const errors = [
      await rejected(pay('k2', { payment_method: 'pm_card_visa_chargeDeclined' })),
      await rejected(pay('k2', { payment_method: 'pm_card_visa_chargeDeclined' })),
    ]
    expect(errors.map((error) => error.statusCode)).toEqual([402, 402])
    expect(errors[1]?.payment_intent?.id).toBe(errors[0]?.payment_intent?.id)
    expect(await chargeCount()).toBe(1)
  })

  test.each([
    ['other parameters', () => pay('k3', { amount: 2_001 })],
    ['another endpoint', () => stripe.customers.create({}, { idempotencyKey: 'k3' })],
  ])('with %s is an error', async (_what, request) => {
    await pay('k3')
    const error = await rejected(request())
    expect(error).toBeInstanceOf(Stripe.errors.StripeIdempotencyError)
    expect(error).toMatchObject({ statusCode: 400, rawType: 'idempotency_error' })
    expect(error.message).toContain("Try using a key other than 'k3'")
  })

  test('is free again after validation has refused a request', async () => {
    expect(await rejected(pay('k4', { amount: 1 }))).toMatchObject({ code: 'amount_too_small' })
    expect((await pay('k4')).status).toBe('succeeded')
  })

  test('does not care about the order of parameters', async () => {
    const first = await stripe.customers.create({ name: 'Ann', email: 'a@b.c' }, { idempotencyKey: 'k5' })
    const again = await stripe.customers.create({ email: 'a@b.c', name: 'Ann' }, { idempotencyKey: 'k5' })
    expect(again.id).toBe(first.id)
  })

  test('is refused while the first request is in flight, and replays afterwards', async () => {
    await setFault({ fault: 'delay', delayMs: 150 })
    const slow = pay('k6')
    await new Promise((resolve) => setTimeout(resolve, 50))
    const busy = await rejected(pay('k6'))
    expect(busy).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' })
    expect((await pay('k6-other')).status).toBe('succeeded')
    const done = await slow
    expect((await pay('k6')).id).toBe(done.id)
  })

  test('may have 255 characters at most', async () => {
    expect((await rejected(pay('x'.repeat(256)))).statusCode).toBe(400)
    expect((await pay('x'.repeat(255))).status).toBe('succeeded')
  })
})

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
})
