import Stripe from 'stripe'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { rejected, startSandbox, type TestServer, until } from './test-server.ts'

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
    await setFault({ fault: 'delay', delayMs: 2_000 })
    const slow = pay('k6')
    await until(chargeCount, (count) => count === 1)
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
