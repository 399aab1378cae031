import type Stripe from 'stripe'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { rejected, startSandbox, type TestServer, until } from './test-server.ts'

let server: TestServer
let stripe: Stripe

beforeEach(async () => {
  server = await startSandbox({ debitSeconds: 600 })
  stripe = server.stripe
})
afterEach(() => server.stop())

const GOOD = 'AT611904300234573201'
const BAD = 'IT60X0542811101000000123456'
const OWNER = { name: 'Ann', email: 'ann@example.com' }
const CONSENT = { customer_acceptance: { type: 'offline' as const } }
const DEBIT = { amount: 1_900, currency: 'eur', confirm: true, allowed_payment_method_types: ['sepa_debit'] }

/** Lets the banks answer; the types of the events that followed. */
async function settle(): Promise<string[]> {
  const answer = await fetch(`${server.url}/stripe-sandbox/settle`, { method: 'POST' })
  return ((await answer.json()) as { events: string[] }).events
}

async function accountOf(iban: string): Promise<string> {
  return (await stripe.paymentMethods.create({ type: 'sepa_debit', sepa_debit: { iban }, billing_details: OWNER })).id
}

function pay(payment_method: string, more: Partial<Stripe.PaymentIntentCreateParams> = {}) {
  return stripe.paymentIntents.create({ ...DEBIT, payment_method, mandate_data: CONSENT, ...more })
}

describe('a debit', () => {
  test('is processing until the bank has answered, then the money is there', async () => {
    const before = (await server.eventTypes()).length
    const begun = await pay(await accountOf(GOOD))
    expect(begun).toMatchObject({ status: 'processing', amount_received: 0, payment_method_types: ['sepa_debit'] })
    const pending = await stripe.charges.retrieve(begun.latest_charge as string)
    expect(pending).toMatchObject({ status: 'pending', paid: false, payment_method_details: { type: 'sepa_debit' } })
    expect((await server.eventTypes()).slice(before)).toEqual([
      'payment_intent.created',
      'payment_intent.processing',
      'charge.pending',
    ])
    expect(await settle()).toEqual(['charge.succeeded', 'payment_intent.succeeded'])
    expect(await stripe.paymentIntents.retrieve(begun.id)).toMatchObject({
      status: 'succeeded',
      amount_received: 1_900,
      latest_charge: pending.id,
    })
    expect(await stripe.charges.retrieve(pending.id)).toMatchObject({ status: 'succeeded', paid: true })
    expect(await settle()).toEqual([])
  })

  test.each([
    [BAD, 'generic_could_not_process'],
    ['AT861904300235473202', 'generic_could_not_process'],
    ['AT051904300235473205', 'generic_could_not_process'],
    ['AT981904300000343434', 'charge_exceeds_source_limit'],
    ['AT601904300000121212', 'charge_exceeds_weekly_limit'],
    ['AT981904300002222227', 'insufficient_funds'],
  ])('of %s comes back: %s', async (iban, code) => {
    const begun = await pay(await accountOf(iban))
    expect(begun.status).toBe('processing')
    expect(await settle()).toEqual(['charge.failed', 'payment_intent.payment_failed'])
    const failed = await stripe.paymentIntents.retrieve(begun.id, { expand: ['latest_charge'] })
    expect(failed).toMatchObject({ status: 'requires_payment_method', payment_method: null, amount_received: 0 })
    expect(failed.last_payment_error?.code).toBe(code)
    expect(failed.latest_charge).toMatchObject({ status: 'failed', paid: false, failure_code: code })
  })

  test('by name, and one that is disputed afterwards', async () => {
    expect((await pay('pm_sepaDebit_success_at')).status).toBe('processing')
    await pay('pm_sepaDebit_disputed_at')
    const events = await settle()
    expect(events.filter((type) => type === 'payment_intent.succeeded')).toHaveLength(2)
    expect(events).toContain('charge.dispute.created')
  })

  test('on its way can be neither cancelled, confirmed again nor refunded', async () => {
    const begun = await pay(await accountOf(GOOD))
    const code = 'payment_intent_unexpected_state'
    expect(await rejected(stripe.paymentIntents.cancel(begun.id))).toMatchObject({ statusCode: 400, code })
    expect(await rejected(stripe.paymentIntents.confirm(begun.id))).toMatchObject({ statusCode: 400, code })
    expect((await rejected(stripe.refunds.create({ payment_intent: begun.id }))).statusCode).toBe(400)
  })

  test('that succeeded can be refunded; the refund takes its time', async () => {
    const begun = await pay(await accountOf(GOOD))
    await settle()
    const refund = await stripe.refunds.create({ payment_intent: begun.id, amount: 500 })
    expect(refund.status).toBe('pending')
    expect(await settle()).toContain('refund.updated')
    expect((await stripe.refunds.retrieve(refund.id)).status).toBe('succeeded')
  })

  test('needs a consent and the euro', async () => {
    const account = await accountOf(GOOD)
    const { mandate_data: _none, ...without } = { ...DEBIT, payment_method: account, mandate_data: CONSENT }
    expect((await rejected(stripe.paymentIntents.create(without))).message).toContain('requires a mandate')
    expect(await rejected(pay(account, { currency: 'usd' }))).toMatchObject({
      statusCode: 400,
      code: 'payment_intent_invalid_parameter',
      param: 'allowed_payment_method_types',
    })
    const both = { allowed_payment_method_types: ['card', 'sepa_debit'], currency: 'usd' }
    expect((await rejected(pay(account, both))).message).toContain('(sepa_debit) is not allowed')
  })

  test('settles by itself after the time that was set', async () => {
    const quick = await startSandbox({ debitSeconds: 0 })
    const { id } = await quick.stripe.paymentIntents.create({
      ...DEBIT,
      payment_method: 'pm_sepaDebit_success_at',
      mandate_data: CONSENT,
    })
    await until(
      () => quick.stripe.paymentIntents.retrieve(id),
      ({ status }) => status === 'succeeded',
    )
    await quick.stop()
  })
})

