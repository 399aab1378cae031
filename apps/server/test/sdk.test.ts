import './browser-globals.ts'
import { createFlorin, type Florin, FlorinError } from '@florin/sdk'
import { BillingProvider, openCheckout, useBillingState, usePaywall, useRateCards } from '@florin/sdk/react'
import { act, cleanup, render, screen } from '@testing-library/react'
import { createElement } from 'react'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { WebSocket as NodeWebSocket } from 'ws'
import { signCustomerToken } from '../src/modules/accounts/customer-token.ts'
import { payCheckout } from './pay-checkout.ts'
import { URLS } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

// The published client against the real server: what an integrator's backend and browser see.

const METER = 'character_generation'

let stack: Stack
let florin: Florin

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  florin = createFlorin({ url: stack.graphqlUrl, secretKey: stack.secretKey, webSocket: NodeWebSocket })
})
afterEach(cleanup)
afterAll(() => stack.close())

const consume = (customerId: string, quantity: string, idempotencyKey: string) =>
  florin.consume({ customerId, meter: METER, quantity, idempotencyKey })

const grant = (customerId: string, amount: string, idempotencyKey: string) =>
  florin.grantCredits({ customerId, creditType: 'credits', amount, idempotencyKey })

const tokenFor = async (customerId: string) => (await florin.createCustomerToken(customerId, { ttlSeconds: 60 })).token

/** What a call of the SDK was rejected with. */
async function failureOf(call: Promise<unknown>): Promise<FlorinError> {
  const failure = await call.then(
    () => new Error('expected a rejection'),
    (error: unknown) => error,
  )
  if (failure instanceof FlorinError) return failure
  throw failure
}

test('a backend describes its catalogue, and reads it', async () => {
  const words = { code: 'words', eventName: 'answer', aggregation: 'SUM', property: 'words' } as const
  expect(await florin.defineMeter(words)).toMatchObject(words)
  expect(await florin.defineCreditType({ code: 'ink', name: 'Ink', precision: 2 })).toMatchObject({ code: 'ink' })
  const card = {
    code: 'writer',
    name: 'Writer',
    public: false,
    allowances: [{ creditType: 'ink', amount: '1.5' }],
    usageRates: [{ code: 'answers', name: 'Answers', meter: 'words', creditType: 'ink' }],
    features: { export: true },
  }
  expect(await florin.publishRateCard(card)).toMatchObject({ code: 'writer', version: 1, interval: 'MONTH' })
  expect((await florin.publishRateCard(card)).version).toBe(1)
  expect((await florin.publishRateCard({ ...card, name: 'Author' })).version).toBe(2)

  expect(await florin.rateCard('writer', { version: 1 })).toMatchObject({
    name: 'Writer',
    allowances: [{ amount: '1.5', rollover: 'NONE' }],
    features: [{ feature: 'export', enabled: true }],
  })
  expect(await florin.rateCard('nothing')).toBeNull()
  expect((await florin.rateCards()).map(({ code }) => code)).toEqual(expect.arrayContaining(['free', 'premium']))
  expect(Date.parse(await florin.clock())).toBeGreaterThan(0)
})

test('a backend spends, grants, and reads what became of it', async () => {
  const customerId = 'backend'
  expect(await florin.upsertCustomer({ id: customerId, email: 'ada@example.com' })).toMatchObject({ timezone: 'UTC' })
  const started = await florin.subscribe({ customerId, rateCard: 'free' })
  expect(started.__typename).toBe('SubscriptionSuccess')

  expect(await consume(customerId, '3', 'first')).toMatchObject({
    decision: { allowed: true, reason: 'COVERED', cost: '3', available: '5' },
    usage: { status: 'RECORDED', draws: [{ meter: METER, credits: '3', available: '2' }] },
  })
  const refused = await consume(customerId, '3', 'second')
  expect(refused).toMatchObject({ usage: null, decision: { allowed: false, reason: 'INSUFFICIENT_CREDITS' } })
  const offers = refused.decision.remedies.flatMap((remedy) => ('rateCard' in remedy ? [remedy.rateCard.code] : []))
  expect(offers).toEqual(['starter', 'premium'])

  const event = { customerId, eventName: METER, value: 1 }
  const { results } = await florin.recordUsage([
    { ...event, idempotencyKey: 'event' },
    { ...event, eventName: 'unheard', idempotencyKey: 'bad' },
  ])
  expect(results).toMatchObject([{ status: 'RECORDED' }, { status: 'REJECTED', error: { code: 'NO_METER' } }])

  const voided = await florin.voidUsage({ customerId, idempotencyKey: 'event' })
  expect(voided).toMatchObject({ status: 'VOIDED', credits: '1' })
  expect((await florin.recordUsage([{ ...event, idempotencyKey: 'event' }])).results).toEqual([voided])
  await florin.recordUsage([{ ...event, idempotencyKey: 'another' }])

  const wallet = await florin.createWallet({ customerId, creditType: 'credits', name: 'Gifts', priority: 1 })
  const gift = { customerId, creditType: 'credits', amount: '2.5', walletId: wallet.id, idempotencyKey: 'gift' }
  const given = await florin.grantCredits({ ...gift, metadata: { why: 'sorry' } })
  expect(given).toMatchObject({ remaining: '2.5', wallet: { name: 'Gifts' }, metadata: { why: 'sorry' } })
  expect(await florin.voidGrant({ grantId: given.id, idempotencyKey: 'taken' })).toMatchObject({ remaining: '0' })

  const state = await florin.billingState(customerId)
  expect(state.balances).toMatchObject([{ creditType: 'credits', available: '1', used: '4' }])
  const { nodes, pageInfo } = await florin.ledger({ customerId, creditType: 'credits', first: 2 })
  expect(nodes).toMatchObject([
    { kind: 'VOID', amount: '-2.5', version: state.version },
    { kind: 'GRANT', amount: '2.5' },
  ])
  const next = await florin.ledger({ customerId, first: 2, after: pageInfo.endCursor })
  expect(next.nodes.map(({ kind }) => kind)).toEqual(['DRAW', 'REVERSE'])
  expect((await florin.customer(customerId))?.wallets.map(({ name }) => name)).toContain('Gifts')
})

