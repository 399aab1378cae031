import type Stripe from 'stripe'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { rejected, startSandbox, type TestServer } from './test-server.ts'

let server: TestServer
let stripe: Stripe
let clock: number

beforeEach(async () => {
  clock = Date.UTC(2026, 0, 1)
  server = await startSandbox({ now: () => clock })
  stripe = server.stripe
})
afterEach(() => server.stop())

const PREMIUM = {
  quantity: 1,
  price_data: { currency: 'usd', unit_amount: 10_000, product_data: { name: 'Premium <monthly>' } },
}
const RETURN = {
  success_url: 'https://app.example/paid?session={CHECKOUT_SESSION_ID}',
  cancel_url: 'https://app.example/',
}

function openPayment(more: Partial<Stripe.Checkout.SessionCreateParams> = {}) {
  return stripe.checkout.sessions.create({ mode: 'payment', line_items: [PREMIUM], ...RETURN, ...more })
}

function openSetup(more: Partial<Stripe.Checkout.SessionCreateParams> = {}) {
  return stripe.checkout.sessions.create({ mode: 'setup', currency: 'usd', ...RETURN, ...more })
}

/** Sends the card form as a browser without JavaScript does. */
function submit(session: { url: string | null }, number: string, more: Record<string, string> = {}) {
  const body = new URLSearchParams({ number, expiry: '12 / 34', cvc: '123', name: 'Ann Example', ...more })
  return fetch(session.url ?? '', { method: 'POST', body, redirect: 'manual' })
}

function answerChallenge(challenge: Response, result: 'complete' | 'fail') {
  const url = new URL(challenge.headers.get('location') ?? '', server.url)
  return fetch(url, { method: 'POST', body: new URLSearchParams({ result }), redirect: 'manual' })
}

