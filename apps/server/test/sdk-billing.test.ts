import './browser-globals.ts'
import { createFlorin, type Florin, FlorinError, type Invoice, type SubscriptionState } from '@florin/sdk'
import { BillingProvider, useRateCardPreview } from '@florin/sdk/react'
import { act, cleanup, render, screen } from '@testing-library/react'
import { createElement } from 'react'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { payCheckout } from './pay-checkout.ts'
import { URLS } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample } from './worked-example.ts'

// Months of billing through the published client: previews, pauses, versions, tax, invoices, usage, and the clock.

const METER = 'character_generation'
const DAY = 86_400_000
/** Costs nothing until it is used; whoever uses it has no bank card on file, so its invoices stay open. */
const METERED = {
  code: 'metered',
  name: 'Metered',
  usageRates: [
    {
      code: 'generations',
      name: 'Generations',
      meter: METER,
      creditType: 'credits',
      overage: 'CHARGE' as const,
      overagePrice: { flat: { amount: '1.00' } },
    },
  ],
}

let stack: Stack
let florin: Florin

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  florin = createFlorin({ url: stack.graphqlUrl, secretKey: stack.secretKey })
  await florin.publishRateCard(METERED)
})
afterEach(cleanup)
afterAll(() => stack.close())

async function subscriptionOf(customerId: string): Promise<SubscriptionState> {
  const [subscription] = (await florin.billingState(customerId)).subscriptions
  if (!subscription) throw new Error(`${customerId} has no subscription`)
  return subscription
}

/** A new customer on a card, paid with the test card where there is something to pay. */
async function begin(customerId: string, rateCard: string): Promise<SubscriptionState> {
  await florin.upsertCustomer({ id: customerId })
  const sold = await florin.subscribe({ customerId, rateCard, checkout: URLS })
  if (sold.__typename === 'CheckoutRequired') await payCheckout(stack, sold.token)
  return subscriptionOf(customerId)
}

const later = (instant: string, days: number) => new Date(Date.parse(instant) + days * DAY).toISOString()

const use = (customerId: string, value: string, more: object = {}) =>
  florin.recordUsage([
    { customerId, eventName: METER, value, idempotencyKey: `${value} ${Object.keys(more)}`, ...more },
  ])

async function newestInvoice(customerId: string): Promise<Invoice> {
  const [invoice] = (await florin.invoices({ customerId, first: 1 })).nodes
  if (!invoice) throw new Error(`${customerId} has no invoice`)
  return invoice
}

/** An open invoice over so many used units. */
async function openInvoice(customerId: string, units: string): Promise<Invoice> {
  const { currentPeriodEnd } = await begin(customerId, METERED.code)
  await use(customerId, units)
  await florin.advanceClock(currentPeriodEnd)
  return newestInvoice(customerId)
}

test('what a change costs and brings is seen before it is made, and the next invoice before it is due', async () => {
  const customerId = 'changing'
  const { id, currentPeriodEnd } = await begin(customerId, 'starter')
  const change = { subscriptionId: id, rateCard: 'premium' }
  expect(await florin.previewRateCardChange(change)).toMatchObject({
    dueNow: { amount: '80.00', currency: 'USD' },
    nextRenewal: { amount: '100.00' },
    nextRenewalAt: currentPeriodEnd,
    balancesBefore: [{ available: '25' }],
    balancesAfter: [{ available: '105' }],
  })
  expect((await subscriptionOf(customerId)).rateCard.code).toBe('starter')

  expect(await florin.changeRateCard(change)).toMatchObject({ __typename: 'SubscriptionSuccess' })
  expect(await newestInvoice(customerId)).toMatchObject({ total: '80.00', paid: '80.00', amountDue: '0.00' })
  expect(await florin.upcomingInvoice(id)).toMatchObject({ status: 'DRAFT', total: '100.00', issuedAt: null })

  const down = { subscriptionId: id, rateCard: 'free', behavior: 'AT_PERIOD_END' } as const
  expect(await florin.previewRateCardChange(down)).toMatchObject({
    effectiveAt: currentPeriodEnd,
    dueNow: { amount: '0.00' },
    balancesAfter: [{ available: '5' }],
  })
  expect(await florin.changeRateCard(down)).toMatchObject({ subscription: { pendingRateCard: { code: 'free' } } })
  expect(await florin.upcomingInvoice(id)).toBeNull()
  expect(await florin.resumeSubscription(id)).toMatchObject({ pendingRateCard: null })

  await use(customerId, '110')
  const foreseen = await florin.upcomingInvoice(id)
  expect(foreseen).toMatchObject({ total: '104.50', lines: [{ amount: '4.50' }, { amount: '100.00' }] })
  expect(await florin.advanceClock(currentPeriodEnd)).toBe(currentPeriodEnd)
  expect(await florin.clockProgress()).toBeNull()
  expect(Date.parse(await florin.clock())).toBeGreaterThanOrEqual(Date.parse(currentPeriodEnd))
  const { lines, total } = await newestInvoice(customerId)
  expect({ lines, total }).toEqual({ lines: foreseen?.lines, total: foreseen?.total })
})