describe('an account', () => {
  test('shows four digits only, and its owner', async () => {
    const method = await stripe.paymentMethods.retrieve(await accountOf(GOOD))
    expect(method).toMatchObject({
      type: 'sepa_debit',
      billing_details: OWNER,
      sepa_debit: { bank_code: '19043', country: 'AT', last4: '3201' },
    })
    expect(JSON.stringify(method)).not.toContain(GOOD)
  })

  test.each([
    [{ sepa_debit: { iban: 'AT611904300234573202' }, billing_details: OWNER }, 'invalid_bank_account_iban'],
    [{ sepa_debit: { iban: 'GB33BUKB20201555555555' }, billing_details: OWNER }, 'invalid_bank_account_iban'],
    [{ sepa_debit: { iban: GOOD } }, 'parameter_missing'],
    [{ billing_details: OWNER }, 'parameter_missing'],
  ])('%j is refused', async (more, code) => {
    const error = await rejected(stripe.paymentMethods.create({ type: 'sepa_debit', ...more }))
    expect([error.statusCode, error.code]).toEqual([400, code])
  })

  test('that was set up is debited later without the customer', async () => {
    const { id: customer } = await stripe.customers.create({})
    const setup = await stripe.setupIntents.create({
      customer,
      confirm: true,
      payment_method: await accountOf(GOOD),
      allowed_payment_method_types: ['sepa_debit'],
      mandate_data: CONSENT,
    })
    expect(setup).toMatchObject({ status: 'succeeded', mandate: expect.stringMatching(/^mandate_/) })
    const payment_method = setup.payment_method as string
    const renewal = await stripe.paymentIntents.create({ ...DEBIT, customer, payment_method, off_session: true })
    expect(renewal.status).toBe('processing')
    const mandate = await stripe.mandates.retrieve(setup.mandate as string)
    expect(mandate).toMatchObject({ status: 'active', payment_method })
    const { reference = '', url = '' } = mandate.payment_method_details.sepa_debit ?? {}
    expect(await (await fetch(url)).text()).toContain(reference)
    const { data } = await stripe.customers.listPaymentMethods(customer, { type: 'sepa_debit' })
    expect(data.map(({ id }) => id)).toEqual([payment_method])
    expect((await stripe.customers.listPaymentMethods(customer, { type: 'card' })).data).toEqual([])
  })
})

