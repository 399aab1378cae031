import './browser-globals.ts'
import { createFlorin, type Florin } from '@florin/sdk'
import {
  type BillingApi,
  BillingProvider,
  CreditBalance,
  PricingTable,
  UsageChart,
  useBillingApi,
  useInvoices,
  useLedger,
} from '@florin/sdk/react'
import { mockBillingApi } from '@florin/sdk/testing'
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import type { GraphQLObjectType } from 'graphql'
import { createElement } from 'react'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { accessOf } from '../src/graphql/auth.ts'
import { buildSchema } from '../src/graphql/schema.ts'
import { payCheckout } from './pay-checkout.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

// What a customer token may do, done by the SDK in a browser against the real server.

const METER = 'character_generation'

let stack: Stack
let florin: Florin

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  florin = createFlorin({ url: stack.graphqlUrl, secretKey: stack.secretKey })
  await florin.setAllowedOrigins([location.origin])
})
afterEach(cleanup)
afterAll(() => stack.close())

function Probe({ given }: { given: { api?: BillingApi } }) {
  given.api = useBillingApi()
  return null
}

/** The components below a provider of this customer, and the API that they have. */
function show(customerId: string, ...children: Parameters<typeof createElement>[2][]): BillingApi {
  const given: { api?: BillingApi } = {}
  const token = async () => (await florin.createCustomerToken(customerId)).token
  render(createElement(BillingProvider, { url: stack.graphqlUrl, token }, createElement(Probe, { given }), ...children))
  if (!given.api) throw new Error('nothing was rendered')
  return given.api
}

test('there is a method for each operation that a customer token may call', () => {
  const schema = buildSchema()
  const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((root) =>
    Object.values((root as GraphQLObjectType).getFields()),
  )
  const allowed = fields.flatMap((field) => (accessOf(field) === 'customer' ? [field.name] : []))
  expect(Object.keys(mockBillingApi().api).sort()).toEqual(allowed.sort())
})