function Change({ subscriptionId }: { subscriptionId: string }) {
  const { preview, error } = useRateCardPreview({ subscriptionId, rateCard: 'premium', behavior: 'RATE_DIFFERENCE' })
  return createElement('p', {}, error?.code ?? `${preview?.dueNow.amount}: ${preview?.balancesAfter[0]?.available}`)
}

test('a browser shows what a change would cost and bring, until it is made', async () => {
  const customerId = 'choosing'
  const { id: subscriptionId } = await begin(customerId, 'starter')
  const token = async () => (await florin.createCustomerToken(customerId)).token
  const { graphqlUrl: url } = stack
  render(createElement(BillingProvider, { url, token }, createElement(Change, { subscriptionId })))
  await screen.findByText('80.00: 105')
  await act(() => florin.changeRateCard({ subscriptionId, rateCard: 'premium' }))
  await screen.findByText('CONFLICT')
})

test('a subscription rests until a date, or until it is resumed', async () => {
  const customerId = 'resting'
  const { id, currentPeriodEnd } = await begin(customerId, 'starter')
  const resumesAt = later(currentPeriodEnd, 10)
  const paused = await florin.pauseSubscription({ subscriptionId: id, resumesAt })
  expect(paused).toMatchObject({ status: 'ACTIVE', pauseAtPeriodEnd: true, resumesAt })
  await florin.advanceClock(currentPeriodEnd)
  expect(await subscriptionOf(customerId)).toMatchObject({ status: 'PAUSED', resumesAt })
  expect(await failureOf(florin.upcomingInvoice(id))).toMatchObject({ code: 'CONFLICT', field: 'subscriptionId' })
  await florin.advanceClock(resumesAt)
  expect(await subscriptionOf(customerId)).toMatchObject({ status: 'ACTIVE', currentPeriodStart: resumesAt })

  await florin.pauseSubscription({ subscriptionId: id })
  expect(await florin.resumeSubscription(id)).toMatchObject({ pauseAtPeriodEnd: false, resumesAt: null })
  expect(await florin.cancelSubscription({ subscriptionId: id, at: 'NOW' })).toMatchObject({ status: 'CANCELED' })
})

test('a trial says when it ends', async () => {
  await florin.publishRateCard({ ...METERED, code: 'tried', name: 'Tried', trialDays: 14 })
  const { status, trialEndsAt, currentPeriodStart } = await begin('trying', 'tried')
  expect({ status, trialEndsAt }).toEqual({ status: 'TRIALING', trialEndsAt: later(currentPeriodStart, 14) })
})