describe('payment mode', () => {
  test('a new session is open, unpaid and without an intent', async () => {
    const session = await openPayment({ client_reference_id: 'order-1', metadata: { order: '1' } })
    expect(session).toMatchObject({
      object: 'checkout.session',
      status: 'open',
      payment_status: 'unpaid',
      payment_intent: null,
      amount_total: 10_000,
      currency: 'usd',
      client_reference_id: 'order-1',
      metadata: { order: '1' },
      url: `${server.url}/stripe-sandbox/checkout/${session.id}`,
      expires_at: clock / 1000 + 24 * 60 * 60,
    })
    expect(session.id).toMatch(/^cs_test_/)
    expect((await stripe.checkout.sessions.listLineItems(session.id)).data).toMatchObject([
      { description: 'Premium <monthly>', amount_total: 10_000, quantity: 1 },
    ])
  })

  test('paying completes it, saves the card and returns to the merchant', async () => {
    const customer = await stripe.customers.create({ email: 'ann@app.example' })
    const session = await openPayment({
      customer: customer.id,
      metadata: { on: 'session' },
      payment_intent_data: { setup_future_usage: 'off_session', metadata: { on: 'intent' } },
    })
    const answer = await submit(session, '4242 4242 4242 4242')
    expect([answer.status, answer.headers.get('location')]).toEqual([
      303,
      `https://app.example/paid?session=${session.id}`,
    ])
    const done = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ['payment_intent.payment_method', 'line_items'],
    })
    expect(done).toMatchObject({
      status: 'complete',
      payment_status: 'paid',
      url: null,
      customer_details: { email: 'ann@app.example', name: 'Ann Example' },
      payment_intent: {
        status: 'succeeded',
        amount: 10_000,
        metadata: { on: 'intent' },
        payment_method: { customer: customer.id, card: { last4: '4242', exp_month: 12, exp_year: 2034 } },
      },
      line_items: { data: [{ amount_total: 10_000 }] },
    })
    expect(await server.eventTypes()).toEqual([
      'customer.created',
      'payment_intent.created',
      'payment_method.attached',
      'charge.succeeded',
      'payment_intent.succeeded',
      'checkout.session.completed',
    ])
  })

  test('a decline is shown in plain words and keeps the session open for another card', async () => {
    const session = await openPayment()
    const declined = await submit(session, '4000000000009995')
    expect(declined.status).toBe(402)
    const page = await declined.text()
    expect(page).toContain('role="alert"')
    expect(page).toContain('Your card has insufficient funds. Nothing was charged.')
    expect(page).toContain('value="Ann Example"')
    expect(page).not.toContain('value="4000000000009995" placeholder')
    const open = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] })
    expect(open).toMatchObject({ status: 'open', payment_intent: { status: 'requires_payment_method' } })
    expect((await submit(session, '4242424242424242')).status).toBe(303)
    const done = await stripe.checkout.sessions.retrieve(session.id)
    expect([done.status, done.payment_intent]).toEqual(['complete', (open.payment_intent as Stripe.PaymentIntent).id])
  })

  test('a double submit pays once', async () => {
    const session = await openPayment()
    const answers = await Promise.all([1, 2, 3].map(() => submit(session, '4242424242424242')))
    expect(answers.map((answer) => answer.status)).toEqual([303, 303, 303])
    expect((await stripe.charges.list()).data).toHaveLength(1)
  })

  test("the bank's challenge comes before the money; failing it keeps the session open", async () => {
    const session = await openPayment()
    const challenge = await submit(session, '4000002760003184')
    expect(challenge.status).toBe(303)
    expect((await stripe.charges.list()).data).toEqual([])
    const failed = await answerChallenge(challenge, 'fail')
    expect(failed.headers.get('location')).toBe(`/stripe-sandbox/checkout/${session.id}`)
    expect(await (await fetch(session.url ?? '')).text()).toContain('Your bank could not confirm it is you')
    const passed = await answerChallenge(await submit(session, '4000002760003184'), 'complete')
    expect(passed.headers.get('location')).toBe(session.success_url)
    expect((await stripe.checkout.sessions.retrieve(session.id)).payment_status).toBe('paid')
    expect(await server.eventTypes()).toEqual([
      'payment_intent.created',
      'payment_intent.requires_action',
      'payment_intent.payment_failed',
      'payment_intent.requires_action',
      'charge.succeeded',
      'payment_intent.succeeded',
      'checkout.session.completed',
    ])
  })

  test('a challenge that is answered twice pays once', async () => {
    const session = await openPayment()
    const challenge = await submit(session, '4000002760003184')
    const answers = [await answerChallenge(challenge, 'complete'), await answerChallenge(challenge, 'complete')]
    expect(answers.map((answer) => answer.headers.get('location'))).toEqual([session.success_url, session.success_url])
    expect((await stripe.charges.list()).data).toHaveLength(1)
  })

  test('a passed challenge may still end in a decline', async () => {
    const session = await openPayment()
    await answerChallenge(await submit(session, '4000008260003178'), 'complete')
    expect(await (await fetch(session.url ?? '')).text()).toContain('Your card has insufficient funds.')
  })

  test('a card that was set up in a session pays later without the customer', async () => {
    const { id: customer } = await stripe.customers.create({})
    const session = await openPayment({ customer, payment_intent_data: { setup_future_usage: 'off_session' } })
    await answerChallenge(await submit(session, '4000002500003155'), 'complete')
    const [saved] = (await stripe.paymentMethods.list({ customer })).data
    const renewal = await stripe.paymentIntents.create({
      amount: 10_000,
      currency: 'usd',
      customer,
      payment_method: saved?.id ?? '',
      confirm: true,
      off_session: true,
      allowed_payment_method_types: ['card'],
    })
    expect(renewal.status).toBe('succeeded')
  })

  test('its intent cannot be confirmed or cancelled past the session', async () => {
    const session = await openPayment()
    await submit(session, '4000000000000002')
    const { payment_intent: id } = await stripe.checkout.sessions.retrieve(session.id)
    const error = await rejected(stripe.paymentIntents.cancel(id as string))
    expect([error.statusCode, error.message.includes(session.id)]).toEqual([400, true])
  })

  test('a total of zero needs no card', async () => {
    const free = { quantity: 1, price_data: { ...PREMIUM.price_data, unit_amount: 0 } }
    const session = await openPayment({ line_items: [free] })
    expect(await (await fetch(session.url ?? '')).text()).not.toContain('Card number')
    expect((await submit(session, '')).headers.get('location')).toBe(session.success_url)
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
      status: 'complete',
      payment_status: 'no_payment_required',
      payment_intent: null,
    })
  })

  test('a customer is made when one is asked for', async () => {
    const session = await openPayment({ customer_creation: 'always', customer_email: 'bob@app.example' })
    await submit(session, '4242424242424242')
    const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ['customer'] })
    expect(done.customer).toMatchObject({ object: 'customer', email: 'bob@app.example' })
  })
})