test('a backend sells: change by checkout, invoice, cancel and resume', async () => {
  const customerId = await signUp(stack, 'buyer')
  const subscriptionId = (await florin.billingState(customerId)).subscriptions[0]?.id ?? ''
  const change = await florin.changeRateCard({ subscriptionId, rateCard: 'starter', checkout: URLS })
  if (change.__typename !== 'CheckoutRequired') throw new Error(`no checkout: ${change.__typename}`)
  expect(await payCheckout(stack, change.token)).toMatchObject({ status: 'COMPLETED' })

  expect((await florin.invoices({ customerId })).nodes).toMatchObject([{ status: 'PAID', total: '20.00' }])
  const bought = await florin.purchaseBundle({ customerId, bundle: 'pack-100', idempotencyKey: 'pack' })
  expect(bought).toMatchObject({ __typename: 'PurchaseSuccess', grant: { kind: 'PREPAID', amount: '100' } })
  expect(await florin.cancelSubscription({ subscriptionId })).toMatchObject({ cancelAtPeriodEnd: true })
  expect(await florin.resumeSubscription(subscriptionId)).toMatchObject({ cancelAtPeriodEnd: false })
})

test('faults arrive with their code and field', async () => {
  const customerId = await signUp(stack, 'faulty')
  await grant(customerId, '1', 'used')
  const sessionTo = (successUrl: string) =>
    florin.createCheckoutSession({ customerId, rateCard: 'premium', checkout: { ...URLS, successUrl } })
  const stranger = createFlorin({ url: stack.graphqlUrl, secretKey: 'sk_stranger' })

  const faults: [call: () => Promise<unknown>, fault: object][] = [
    [() => florin.billingState('nobody'), { code: 'NOT_FOUND', field: 'customerId' }],
    [() => consume(customerId, '-1', 'bad'), { code: 'INVALID_INPUT', field: 'quantity' }],
    [() => grant(customerId, '2', 'used'), { code: 'IDEMPOTENCY_CONFLICT', field: 'idempotencyKey' }],
    [() => florin.createCustomerToken(customerId, { ttlSeconds: 1 }), { code: 'INVALID_INPUT', field: 'ttlSeconds' }],
    [() => florin.upsertCustomer({ id: customerId, name: 'x'.repeat(2 ** 20) }), { code: 'QUERY_TOO_COMPLEX' }],
    [() => florin.request('{ nothing }', {}), { code: 'INVALID_INPUT' }],
    [() => stranger.clock(), { code: 'UNAUTHENTICATED' }],
    [() => sessionTo('https://app.example.com/paid'), { code: 'INVALID_INPUT', field: 'checkout.successUrl' }],
  ]
  for (const [call, fault] of faults) expect(await failureOf(call())).toMatchObject({ ...fault, retryable: false })

  expect(await florin.setAllowedOrigins(['https://app.example.com'])).toEqual(['https://app.example.com'])
  await expect(sessionTo('https://app.example.com/paid')).resolves.toMatchObject({ token: expect.any(String) })
})

test('watchBillingState follows a customer from the first version to the last', async () => {
  const customerId = await signUp(stack, 'watched')
  const leaving = new AbortController()
  const versions: number[] = []
  const watching = (async () => {
    for await (const { version } of florin.watchBillingState(customerId, { signal: leaving.signal })) {
      versions.push(version)
    }
  })()
  await expect.poll(() => versions.length).toBe(1)
  await Promise.all(Array.from({ length: 40 }, (_, draw) => consume(customerId, '1', `${draw}`)))

  const { version, balances } = await florin.billingState(customerId)
  expect(balances).toMatchObject([{ available: '0' }])
  await expect.poll(() => versions.at(-1)).toBe(version)
  expect(versions).toEqual([...new Set(versions)].sort((one, other) => one - other))
  leaving.abort()
  await watching

  const nobody = florin.watchBillingState('nobody').next()
  expect(await failureOf(nobody)).toMatchObject({ code: 'NOT_FOUND', field: 'customerId' })
})