test('a new version is previewed, and moves its subscribers when it is told to', async () => {
  const version = (amount: string, credits: string) => ({
    code: 'moving',
    name: 'Moving',
    fixedRates: [{ code: 'base', name: 'Base', price: { flat: { amount } } }],
    allowances: [{ creditType: 'credits', amount: credits }],
    usageRates: METERED.usageRates,
  })
  await florin.publishRateCard(version('20.00', '25'))
  for (const id of ['moving-1', 'moving-2']) await begin(id, 'moving')

  const next = { ...version('30.00', '40'), migrate: 'NOW' as const }
  const page = await florin.previewRateCardMigration(next, { first: 1 })
  expect(page).toMatchObject({
    rateCard: { code: 'moving', version: 2 },
    migrate: 'NOW',
    subscribers: 2,
    periodBefore: { amount: '40.00' },
    periodAfter: { amount: '60.00' },
    moves: { nodes: [{ customerId: 'moving-1', fromVersion: 1, allowances: [{ before: '25', after: '40' }] }] },
  })
  const rest = await florin.previewRateCardMigration(next, { after: page.moves.pageInfo.endCursor })
  expect(rest.moves.nodes.map(({ customerId }) => customerId)).toEqual(['moving-2'])

  expect((await florin.publishRateCard(next, { timeoutMs: 60_000 })).version).toBe(2)
  expect((await florin.billingState('moving-2')).balances).toMatchObject([{ available: '40' }])
  expect((await florin.publishRateCard({ ...version('90.00', '40'), migrate: 'NEVER' })).version).toBe(3)
  const { currentPeriodEnd } = await subscriptionOf('moving-1')
  await florin.advanceClock(currentPeriodEnd)
  expect(await newestInvoice('moving-1')).toMatchObject({ total: '30.00', status: 'PAID' })
})

test('invoices carry the tax of the customer, else of the project, and credit notes take back a part', async () => {
  expect(await florin.setTaxRate({ name: 'VAT', percent: '19' })).toEqual({
    name: 'VAT',
    percent: '19',
    mode: 'EXCLUSIVE',
  })
  const own = { name: 'IVA', percent: '21', mode: 'INCLUSIVE' } as const
  expect(await florin.upsertCustomer({ id: 'abroad', taxRate: own })).toMatchObject({ taxRate: own })
  expect((await florin.upsertCustomer({ id: 'home' })).taxRate).toBeNull()
  await begin('abroad', 'premium')
  await begin('home', 'premium')
  expect(await florin.setTaxRate(null)).toBeNull()
  expect(await newestInvoice('abroad')).toMatchObject({ total: '100.00', tax: '17.36' })
  const invoice = await newestInvoice('home')
  expect(invoice).toMatchObject({ total: '119.00', tax: '19.00', paid: '119.00', creditNotes: [] })

  const note = { invoiceId: invoice.id, amount: '11.90', reason: 'an outage', idempotencyKey: 'outage' }
  const credited = await florin.createCreditNote(note)
  expect(credited).toMatchObject({ amount: '11.90', tax: '1.90', reason: 'an outage' })
  expect(await florin.createCreditNote(note)).toEqual(credited)
  expect(await newestInvoice('home')).toMatchObject({ credited: '0.00', creditNotes: [credited] })
  expect((await florin.billingState('home')).accountCredit).toEqual({ amount: '11.90', currency: 'USD' })
  const upcoming = await florin.upcomingInvoice((await subscriptionOf('home')).id)
  expect(upcoming).toMatchObject({ total: '100.00', creditUsed: '11.90', amountDue: '88.10' })
})

test('an open invoice is credited, voided, or given up', async () => {
  const owed = await openInvoice('owing', '9')
  expect(owed).toMatchObject({ status: 'OPEN', amountDue: '9.00', paid: '0.00' })
  const part = { invoiceId: owed.id, amount: 2, reason: 'half a day down', idempotencyKey: 'part' }
  await florin.createCreditNote(part)
  const given = await florin.markInvoiceUncollectible(owed.id)
  expect(given).toMatchObject({ status: 'UNCOLLECTIBLE', credited: '2.00', amountDue: '7.00' })
  expect(await florin.markInvoiceUncollectible(owed.id)).toEqual(given)

  const mistake = await openInvoice('mistaken', '4')
  expect(await florin.voidInvoice(mistake.id)).toMatchObject({ status: 'VOID', total: '4.00', amountDue: '0.00' })
})

