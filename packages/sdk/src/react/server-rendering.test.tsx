import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { mockBillingState } from '../testing/mock-billing-state.ts'
import { BillingProvider } from './billing-provider.tsx'
import { useBillingState } from './use-billing-state.ts'
import { usePaywall } from './use-paywall.ts'

function Credits() {
  const { balance, status } = useBillingState()
  const { allowed } = usePaywall('character_generation')
  return <p>{`${balance('credits')?.available ?? 'unknown'}, ${status}, ${allowed ? 'allowed' : 'not allowed'}`}</p>
}

const tokenIsForBrowsers = () => Promise.reject(new Error('asked for a token on the server'))

const page = (initialState: ReturnType<typeof mockBillingState> | null) =>
  renderToString(
    <BillingProvider url="http://127.0.0.1:9/graphql" token={tokenIsForBrowsers} initialState={initialState}>
      <Credits />
    </BillingProvider>,
  )

test('renders the initial state on the server, without connecting', () => {
  const state = mockBillingState({ balances: [{ available: '5' }], meters: [{ meter: 'character_generation' }] })
  expect(page(state)).toBe('<p>5, loading, allowed</p>')
})

test('renders without one as well', () => {
  expect(page(null)).toBe('<p>unknown, loading, not allowed</p>')
})
