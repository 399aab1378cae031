// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { StrictMode } from 'react'
import { afterEach, expect, test } from 'vitest'
import { customerToken, startPeer } from '../../test-peer/peer.ts'
import { mockBillingState, mockRateCard } from '../testing/mock-billing-state.ts'
import { BillingProvider } from './billing-provider.tsx'
import { CreditBalance } from './components/credit-balance.tsx'
import { Paywall as Paywalled } from './components/paywall.tsx'
import { PricingTable } from './components/pricing-table.tsx'
import { UsageChart } from './components/usage-chart.tsx'
import { useBillingState } from './use-billing-state.ts'
import { usePaywall } from './use-paywall.ts'
import { useRateCards } from './use-rate-cards.ts'

afterEach(cleanup)

const stateWith = (version: number, available: string) =>
  mockBillingState({ version, balances: [{ available }], meters: [{ meter: 'character_generation' }] })

function Balance() {
  const { status, balance } = useBillingState()
  return <p>{`${status}: ${balance('credits')?.available ?? 'unknown'}`}</p>
}

function Paywall() {
  const { allowed, reason, loading } = usePaywall('character_generation', { quantity: 3 })
  return <p>{loading ? 'deciding' : `${allowed} ${reason}`}</p>
}

const Plans = () => <p>{useRateCards().rateCards?.map(({ name }) => name) ?? 'loading'}</p>

const token = async () => customerToken('user_123')

test('shows the balance live, over one socket however many components look, in Strict Mode too', async () => {
  await using peer = await startPeer()
  peer.publish(stateWith(1, '5'))
  render(
    <StrictMode>
      <BillingProvider url={peer.url} token={token}>
        <Balance />
        <Balance />
      </BillingProvider>
    </StrictMode>,
  )
  expect(screen.getAllByText('loading: unknown')).toHaveLength(2)
  expect(await screen.findAllByText('live: 5')).toHaveLength(2)

  act(() => peer.publish(stateWith(2, '4')))
  expect(await screen.findAllByText('live: 4')).toHaveLength(2)
  expect(peer.seen.sockets).toHaveLength(1)

  cleanup()
  await expect.poll(peer.openSockets).toBe(0)
})

test('L01: keeps the balance on screen while the server is away, and catches up', async () => {
  await using peer = await startPeer()
  peer.publish(stateWith(1, '5'))
  render(
    <BillingProvider url={peer.url} token={token}>
      <Balance />
    </BillingProvider>,
  )
  await screen.findByText('live: 5')

  await peer.stop()
  await screen.findByText('reconnecting: 5')
  await peer.start()
  peer.publish(stateWith(9, '1'))
  window.dispatchEvent(new Event('online'))
  await screen.findByText('live: 1')
})

test('takes the newest token function without connecting again', async () => {
  await using peer = await startPeer()
  peer.publish(stateWith(1, '5'))
  const first = customerToken('user_123', { serial: 1 })
  const second = customerToken('user_123', { serial: 2 })
  const app = (bearer: string) => (
    <BillingProvider url={peer.url} token={async () => bearer}>
      <Balance />
    </BillingProvider>
  )
  const { rerender } = render(app(first))
  await screen.findByText('live: 5')
  rerender(app(second))

  peer.refused.add(first)
  peer.closeSockets(4403)
  await expect.poll(() => peer.seen.sockets).toEqual([first, second])
})

test('a paywall asks the API where the state does not say, and again when the state moves', async () => {
  let available = '2'
  const asked: unknown[] = []
  await using peer = await startPeer({
    check: (usage: { quantity: string }) => {
      asked.push(usage)
      const allowed = Number(available) >= Number(usage.quantity)
      const reason = allowed ? 'COVERED' : 'INSUFFICIENT_CREDITS'
      return { allowed, reason, cost: usage.quantity, available, remedies: [] }
    },
  })
  peer.publish(stateWith(1, available))
  render(
    <BillingProvider url={peer.url} token={token}>
      <Paywall />
    </BillingProvider>,
  )
  expect(screen.getByText('deciding')).toBeTruthy()
  await screen.findByText('false INSUFFICIENT_CREDITS')

  available = '102'
  act(() => peer.publish(stateWith(2, available)))
  await screen.findByText('true COVERED')
  expect(asked).toEqual(Array(2).fill({ customerId: 'user_123', meter: 'character_generation', quantity: 3 }))
})

test('the catalogue is loaded once for all components', async () => {
  await using peer = await startPeer({ rateCards: () => [mockRateCard({ code: 'premium', name: 'Premium' })] })
  render(
    <BillingProvider url={peer.url} token={token}>
      <Plans />
      <Plans />
    </BillingProvider>,
  )
  expect(await screen.findAllByText('Premium')).toHaveLength(2)
  expect(peer.seen.http).toHaveLength(1)
})

test('a hook outside of a provider says what is missing', () => {
  expect(() => render(<Balance />)).toThrow('BillingProvider')
})

test('a visitor who is not signed in sees the plans, costs no connection, and is led to sign in by choosing', async () => {
  await using peer = await startPeer()
  let asked = 0
  const nobody = async () => {
    asked++
    return null
  }
  const led: string[] = []
  const pricing = (onSignIn?: (card: { code: string }) => void) => (
    <StrictMode>
      <BillingProvider
        url={peer.url}
        token={nobody}
        initialRateCards={[mockRateCard({ code: 'premium', name: 'Premium' })]}
      >
        <Balance />
        <CreditBalance />
        <Paywalled meter="character_generation" />
        <UsageChart meter="character_generation" />
        <PricingTable onSignIn={onSignIn} />
      </BillingProvider>
    </StrictMode>
  )
  const { rerender } = render(pricing(({ code }) => led.push(code)))
  await screen.findByText('signed-out: unknown')
  // The balance's, the paywall's and the chart's.
  await expect.poll(() => screen.queryAllByText('Sign in first.')).toHaveLength(3)
  fireEvent.click(screen.getByRole('button', { name: 'Start with Premium' }))
  await expect.poll(() => led).toEqual(['premium'])

  rerender(pricing())
  fireEvent.click(await screen.findByRole('button', { name: 'Start with Premium' }))
  await expect.poll(() => screen.getAllByText('Sign in first.')).toHaveLength(4)
  expect(peer.seen).toEqual({ http: [], sockets: [] })
  expect(asked).toBeLessThan(6)
})