test('usage is read by day, and by a property of its events', async () => {
  const customerId = 'counting'
  const { currentPeriodStart } = await begin(customerId, METERED.code)
  const midnight = `${later(currentPeriodStart, 1).slice(0, 10)}T00:00:00.000Z`
  await florin.advanceClock(later(midnight, 2))
  await use(customerId, '3', { timestamp: midnight, properties: { model: 'fast' } })
  await use(customerId, '4', { timestamp: later(midnight, 1), properties: { model: 'deep' } })

  const range = { customerId, meter: METER, from: midnight, to: later(midnight, 2) }
  const days = await florin.usage(range)
  expect(days).toMatchObject([
    { start: midnight, end: later(midnight, 1), quantity: '3', credits: '3', group: null },
    { quantity: '4', credits: '4' },
  ])
  const models = await florin.usage({ ...range, granularity: 'MONTH', groupBy: 'model' })
  expect(models.map(({ group, quantity }) => `${group} ${quantity}`).sort()).toEqual(['deep 4', 'fast 3'])
})

/** What a call of the SDK was rejected with. */
async function failureOf(call: Promise<unknown>): Promise<FlorinError> {
  const failure = await call.then(
    () => new Error('expected a rejection'),
    (error: unknown) => error,
  )
  if (failure instanceof FlorinError) return failure
  throw failure
}

test('what is refused says its code and its field', async () => {
  const { id: subscriptionId, currentPeriodEnd } = await begin('faulty', 'starter')
  const { id: invoiceId } = await newestInvoice('faulty')
  const note = { invoiceId, reason: 'sorry', idempotencyKey: 'note' }
  const { secretKey } = await stack.addProject('LIVE')
  const live = createFlorin({ url: stack.graphqlUrl, secretKey })
  const to = later(await florin.clock(), 1)
  const inEuro = { ...METERED, currency: 'EUR' }
  const range = { customerId: 'faulty', meter: METER, from: to, to: later(to, 60) }

  const faults: [call: () => Promise<unknown>, code: string, field?: string][] = [
    [() => florin.advanceClock('2020-01-01T00:00:00Z'), 'INVALID_INPUT', 'to'],
    [() => florin.advanceClock('tomorrow'), 'INVALID_INPUT', 'to'],
    [() => live.advanceClock(to), 'FORBIDDEN'],
    [() => florin.setTaxRate({ percent: '101' }), 'INVALID_INPUT', 'percent'],
    [() => florin.upsertCustomer({ id: 'faulty', taxRate: { percent: 'x' } }), 'INVALID_INPUT', 'taxRate.percent'],
    [() => florin.previewRateCardChange({ subscriptionId, rateCard: 'starter' }), 'CONFLICT', 'rateCard'],
    [() => florin.previewRateCardChange({ subscriptionId, rateCard: 'none' }), 'NOT_FOUND', 'rateCard'],
    [() => florin.previewRateCardMigration(inEuro), 'INVALID_INPUT', 'currency'],
    [() => florin.previewRateCardMigration(METERED, { first: 0 }), 'INVALID_INPUT', 'first'],
    [() => florin.pauseSubscription({ subscriptionId, resumesAt: currentPeriodEnd }), 'INVALID_INPUT', 'resumesAt'],
    [() => florin.pauseSubscription({ subscriptionId: 'sub_none' }), 'NOT_FOUND', 'subscriptionId'],
    [() => florin.upcomingInvoice('sub_none'), 'NOT_FOUND', 'subscriptionId'],
    [() => florin.createCreditNote({ ...note, amount: '20.01' }), 'INVALID_INPUT', 'amount'],
    [() => florin.createCreditNote({ ...note, reason: '' }), 'INVALID_INPUT', 'reason'],
    [() => florin.createCreditNote({ ...note, invoiceId: 'inv_none' }), 'NOT_FOUND', 'invoiceId'],
    [() => florin.voidInvoice(invoiceId), 'CONFLICT', 'invoiceId'],
    [() => florin.markInvoiceUncollectible('inv_none'), 'NOT_FOUND', 'invoiceId'],
    [() => florin.usage({ ...range, granularity: 'HOUR' }), 'INVALID_INPUT', 'granularity'],
    [() => florin.usage({ ...range, meter: 'unheard' }), 'NOT_FOUND', 'meter'],
  ]
  for (const [call, code, field] of faults) {
    const { code: got, field: at, retryable } = await failureOf(call())
    expect({ code: got, field: at, retryable }).toEqual({ code, field, retryable: false })
  }
})
