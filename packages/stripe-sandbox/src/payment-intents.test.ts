import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rejected, startSandbox, type TestServer } from './test-server.ts'

let server: TestServer
let stripe: Stripe

beforeAll(async () => {
  server = await startSandbox()
  stripe = server.stripe
})
afterAll(() => server.stop())

/** What Florin sends at a renewal. */
async function payOffSession(card: string, more: Partial<Stripe.PaymentIntentCreateParams> = {}) {
  return stripe.paymentIntents.create({
    amount: 10_000,
    currency: 'usd',
    payment_method: card,
    confirm: true,
    off_session: true,
    allowed_payment_method_types: ['card'],
    ...more,
  })
}

describe('off-session payments', () => {
  test('a good card succeeds, and the charge can be read', async () => {
    const before = (await server.eventTypes()).length
    const intent = await payOffSession('pm_card_visa', { metadata: { invoice: 'in_1' }, description: 'Renewal' })
    expect(intent).toMatchObject({
      object: 'payment_intent',
      status: 'succeeded',
      amount_received: 10_000,
      metadata: { invoice: 'in_1' },
      description: 'Renewal',
    })
    const charge = await stripe.charges.retrieve(intent.latest_charge as string)
    expect(charge).toMatchObject({ status: 'succeeded', paid: true, amount: 10_000, payment_intent: intent.id })
    expect((await server.eventTypes()).slice(before)).toEqual([
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
    ])
  })

  test.each([
    ['pm_card_visa_chargeDeclined', 'card_declined', 'generic_decline', 'try_again_later'],
    ['pm_card_chargeDeclined', 'card_declined', 'generic_decline', 'try_again_later'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds', 'try_again_later'],
    ['pm_card_visa_chargeDeclinedLostCard', 'card_declined', 'lost_card', 'do_not_try_again'],
    ['pm_card_visa_chargeDeclinedStolenCard', 'card_declined', 'stolen_card', 'do_not_try_again'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', '', 'confirm_card_data'],
    ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', '', 'confirm_card_data'],
    ['pm_card_chargeDeclinedProcessingError', 'processing_error', '', 'try_again_later'],
    ['pm_card_visa_chargeDeclinedVelocityLimitExceeded', 'card_declined', 'card_velocity_exceeded', 'try_again_later'],
    ['pm_card_chargeCustomerFail', 'card_declined', 'generic_decline', 'try_again_later'],
    ['pm_card_radarBlock', 'card_declined', 'fraudulent', 'do_not_try_again'],
    ['pm_card_authenticationRequired', 'authentication_required', 'authentication_required', undefined],
    ['pm_card_authenticationRequiredOnSetup', 'authentication_required', 'authentication_required', undefined],
  ])('%s is refused with 402 %s %s', async (card, code, declineCode, adviceCode) => {
    const error = await rejected(payOffSession(card))
    expect(error).toBeInstanceOf(Stripe.errors.StripeCardError)
    expect(error).toMatchObject({ statusCode: 402, code })
    expect([error.decline_code, error.advice_code]).toEqual([declineCode, adviceCode])
    const intent = await stripe.paymentIntents.retrieve(error.payment_intent?.id ?? '', { expand: ['latest_charge'] })
    expect(intent).toMatchObject({ status: 'requires_payment_method', payment_method: null, amount_received: 0 })
    expect(intent.last_payment_error?.code).toBe(code)
    expect(intent.latest_charge).toMatchObject({ status: 'failed', failure_code: code })
  })

  test('a decline announces the failed charge, then the failed payment', async () => {
    const before = (await server.eventTypes()).length
    await rejected(payOffSession('pm_card_visa_chargeDeclined'))
    expect((await server.eventTypes()).slice(before)).toEqual([
      'payment_intent.created',
      'charge.failed',
      'payment_intent.payment_failed',
    ])
  })

  test.each(['pm_card_authenticationRequiredSetupForOffSession', 'pm_card_mastercard', 'pm_card_amex'])(
    '%s succeeds without the customer',
    async (card) => {
      expect((await payOffSession(card)).status).toBe('succeeded')
    },
  )

  test('a declined intent can be confirmed again with another card', async () => {
    const { payment_intent: failed } = await rejected(payOffSession('pm_card_visa_chargeDeclined'))
    const paid = await stripe.paymentIntents.confirm(failed?.id ?? '', { payment_method: 'pm_card_visa' })
    expect(paid).toMatchObject({ id: failed?.id, status: 'succeeded', last_payment_error: null })
  })
})

describe('on-session payments', () => {
  const onSession = { currency: 'usd', amount: 700, confirm: true, allowed_payment_method_types: ['card'] }

  test.each([
    'pm_card_authenticationRequired',
    'pm_card_authenticationRequiredOnSetup',
    'pm_card_authenticationRequiredSetupForOffSession',
    'pm_card_authenticationRequiredChargeDeclinedInsufficientFunds',
  ])('%s asks the customer', async (card) => {
    const intent = await stripe.paymentIntents.create({ ...onSession, payment_method: card })
    expect(intent).toMatchObject({ status: 'requires_action', next_action: { type: 'use_stripe_sdk' } })
  })

  test('error_on_requires_action makes it a decline', async () => {
    const create = stripe.paymentIntents.create({
      ...onSession,
      payment_method: 'pm_card_authenticationRequired',
      error_on_requires_action: true,
    })
    expect(await rejected(create)).toMatchObject({ statusCode: 402, code: 'authentication_required' })
  })

  test('the challenge page leads back to the return URL with the outcome', async () => {
    const intent = await stripe.paymentIntents.create({
      ...onSession,
      payment_method: 'pm_card_authenticationRequired',
      return_url: 'https://shop.example/done?order=1',
    })
    const page = intent.next_action?.redirect_to_url?.url ?? ''
    expect(await (await fetch(page)).text()).toContain('Confirm the payment of $7.00.')
    const body = new URLSearchParams({ result: 'complete' })
    const answer = await fetch(page, { method: 'POST', body, redirect: 'manual' })
    const back = new URL(answer.headers.get('location') ?? '')
    expect(back.origin + back.pathname).toBe('https://shop.example/done')
    expect(Object.fromEntries(back.searchParams)).toMatchObject({
      order: '1',
      payment_intent: intent.id,
      redirect_status: 'succeeded',
    })
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe('succeeded')
  })

  test('the challenge of a stranger is not shown', async () => {
    const intent = await stripe.paymentIntents.create({
      ...onSession,
      payment_method: 'pm_card_authenticationRequired',
      return_url: 'https://shop.example/done',
    })
    expect((await fetch(`${server.url}/stripe-sandbox/challenge/${intent.id}?client_secret=guess`)).status).toBe(404)
  })
})

describe('rules', () => {
  const base = { currency: 'usd', amount: 5_000 }

  test.each([
    [49, 'amount_too_small', 'Amount must be at least $0.50 usd'],
    [100_000_000, 'amount_too_large', 'Amount must be no more than $999,999.99 usd'],
  ])('an amount of %d is refused: %s', async (amount, code, message) => {
    const error = await rejected(stripe.paymentIntents.create({ ...base, amount }))
    expect(error).toMatchObject({ statusCode: 400, code, param: 'amount', message })
  })

  test.each([
    [{ payment_method_types: ['card'] }, 'payment_method_types_no_longer_supported', 'payment_method_types'],
    [{ color: 'red' }, 'parameter_unknown', 'color'],
    [{ customer: 'cus_nobody' }, 'resource_missing', 'customer'],
    [{ payment_method: 'pm_nothing' }, 'resource_missing', 'payment_method'],
    [{ off_session: true }, undefined, 'off_session'],
    [{ return_url: 'javascript:alert(1)', confirm: true }, 'url_invalid', 'return_url'],
    [{ confirm: true, allowed_payment_method_types: ['card'] }, 'payment_intent_unexpected_state', undefined],
  ])('%j is refused', async (more, code, param) => {
    const error = await rejected(stripe.paymentIntents.create({ ...base, ...more }))
    expect(error).toBeInstanceOf(Stripe.errors.StripeInvalidRequestError)
    expect([error.statusCode, error.code, error.param]).toEqual([400, code, param])
  })

  test('dynamic methods need a return URL, or no redirects', async () => {
    const dynamic = { ...base, confirm: true, payment_method: 'pm_card_visa' }
    expect((await rejected(stripe.paymentIntents.create(dynamic))).message).toContain('return_url')
    const never = { enabled: true, allow_redirects: 'never' as const }
    const paid = await stripe.paymentIntents.create({ ...dynamic, automatic_payment_methods: never })
    expect(paid.status).toBe('succeeded')
  })

  test("another customer's card is refused, and so is a card that was used once for nobody", async () => {
    const [owner, other] = await Promise.all([stripe.customers.create({}), stripe.customers.create({})])
    const saved = await stripe.paymentMethods.attach('pm_card_visa', { customer: owner.id })
    expect((await rejected(payOffSession(saved.id, { customer: other.id }))).message).toContain('does not belong')
    expect((await rejected(payOffSession(saved.id))).message).toContain('you must provide the customer')
    const { payment_method: used } = await payOffSession('pm_card_visa')
    expect((await rejected(payOffSession(used as string))).message).toContain('may not be used again')
  })

  test('setup_future_usage saves the card to the customer', async () => {
    const customer = await stripe.customers.create({})
    const paid = await stripe.paymentIntents.create({
      ...base,
      customer: customer.id,
      confirm: true,
      payment_method: 'pm_card_visa',
      setup_future_usage: 'off_session',
      allowed_payment_method_types: ['card'],
    })
    const { data } = await stripe.customers.listPaymentMethods(customer.id)
    expect(data.map((method) => method.id)).toEqual([paid.payment_method])
  })

  test('cancel ends an open intent once; a paid one stays paid', async () => {
    const open = await stripe.paymentIntents.create(base)
    const canceled = await stripe.paymentIntents.cancel(open.id, { cancellation_reason: 'abandoned' })
    expect(canceled).toMatchObject({ status: 'canceled', cancellation_reason: 'abandoned' })
    const paid = await payOffSession('pm_card_visa')
    for (const id of [open.id, paid.id]) {
      const error = await rejected(stripe.paymentIntents.cancel(id))
      expect(error).toMatchObject({ statusCode: 400, code: 'payment_intent_unexpected_state' })
    }
  })

  test('intents are listed by customer, newest first, in pages', async () => {
    const customer = await stripe.customers.create({})
    const ids: string[] = []
    for (let made = 0; made < 3; made++) {
      ids.unshift((await stripe.paymentIntents.create({ ...base, customer: customer.id })).id)
    }
    const first = await stripe.paymentIntents.list({ customer: customer.id, limit: 2 })
    expect([first.data.map((each) => each.id), first.has_more]).toEqual([ids.slice(0, 2), true])
    const all = await stripe.paymentIntents.list({ customer: customer.id, limit: 2 }).autoPagingToArray({ limit: 10 })
    expect(all.map((each) => each.id)).toEqual(ids)
  })
})

test.each([
  ['gbp', 29, 'Amount must be at least £0.30 gbp'],
  ['jpy', 49, 'Amount must be at least ¥50 jpy'],
  ['sek', 299, 'Amount must be at least SEK\u00a03.00 sek'],
])('the least amount of %s is more than %d', async (currency, amount, message) => {
  const refused = await rejected(stripe.paymentIntents.create({ currency, amount }))
  expect(refused).toMatchObject({ statusCode: 400, code: 'amount_too_small', param: 'amount', message })
  expect((await stripe.paymentIntents.create({ currency, amount: amount + 1 })).amount).toBe(amount + 1)
})

test.each([
  [{ currency: 'usd' }, 'parameter_missing', 'amount'],
  [{ amount: 500 }, 'parameter_missing', 'currency'],
  [{ amount: 'a lot', currency: 'usd' }, 'parameter_invalid_integer', 'amount'],
  [{ amount: 5.5, currency: 'usd' }, 'parameter_invalid_integer', 'amount'],
  [{ amount: 500, currency: 'xxx1' }, undefined, 'currency'],
  [{ amount: 500, currency: 'usd', confirm: 'perhaps' }, undefined, 'confirm'],
  [{ amount: 500, currency: 'usd', metadata: 'x' }, undefined, 'metadata'],
])('%j is refused: %s of %s', async (params, code, param) => {
  const error = await rejected(stripe.paymentIntents.create(params as unknown as Stripe.PaymentIntentCreateParams))
  expect(error).toBeInstanceOf(Stripe.errors.StripeInvalidRequestError)
  expect([error.statusCode, error.code, error.param]).toEqual([400, code, param])
})
