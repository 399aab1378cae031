// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import axe from 'axe-core'
import type { ReactNode } from 'react'
import { afterEach, expect, test } from 'vitest'
import { MockBillingProvider, type MockBillingProviderProps } from '../../testing/mock-billing-provider.tsx'
import { mockBillingState, mockRateCard } from '../../testing/mock-billing-state.ts'
import { CreditBalance } from './credit-balance.tsx'
import { Paywall } from './paywall.tsx'
import { PricingTable } from './pricing-table.tsx'
import { UsageChart } from './usage-chart.tsx'

afterEach(cleanup)

const METER = 'characters'
const plan = (code: string, amount: string, more: Parameters<typeof mockRateCard>[0] = {}) =>
  mockRateCard({
    code,
    name: code,
    description: 'What it is for',
    fixedRates: [{ code: 'fee', name: 'Fee', price: { flat: { amount } }, defaultQuantity: 1, adjustable: false }],
    features: [{ feature: 'export', enabled: true, value: null }],
    ...more,
  })
const bundle = {
  code: 'pack',
  name: 'Pack',
  creditType: 'credits',
  credits: '50',
  price: { amount: '40.00', currency: 'USD' },
  expiresAfterDays: 30,
}
const [starter, yearly] = [
  plan('starter', '20.00', { bundles: [bundle] }),
  plan('yearly', '200.00', { interval: 'YEAR' }),
]
const rateCards = [plan('free', '0'), starter, yearly]
const usage = [3, 0, 5].map((quantity, index) => ({
  start: new Date(Date.UTC(2025, 11, 30 + index)).toISOString(),
  end: new Date(Date.UTC(2025, 11, 31 + index)).toISOString(),
  quantity: String(quantity),
  credits: String(quantity),
  group: null,
}))
const onStarter = mockBillingState({
  subscriptions: [{ rateCard: starter, pendingRateCard: yearly }],
  paymentMethod: { brand: 'visa', last4: '4242', expMonth: 12, expYear: 2040 },
  balances: [{ available: '1', granted: '25', overage: '3', resetsAt: '2026-02-01T00:00:00Z' }],
  meters: [{ meter: METER, access: { remedies: [{ __typename: 'RateCardRemedy', rateCard: yearly }] } }],
})

const SCENES: [string, ReactNode, MockBillingProviderProps, string?][] = [
  ['a balance', <CreditBalance key="x" />, {}],
  ['a balance in a line', <CreditBalance key="x" variant="inline" />, {}],
  ['a balance that is not known', <CreditBalance key="x" />, { state: null }],
  ['a balance without a connection', <CreditBalance key="x" />, { status: 'reconnecting' }],
  ['a paywall', <Paywall key="x" meter={METER} quantity={3} />, {}],
  ['a paywall that waits', <Paywall key="x" meter={METER} />, { state: null }],
  ['plans', <PricingTable key="x" />, {}],
  ['no plans', <PricingTable key="x" />, { rateCards: [] }],
  ['a change of plan', <PricingTable key="x" />, {}, 'Change to free'],
  ['usage', <UsageChart key="x" meter={METER} />, {}],
  ['no usage', <UsageChart key="x" meter={METER} />, { usage: [] }],
  ['usage that waits', <UsageChart key="x" meter={METER} />, { state: null }],
]

test.each(SCENES)('nobody is shut out: %s', async (_name, component, mocked, button) => {
  render(
    <main>
      <h1>Page</h1>
      <h2>Section</h2>
      <MockBillingProvider state={onStarter} rateCards={rateCards} usage={usage} {...mocked}>
        {component}
      </MockBillingProvider>
    </main>,
  )
  if (button) fireEvent.click(screen.getByRole('button', { name: button }))
  const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false } } })
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`)).toEqual([])
})