test('a browser reads all that is its customer’s', async () => {
  const customerId = await signUp(stack, 'reading')
  await florin.consume({ customerId, meter: METER, quantity: '2', idempotencyKey: 'spent' })
  const api = show(customerId)
  const { subscriptions, at } = await api.billingState()
  const [subscription] = subscriptions
  const [from, to] = [
    new Date(Date.parse(at) - 3_600_000).toISOString(),
    new Date(Date.parse(at) + 1_000).toISOString(),
  ]

  expect(await api.check({ meter: METER, quantity: 4 })).toMatchObject({ allowed: false, available: '3' })
  expect((await api.rateCards()).map(({ code }) => code)).toEqual(['free', 'starter', 'premium'])
  expect(await api.rateCard('prepaid')).toBeNull()
  const change = { subscriptionId: subscription?.id ?? '', rateCard: 'premium' }
  expect(await api.previewRateCardChange(change)).toMatchObject({ dueNow: { amount: '100.00' } })
  expect(await api.upcomingInvoice(subscription?.id ?? '')).toBeNull()
  const buckets = await api.usage({ meter: METER, from, to, granularity: 'DAY' })
  expect(buckets.reduce((sum, { quantity }) => sum + Number(quantity), 0)).toBe(2)
  expect((await api.ledger({ first: 1 })).nodes).toMatchObject([{ kind: 'DRAW', amount: '-2' }])
  expect((await api.grants()).nodes).toMatchObject([{ kind: 'ALLOWANCE', remaining: '3' }])
  for (const list of [api.invoices, api.payments, api.commitments]) expect((await list()).nodes).toEqual([])
  expect(await api.balanceAt({ creditType: 'credits', at })).toBe('3')
  expect(await api.explainBalance({ creditType: 'credits' })).toMatchObject({ available: '3' })
  expect(await api.topUpMonths()).toEqual(expect.any(Array))
  expect(await api.brand()).toMatchObject({ onColor: expect.stringMatching(/^#/) })
  expect(Date.parse(await api.clock())).toBeGreaterThan(0)
})

test('a browser changes what is its customer’s, and a double click happens once', async () => {
  await florin.upsertCustomer({ id: 'writing' })
  const api = show('writing')
  const [first, second] = await Promise.all([api.subscribe({ rateCard: 'free' }), api.subscribe({ rateCard: 'free' })])
  expect(second).toEqual(first)
  if (first.__typename !== 'SubscriptionSuccess') throw new Error(`not subscribed: ${first.__typename}`)
  const { id } = first.subscription

  const required = await api.changeRateCard({ subscriptionId: id, rateCard: 'starter' })
  if (required.__typename !== 'CheckoutRequired') throw new Error(`no checkout: ${required.__typename}`)
  await payCheckout(stack, required.token)
  const packs = await Promise.all([
    api.purchaseBundle({ bundle: 'pack-100' }),
    api.purchaseBundle({ bundle: 'pack-100' }),
  ])
  expect(packs).toMatchObject(Array(2).fill({ __typename: 'PurchaseSuccess', grant: { amount: '100' } }))
  expect((await api.payments()).nodes).toHaveLength(2)

  const again = await api.purchaseBundle({ bundle: 'pack-100' })
  expect(again.__typename).toBe('PurchaseSuccess')
  expect((await api.payments()).nodes).toHaveLength(3)

  const topUp = { creditType: 'credits', enabled: true, threshold: '5', bundle: 'pack-100' }
  expect(await api.setAutoTopUp(topUp)).toMatchObject({ enabled: true, state: 'READY' })
  await api.setSpendLimit('20.00')
  expect(await api.billingState()).toMatchObject({ spendLimit: '20' })
  expect(await api.cancelSubscription({ subscriptionId: id })).toMatchObject({ cancelAtPeriodEnd: true })
  expect(await api.resumeSubscription(id)).toMatchObject({ cancelAtPeriodEnd: false })
  const [method] = await api.paymentMethods()
  expect(method).toMatchObject({ type: 'CARD', isDefault: true })
  expect(await api.setDefaultPaymentMethod(method?.id ?? '')).toEqual([method])
  expect(await api.addPaymentMethod()).toMatchObject({ url: expect.stringMatching(/^http/) })
  expect(await api.createCheckoutSession({ bundle: 'pack-100' })).toMatchObject({ url: expect.stringMatching(/^http/) })
  expect(await api.createPortalSession()).toMatchObject({ url: expect.stringContaining('/portal/') })
})

test('a refusal arrives as a FlorinError', async () => {
  const customerId = await signUp(stack, 'refused')
  const other = await signUp(stack, 'other')
  const api = show(customerId)
  const { subscriptions } = await florin.billingState(other)
  const stolen = api.cancelSubscription({ subscriptionId: subscriptions[0]?.id ?? '' })
  await expect(stolen).rejects.toMatchObject({ name: 'FlorinError', code: 'NOT_FOUND' })
  await expect(api.usage({ meter: 'unheard', from: 'x', to: 'y', granularity: 'DAY' })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  })
})

function Lists() {
  const { value: entries } = useLedger({ first: 1 })
  const invoices = useInvoices()
  return createElement('p', null, `${entries?.[0]?.amount} ${invoices.value?.map(({ total }) => total).join()}`)
}

test('components and lists follow what happens', async () => {
  const customerId = await signUp(stack, 'following')
  show(customerId, createElement(CreditBalance), createElement(UsageChart, { meter: METER }), createElement(Lists))
  const balance = screen.getByRole('group', { name: 'Credits' })
  await within(balance).findByText('5')
  await screen.findByText('Nothing used yet.')
  await screen.findByText('5', { selector: 'p', exact: false })

  await act(() => florin.consume({ customerId, meter: METER, quantity: '4', idempotencyKey: 'spent' }))
  await within(balance).findByText('1')
  await within(balance).findByText('Running low')
  await screen.findByText('4 in all')
  await screen.findByText('-4', { exact: false })
})

test('a pricing table subscribes, shows what a change brings, and makes it', async () => {
  await florin.upsertCustomer({ id: 'choosing' })
  const api = show('choosing', createElement(PricingTable))
  fireEvent.click(await screen.findByRole('button', { name: 'Start with Free' }))
  await screen.findByText('You’re on Free. Your credits are here.')
  await screen.findByRole('button', { name: 'Your plan' })
  const { token } = await api.createCheckoutSession({ rateCard: 'starter' })
  await act(() => payCheckout(stack, token))

  fireEvent.click(await screen.findByRole('button', { name: 'Upgrade to Premium' }))
  const dialog = await screen.findByRole('dialog', { name: 'Change to Premium' })
  await within(dialog).findByText('$80.00')
  await within(dialog).findByText('25 → 105')
  fireEvent.click(within(dialog).getByRole('button', { name: 'Change to Premium' }))
  await screen.findByText('You’re on Premium now.')
  expect(await api.billingState()).toMatchObject({ balances: [{ available: '105' }] })

  fireEvent.click(await screen.findByRole('button', { name: 'Change to Starter' }))
  const downgrade = await screen.findByRole('dialog', { name: 'Change to Starter' })
  await within(downgrade).findByText(/^Renews on/)
  fireEvent.click(within(downgrade).getByRole('button', { name: 'Change to Starter' }))
  await screen.findByText(/^You change to Starter on/)
  fireEvent.click(await screen.findByRole('button', { name: 'Keep Premium' }))
  await screen.findByText('You keep Premium.')
  expect((await api.billingState()).subscriptions).toMatchObject([{ pendingRateCard: null }])
})