/** What was on screen, in order. */
interface Shown {
  readonly versions: number[]
  readonly statuses: string[]
}

function Screen({ shown }: { shown: Shown }) {
  const { state, status, balance } = useBillingState()
  const { allowed, reason, remedies } = usePaywall(METER, { quantity: 3 })
  const plans = useRateCards().rateCards?.map(({ code }) => code)
  if (state) shown.versions.push(state.version)
  if (shown.statuses.at(-1) !== status) shown.statuses.push(status)
  const paywall = `${allowed ? 'open' : 'shut'} ${reason} ${remedies.length} offers`
  const lines = [`${status} ${balance('credits')?.available}`, paywall, plans?.join(' ') ?? 'no plans']
  return lines.map((line) => createElement('p', { key: line }, line))
}

function showBilling(token: () => Promise<string>): Shown {
  const shown: Shown = { versions: [], statuses: [] }
  const url = stack.graphqlUrl
  render(createElement(BillingProvider, { url, token }, createElement(Screen, { shown })))
  return shown
}

test('the hooks show the balance, the paywall and the plans, live', async () => {
  const customerId = await signUp(stack, 'looking')
  const { versions } = showBilling(() => tokenFor(customerId))
  await screen.findByText('live 5')
  await screen.findByText('free starter premium')
  await screen.findByText('open COVERED 0 offers')

  await act(() => consume(customerId, '3', 'spent'))
  await screen.findByText('live 2')
  await screen.findByText(/^shut INSUFFICIENT_CREDITS [1-9]/)
  await act(() => consume(customerId, '3', 'refused'))
  await act(() => grant(customerId, '1', 'gift'))
  await screen.findByText('live 3')
  await screen.findByText('open COVERED 0 offers')
  expect(versions).toEqual([...versions].sort((one, other) => one - other))
})

/** The SDK takes what the token function gives; only the API insists on tokens of half a minute and more. */
const briefToken = async (customerId: string) => (await signCustomerToken(stack.project, customerId, 8)).token

test('L05 a token that expires on an open page is replaced, and nothing older is ever shown', async () => {
  const customerId = await signUp(stack, 'staying')
  const given: string[] = []
  const { versions, statuses } = showBilling(async () => {
    given.push(given.length === 0 ? await briefToken(customerId) : await tokenFor(customerId))
    return given.at(-1) as string
  })
  await screen.findByText('live 5')
  await act(() => consume(customerId, '1', 'before'))
  await screen.findByText('live 4')
  await expect.poll(() => statuses).toEqual(['loading', 'live', 'reconnecting', 'live'])

  await act(() => consume(customerId, '1', 'after'))
  await screen.findByText('live 3')
  expect(given.length).toBeGreaterThan(1)
  expect(versions).toEqual([...versions].sort((one, other) => one - other))
})

test('a customer who was signed out everywhere comes back with a new token only', async () => {
  const customerId = await signUp(stack, 'leaving')
  const given: string[] = []
  const { statuses } = showBilling(async () => {
    given.push(await tokenFor(customerId))
    return given.at(-1) as string
  })
  await screen.findByText('live 5')
  const before = given.length
  const validFrom = Date.parse(await florin.revokeCustomerTokens(customerId))
  expect(Number.isNaN(validFrom)).toBe(false)

  await expect.poll(() => statuses).toContain('reconnecting')
  await expect.poll(() => statuses.at(-1)).toBe('live')
  expect(given.length).toBeGreaterThan(before)
})

test('openCheckout shows the page of a session, and what was paid arrives by the socket', async () => {
  const customerId = await signUp(stack, 'upgrading')
  await florin.setAllowedOrigins([location.origin])
  showBilling(() => tokenFor(customerId))
  await screen.findByText('live 5')
  expect(await failureOf(openCheckout({ rateCard: 'free' }))).toMatchObject({ code: 'CONFLICT' })

  const closed = openCheckout({ rateCard: 'premium' })
  const frame = await expect.poll(frameOfOverlay).toBeTruthy().then(frameOfOverlay)
  const page = new URL(frame?.src ?? '')
  expect(page.searchParams.get('embed')).toBe('1')
  const token = page.pathname.split('/').at(-1) ?? ''
  await act(() => payCheckout(stack, token))
  await screen.findByText('live 105')

  // The hosted page says so when it has confirmed the payment; it does not run here.
  const data = { source: 'florin', type: 'completed', token }
  window.dispatchEvent(new MessageEvent('message', { data, origin: page.origin, source: frame?.contentWindow ?? null }))
  expect(await closed).toEqual({ outcome: 'completed' })
})

const frameOfOverlay = () =>
  [...document.querySelectorAll('body > div')].flatMap((host) => host.shadowRoot?.querySelector('iframe') ?? [])[0]
