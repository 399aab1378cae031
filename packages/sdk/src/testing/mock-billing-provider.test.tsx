// @vitest-environment jsdom
import { cleanup, fireEvent, render, renderHook, screen } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, expect, test } from 'vitest'
import {
  openCheckout,
  Paywall,
  PricingTable,
  useBillingState,
  usePaywall,
  useRateCardPreview,
  useRateCards,
} from '../react/index.ts'
import { MockBillingProvider } from './mock-billing-provider.tsx'
import { mockBillingState, mockChangePreview, mockRateCard } from './mock-billing-state.ts'
import { mockCheckout } from './mock-checkout.ts'

afterEach(cleanup)

const METER = 'character_generation'
const withCredits = (available: string) =>
  mockBillingState({ balances: [{ available }], meters: [{ meter: METER }], features: [{ feature: 'export' }] })

const Credits = () => <p>{useBillingState().balance('credits')?.available}</p>

test('gives hooks the state, and a new one when it is rendered again', () => {
  const app = (available: string) => (
    <MockBillingProvider state={withCredits(available)}>
      <Credits />
    </MockBillingProvider>
  )
  const { rerender } = render(app('5'))
  rerender(app('4'))
  expect(screen.getByText('4')).toBeTruthy()
})

test.each([
  [1, true, 'COVERED', '1'],
  [2, true, 'COVERED', '2'],
  [3, false, 'INSUFFICIENT_CREDITS', '3'],
])('decides a paywall for %d of 2 credits: %s', (quantity, allowed, reason, cost) => {
  const state = withCredits('2')
  const wrapper = ({ children }: { children: ReactNode }) => (
    <MockBillingProvider state={state}>{children}</MockBillingProvider>
  )
  const { result } = renderHook(() => usePaywall(METER, { quantity }), { wrapper })
  expect(result.current).toMatchObject({ allowed, reason, cost, available: '2', loading: false })
})

test('finds meters, features and cards by name', () => {
  const cards = [mockRateCard({ code: 'premium' })]
  const state = withCredits('2')
  const wrapper = ({ children }: { children: ReactNode }) => (
    <MockBillingProvider state={state} rateCards={cards}>
      {children}
    </MockBillingProvider>
  )
  const { result } = renderHook(() => ({ ...useBillingState(), ...useRateCards() }), { wrapper })
  expect(result.current.meter(METER)?.quantity).toBe('0')
  expect(result.current.meter('another')).toBeUndefined()
  expect(result.current.feature('export')?.enabled).toBe(true)
  expect(result.current.rateCards).toEqual(cards)
})

test('previews changes of card as told', () => {
  const changePreview = mockChangePreview({ dueNow: { amount: '80.00', currency: 'USD' } })
  const wrapper = ({ children }: { children: ReactNode }) => (
    <MockBillingProvider changePreview={changePreview}>{children}</MockBillingProvider>
  )
  const change = { subscriptionId: 'sub_1', rateCard: 'premium' }
  const { result } = renderHook(() => [useRateCardPreview(change), useRateCardPreview(null)], { wrapper })
  expect(result.current).toEqual([
    { preview: changePreview, loading: false, error: null, reload: expect.any(Function) },
    { preview: null, loading: false, error: null, reload: expect.any(Function) },
  ])
})

test('records checkouts, also those of the plain function, and ends them as told', async () => {
  const checkout = mockCheckout('canceled')
  render(<MockBillingProvider checkout={checkout} />)

  expect(await openCheckout({ rateCard: 'premium' }, { mode: 'redirect' })).toEqual({ outcome: 'canceled' })
  expect(checkout.calls).toEqual([{ target: { rateCard: 'premium' }, options: { mode: 'redirect' } }])

  cleanup()
  await expect(openCheckout({ rateCard: 'premium' })).rejects.toMatchObject({ code: 'NO_PROVIDER' })
})

test('signed-out is a visitor: plans, no customer, and the way to sign in', async () => {
  const led: string[] = []
  render(
    <MockBillingProvider status="signed-out" rateCards={[mockRateCard({ code: 'premium', name: 'Premium' })]}>
      <Credits />
      <Paywall meter={METER}>behind it</Paywall>
      <PricingTable onSignIn={({ code }) => led.push(code)} />
    </MockBillingProvider>,
  )
  expect(screen.getByText('Sign in first.')).toBeTruthy()
  expect(screen.queryByText('behind it')).toBeNull()
  fireEvent.click(screen.getByRole('button', { name: 'Start with Premium' }))
  await expect.poll(() => led).toEqual(['premium'])
})
