// @vitest-environment jsdom
import { act } from '@testing-library/react'
import type { ReactNode } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, expect, test, vi } from 'vitest'
import { mockBillingState, mockRateCard } from '../testing/mock-billing-state.ts'
import { BillingProvider } from './billing-provider.tsx'
import { CreditBalance } from './components/credit-balance.tsx'
import { Paywall } from './components/paywall.tsx'
import { PaywallDialog } from './components/paywall-dialog.tsx'
import { PricingTable } from './components/pricing-table.tsx'
import { UsageChart } from './components/usage-chart.tsx'
import { useBillingState } from './use-billing-state.ts'
import { usePaywall } from './use-paywall.ts'

afterEach(() => vi.unstubAllGlobals())

const METER = 'character_generation'

function Credits() {
  const { balance, status } = useBillingState()
  const { allowed } = usePaywall(METER)
  return <p>{`${balance('credits')?.available ?? 'unknown'}, ${status}, ${allowed ? 'allowed' : 'not allowed'}`}</p>
}

const noToken = () => Promise.reject(new Error('there is nobody to ask'))

const app = (initialState: ReturnType<typeof mockBillingState> | null, children: ReactNode = <Credits />) => (
  <BillingProvider
    url="http://127.0.0.1:9/graphql"
    token={noToken}
    initialState={initialState}
    initialRateCards={[
      mockRateCard(),
      mockRateCard({ code: 'yearly', name: 'Yearly', interval: 'YEAR', trialDays: 14 }),
    ]}
  >
    {children}
  </BillingProvider>
)

/** As on a server: nothing of a browser may be touched. */
function renderedOnServer(page: ReactNode): string {
  for (const name of ['window', 'document', 'navigator', 'location']) vi.stubGlobal(name, undefined)
  const html = renderToString(page)
  vi.unstubAllGlobals()
  return html
}

const state = mockBillingState({
  balances: [{ available: '1234.5', granted: '5000', resetsAt: '2026-02-01T00:00:00Z' }],
  meters: [{ meter: METER }],
  subscriptions: [{ pendingRateCard: mockRateCard({ name: 'Next' }) }],
})

test('renders the initial state on the server, without connecting', () => {
  expect(renderedOnServer(app(state))).toBe('<p>1234.5, loading, allowed</p>')
})

test('renders without one as well', () => {
  expect(renderedOnServer(app(null))).toBe('<p>unknown, loading, not allowed</p>')
})

const components = (
  <>
    <CreditBalance />
    <CreditBalance variant="inline" />
    <Paywall meter={METER} quantity="2000" />
    <PaywallDialog meter={METER} open onClose={() => {}} />
    <PricingTable />
    <UsageChart meter={METER} />
  </>
)

test.each([state, null])('components are taken over in the browser as the server made them', async (initialState) => {
  const page = app(initialState, components)
  const html = renderedOnServer(page)
  expect(html).toContain('Yearly')
  if (initialState) expect(html).toContain('1,234.5')
  // A strict policy forbids them, and nothing in the browser could allow what stands in the page.
  expect(html).not.toMatch(/\sstyle=|<style/)

  const container = document.body.appendChild(document.createElement('div'))
  container.innerHTML = html
  document.documentElement.lang = 'de'
  const complaints: unknown[] = []
  const root = await act(async () =>
    hydrateRoot(container, page, { onRecoverableError: (error) => complaints.push(error) }),
  )
  expect(complaints).toEqual([])
  // Then the page's language is known.
  if (initialState) expect(container.textContent).toContain('1.234,5')
  await act(async () => root.unmount())
  document.documentElement.lang = ''
  container.remove()
})
