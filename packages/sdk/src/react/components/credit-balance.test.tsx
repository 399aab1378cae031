// @vitest-environment jsdom
import { act, cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { MockBillingProvider } from '../../testing/mock-billing-provider.tsx'
import { type BillingStateParts, mockBillingState, mockRateCard } from '../../testing/mock-billing-state.ts'
import { TextsProvider } from '../texts/texts-provider.tsx'
import { CreditBalance, type CreditBalanceProps } from './credit-balance.tsx'

afterEach(cleanup)

type BalanceParts = NonNullable<BillingStateParts['balances']>[number]

const shown = (balance: BalanceParts | null, props: CreditBalanceProps = {}) => (
  <TextsProvider locale="en-US" timeZone="UTC">
    <MockBillingProvider state={balance && mockBillingState({ balances: [balance], subscriptions: [PREMIUM] })}>
      <CreditBalance {...props} />
    </MockBillingProvider>
  </TextsProvider>
)
const rate = { code: 'c', name: 'Characters', meter: 'm', creditType: 'credits', creditCost: null, includedUnits: '0' }
const overage = { overage: 'CHARGE' as const, overagePrice: { flat: { amount: '0.90' } } }
const PREMIUM = { rateCard: mockRateCard({ usageRates: [{ ...rate, ...overage }] }) }
const text = () => screen.getByRole('group', { name: 'Credits' }).textContent

test.each<[string, BalanceParts | null, string]>([
  ['one credit', { available: '1' }, 'Credits1 credit'],
  ['of what was granted', { available: '64', granted: '117' }, 'Credits64 credits of 117'],
  ['every digit', { available: '1234567890123456789.123456789' }, 'Credits1,234,567,890,123,456,789.123456789 credits'],
  ['a fifth is low', { available: '1', granted: '5' }, 'Credits1 credit of 5Running low'],
  ['more than a fifth is enough', { available: '1.000000001', granted: '5' }, 'Credits1.000000001 credits of 5'],
  ['nothing left', { available: '0', granted: '5' }, 'Credits0 credits of 5Used up'],
  ['beyond the grants', { overage: '8' }, 'Credits0 credits8 over · billed at period end at $0.90 each'],
  ['reserved', { available: '5', held: '2' }, 'Credits5 credits2 reserved'],
  ['the next allowance', { available: '5', resetsAt: '2026-02-01T00:00:00Z' }, 'Credits5 creditsresets Feb 1, 2026'],
  ['not known yet', null, 'Credits– creditsLoading the balance'],
])('says what is left: %s', (_name, balance, expected) => {
  render(shown(balance))
  expect(text()).toBe(expected)
})

test('a line for a header says the number and what is wrong', () => {
  render(shown({ available: '2', granted: '25', resetsAt: '2026-02-01T00:00:00Z' }, { variant: 'inline' }))
  expect(text()).toBe('2 creditsRunning low')
})

test('words can be replaced, and the locale decides on numbers', () => {
  const labels = { creditType: () => 'Guthaben', credits: () => 'Punkte', balance: { low: 'Fast leer' } }
  render(
    <TextsProvider locale="de-DE">
      <MockBillingProvider state={mockBillingState({ balances: [{ available: '1234.5', granted: '99999' }] })}>
        <CreditBalance labels={labels} className="mine" style={{ margin: 1 }} />
      </MockBillingProvider>
    </TextsProvider>,
  )
  const group = screen.getByRole('group', { name: 'Guthaben' })
  expect(group.textContent).toBe('Guthaben1.234,5 Punkte of 99.999Fast leer')
  expect(group.className).toContain('mine')
  expect(group.style.margin).toBe('1px')
})

test('a screen reader hears where a running balance comes to rest, and not each step', () => {
  vi.useFakeTimers()
  const { rerender } = render(shown({ available: '9' }))
  for (const available of ['8', '7', '6']) {
    rerender(shown({ available }))
    act(() => vi.advanceTimersByTime(200))
  }
  expect(screen.getByRole('status').textContent).toBe('')
  act(() => vi.advanceTimersByTime(2_000))
  expect(screen.getByRole('status').textContent).toBe('6 credits left')
  rerender(shown({ available: '9' }))
  act(() => vi.advanceTimersByTime(2_000))
  expect(screen.getByRole('status').textContent).toBe('9 credits left')
  vi.useRealTimers()
})