describe('on the Checkout page', () => {
  const session = {
    mode: 'payment' as const,
    allowed_payment_method_types: ['card', 'sepa_debit'],
    line_items: [{ price_data: { currency: 'eur', unit_amount: 900, product_data: { name: 'Bundle' } } }],
    success_url: 'https://app.example/paid',
  }
  const form = { method: 'sepa_debit', iban: 'AT61 1904 3002 3457 3201', holder: 'Ann', email: 'ann@example.com' }

  async function post(url: string | null, fields: Record<string, string>) {
    return fetch(url ?? '', { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })
  }

  test('the customer chooses; the session completes unpaid and is paid later', async () => {
    const opened = await stripe.checkout.sessions.create(session)
    const page = await (await fetch(opened.url ?? '')).text()
    for (const text of ['Payment details', 'SEPA Direct Debit', '<label for="iban">IBAN</label>', 'AT61 1904']) {
      expect(page).toContain(text)
    }
    const before = (await server.eventTypes()).length
    expect((await post(opened.url, form)).headers.get('location')).toBe('https://app.example/paid')
    const completed = await stripe.checkout.sessions.retrieve(opened.id, { expand: ['payment_intent'] })
    expect(completed).toMatchObject({
      status: 'complete',
      payment_status: 'unpaid',
      payment_intent: { status: 'processing' },
      customer_details: { email: 'ann@example.com', name: 'Ann' },
    })
    expect((await server.eventTypes()).slice(before)).toEqual([
      'payment_intent.created',
      'payment_intent.processing',
      'charge.pending',
      'checkout.session.completed',
    ])
    expect(await (await fetch(opened.url ?? '')).text()).toContain('answers later')
    expect(await settle()).toEqual([
      'charge.succeeded',
      'payment_intent.succeeded',
      'checkout.session.async_payment_succeeded',
    ])
    expect((await stripe.checkout.sessions.retrieve(opened.id)).payment_status).toBe('paid')
  })

  test('a debit that comes back leaves the session complete and unpaid', async () => {
    const opened = await stripe.checkout.sessions.create(session)
    await post(opened.url, { ...form, iban: BAD })
    expect(await settle()).toEqual([
      'charge.failed',
      'payment_intent.payment_failed',
      'checkout.session.async_payment_failed',
    ])
    const after = await stripe.checkout.sessions.retrieve(opened.id)
    expect([after.status, after.payment_status]).toEqual(['complete', 'unpaid'])
  })

  test('a card pays at once on the same page', async () => {
    const opened = await stripe.checkout.sessions.create(session)
    await post(opened.url, { method: 'card', number: '4242424242424242', expiry: '12/34', cvc: '123', name: 'Ann' })
    expect((await stripe.checkout.sessions.retrieve(opened.id)).payment_status).toBe('paid')
  })

  test.each([
    ['iban', '', 'Enter the IBAN'],
    ['iban', 'AT611904300234573202', 'This is not an IBAN'],
    ['iban', 'GB33BUKB20201555555555', 'This is not a test account'],
    ['holder', '', 'Enter the name of the account holder'],
    ['email', 'ann', 'Enter an e-mail address'],
  ])('a wrong %s (%j) is named and linked: %s', async (field, value, message) => {
    const opened = await stripe.checkout.sessions.create(session)
    const answer = await post(opened.url, { ...form, [field]: value })
    const page = await answer.text()
    expect(answer.status).toBe(422)
    expect(page).toContain(`<a href="#${field}">`)
    expect(page).toContain(message)
    expect(page).toMatch(/value="sepa_debit" checked/)
  })

  test('a test account fills the form in and chooses it', async () => {
    const opened = await stripe.checkout.sessions.create(session)
    const page = await (await post(opened.url, { fill: GOOD, holder: 'Ann' })).text()
    expect(page).toContain('value="AT61 1904 3002 3457 3201"')
    expect(page).toMatch(/value="sepa_debit" checked/)
    expect(page).toContain('value="Ann"')
  })

  test('setup saves an account for later debits', async () => {
    const { id: customer } = await stripe.customers.create({ email: 'ann@example.com' })
    const opened = await stripe.checkout.sessions.create({
      mode: 'setup',
      customer,
      currency: 'eur',
      allowed_payment_method_types: ['card', 'sepa_debit'],
      success_url: 'https://app.example/saved',
    })
    const page = await (await fetch(opened.url ?? '')).text()
    expect(page).toContain('Save payment method')
    expect(page).toContain('value="ann@example.com"')
    expect((await post(opened.url, form)).headers.get('location')).toBe('https://app.example/saved')
    const done = await stripe.checkout.sessions.retrieve(opened.id, { expand: ['setup_intent'] })
    const setup = done.setup_intent as Stripe.SetupIntent
    expect([done.status, done.payment_status, setup.status]).toEqual(['complete', 'no_payment_required', 'succeeded'])
    const payment_method = setup.payment_method as string
    const renewal = await stripe.paymentIntents.create({ ...DEBIT, customer, payment_method, off_session: true })
    expect(renewal.status).toBe('processing')
  })

  test('other currencies are paid by card alone', async () => {
    const price_data = { currency: 'usd', unit_amount: 900, product_data: { name: 'Bundle' } }
    const opened = await stripe.checkout.sessions.create({ ...session, line_items: [{ price_data }] })
    expect(opened.payment_method_types).toEqual(['card'])
    expect(await (await fetch(opened.url ?? '')).text()).not.toContain('IBAN')
  })
})