describe('setup mode', () => {
  test('saving a card attaches it, without making it the default', async () => {
    const { id: customer } = await stripe.customers.create({})
    const session = await openSetup({ customer, setup_intent_data: { metadata: { for: 'renewals' } } })
    expect(session).toMatchObject({ amount_total: null, payment_status: 'no_payment_required', status: 'open' })
    expect((await submit(session, '4242424242424242')).headers.get('location')).toBe(session.success_url)
    const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ['setup_intent.payment_method'] })
    expect(done).toMatchObject({
      status: 'complete',
      setup_intent: { status: 'succeeded', metadata: { for: 'renewals' }, payment_method: { customer } },
    })
    const owner = (await stripe.customers.retrieve(customer)) as Stripe.Customer
    expect(owner.invoice_settings.default_payment_method).toBeNull()
    expect(await server.eventTypes()).toEqual([
      'customer.created',
      'setup_intent.created',
      'payment_method.attached',
      'setup_intent.succeeded',
      'checkout.session.completed',
    ])
  })

  test('a card that cannot be saved keeps the session open', async () => {
    const session = await openSetup()
    expect((await submit(session, '4000000000000002')).status).toBe(402)
    expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('open')
    expect(await server.eventTypes()).toEqual(['setup_intent.created', 'setup_intent.setup_failed'])
  })

  test('the bank may ask before a card is saved', async () => {
    const session = await openSetup()
    const challenge = await submit(session, '4000002500003155')
    expect((await answerChallenge(challenge, 'complete')).headers.get('location')).toBe(session.success_url)
    const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ['setup_intent'] })
    expect(done.setup_intent).toMatchObject({ object: 'setup_intent', status: 'succeeded' })
  })
})

describe('the end of a session', () => {
  test('it expires by itself, and nothing can be paid afterwards', async () => {
    const session = await openPayment({ expires_at: clock / 1000 + 60 * 60 })
    await submit(session, '4000000000000002')
    clock += 60 * 60 * 1000 - 1000
    expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('open')
    clock += 1000
    const late = await submit(session, '4242424242424242')
    expect([late.status, (await late.text()).includes('This checkout has expired')]).toEqual([410, true])
    const expired = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] })
    expect(expired).toMatchObject({ status: 'expired', url: null, payment_intent: { status: 'canceled' } })
    expect((await server.eventTypes()).at(-1)).toBe('checkout.session.expired')
  })

  test('expire closes an open session, and only an open one', async () => {
    const session = await openPayment()
    expect(await stripe.checkout.sessions.expire(session.id)).toMatchObject({ status: 'expired', url: null })
    const error = await rejected(stripe.checkout.sessions.expire(session.id))
    expect([error.statusCode, error.message]).toEqual([400, expect.stringContaining('status of `expired`')])
  })
})

test.each([
  [{ mode: 'subscription' as const }, undefined, 'mode'],
  [{ line_items: [] }, 'parameter_missing', 'line_items'],
  [{ success_url: 'javascript:alert(1)' }, 'url_invalid', 'success_url'],
  [{ expires_at: Date.UTC(2026, 0, 1) / 1000 + 60 }, undefined, 'expires_at'],
  [{ client_reference_id: 'x'.repeat(201) }, 'parameter_invalid_string', 'client_reference_id'],
  [{ customer: 'cus_nobody' }, 'resource_missing', 'customer'],
  [{ setup_intent_data: {}, currency: 'eur' }, undefined, 'line_items'],
  [
    { line_items: [{ price_data: { currency: 'usd', unit_amount: 10 } }] },
    'parameter_missing',
    'line_items[0][price_data][product_data]',
  ],
])('a session with %j is refused', async (more, code, param) => {
  const error = await rejected(openPayment(more as Partial<Stripe.Checkout.SessionCreateParams>))
  expect([error.statusCode, error.code, error.param]).toEqual([400, code, param])
})

test('setup mode needs a currency and refuses line items', async () => {
  const setup = { mode: 'setup', ...RETURN } as const
  expect(await rejected(stripe.checkout.sessions.create(setup))).toMatchObject({ param: 'currency' })
  expect(await rejected(openSetup({ line_items: [PREMIUM] }))).toMatchObject({ param: 'line_items' })
})
