// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { MockBillingProvider } from '../../testing/mock-billing-provider.tsx'
import { mockBillingState, mockRateCard } from '../../testing/mock-billing-state.ts'
import { mockCheckout } from '../../testing/mock-checkout.ts'
import { Paywall } from './paywall.tsx'
import { PaywallDialog } from './paywall-dialog.tsx'

afterEach(cleanup)

const starter = mockRateCard({
  code: 'starter',
  name: 'Starter',
  fixedRates: [
    { code: 'fee', name: 'Fee', price: { flat: { amount: '20.00' } }, defaultQuantity: 1, adjustable: false },
  ],
  allowances: [
    {
      creditType: 'credits',
      amount: '25',
      perQuantityOf: null,
      rollover: 'NONE',
      rolloverCap: null,
      rolloverPeriods: null,
    },
  ],
})
const pack = {
  code: 'pack',
  name: 'Pack',
  creditType: 'credits',
  credits: '50',
  price: { amount: '40.50', currency: 'USD' },
  expiresAfterDays: null,
}
const stateOf = (available: string, reason?: 'PAYMENT_PAST_DUE' | 'BUDGET_REACHED') =>
  mockBillingState({
    subscriptions: [{}],
    balances: [{ available }],
    actionUrl: reason === 'PAYMENT_PAST_DUE' ? 'https://pay.example/1' : null,
    meters: [
      {
        meter: 'characters',
        access: {
          ...(reason && { allowed: false, reason }),
          remedies: [
            { __typename: 'RateCardRemedy', rateCard: starter },
            { __typename: 'BundleRemedy', bundle: pack },
          ],
        },
      },
    ],
  })

test('shows what is behind it while the credits reach', () => {
  const app = (available: string) => (
    <MockBillingProvider state={stateOf(available)}>
      <Paywall meter="characters" quantity={3}>
        behind
      </Paywall>
    </MockBillingProvider>
  )
  const { rerender } = render(app('3'))
  expect(screen.getByText('behind')).toBeTruthy()
  rerender(app('2'))
  expect(screen.queryByText('behind')).toBeNull()
  expect(screen.getByRole('region', { name: 'Out of credits' }).textContent).toContain(
    'This needs 3 credits and you have 2.',
  )
})

test('says what would help, what it costs and gives, and opens its checkout once', async () => {
  const checkout = mockCheckout('canceled')
  render(
    <MockBillingProvider state={stateOf('2')} checkout={checkout}>
      <Paywall meter="characters" quantity={3} />
    </MockBillingProvider>,
  )
  expect(screen.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
    'Starter$20 a month25 credits a monthUpgrade to Starter',
    'Pack$40.5050 creditsBuy Pack',
  ])
  const upgrade = screen.getByRole('button', { name: 'Upgrade to Starter' })
  fireEvent.click(upgrade)
  fireEvent.click(upgrade)
  await expect.poll(() => upgrade.getAttribute('aria-busy')).toBeNull()
  fireEvent.click(screen.getByRole('button', { name: 'Buy Pack' }))
  await expect.poll(() => checkout.calls).toEqual([{ target: { rateCard: 'starter' } }, { target: { bundle: 'pack' } }])
})

test('two cards of one name are told apart by how often they are paid', () => {
  const monthly = mockRateCard({ code: 'pro', name: 'Pro' })
  const yearly = mockRateCard({ code: 'pro-yearly', name: 'Pro', interval: 'YEAR' })
  const remedies = [monthly, yearly].map((rateCard) => ({ __typename: 'RateCardRemedy' as const, rateCard }))
  const state = mockBillingState({
    subscriptions: [{}],
    balances: [{ available: '0' }],
    meters: [{ meter: 'characters', access: { remedies } }],
  })
  render(
    <MockBillingProvider state={state}>
      <Paywall meter="characters" />
    </MockBillingProvider>,
  )
  expect(screen.getAllByRole('button').map(({ textContent }) => textContent)).toEqual([
    'Upgrade to Pro, monthly',
    'Upgrade to Pro, yearly',
  ])
})

test('a payment that is due is settled, not bought around', () => {
  render(
    <MockBillingProvider state={stateOf('9', 'PAYMENT_PAST_DUE')}>
      <Paywall meter="characters" />
    </MockBillingProvider>,
  )
  expect(screen.getByRole('link', { name: 'Settle the payment' }).getAttribute('href')).toBe('https://pay.example/1')
})

test('waits in place of both, and something else may be shown instead', () => {
  const { rerender } = render(
    <MockBillingProvider state={null}>
      <Paywall meter="characters">behind</Paywall>
    </MockBillingProvider>,
  )
  expect(screen.getByText('Checking your credits')).toBeTruthy()
  rerender(
    <MockBillingProvider state={stateOf('0')}>
      <Paywall meter="characters" fallback={({ reason, remedies }) => `${reason} ${remedies.length}`}>
        behind
      </Paywall>
    </MockBillingProvider>,
  )
  expect(screen.getByText('INSUFFICIENT_CREDITS 2')).toBeTruthy()
})

test('a checkout that cannot be opened says why', async () => {
  const openCheckout = () => Promise.reject(new Error('The bank is closed'))
  render(
    <MockBillingProvider state={stateOf('0')} checkout={{ calls: [], openCheckout }}>
      <Paywall meter="characters" />
    </MockBillingProvider>,
  )
  fireEvent.click(screen.getByRole('button', { name: 'Buy Pack' }))
  expect((await screen.findByText(/The bank is closed/)).getAttribute('role')).toBe('alert')
})

test('a dialog makes room for the checkout, tells how it ended, and goes when credits arrive', async () => {
  const [onClose, onPurchase] = [vi.fn(), vi.fn()]
  const app = (available: string, open: boolean) => (
    <MockBillingProvider state={stateOf(available)}>
      <PaywallDialog meter="characters" open={open} onClose={onClose} onPurchase={onPurchase} />
    </MockBillingProvider>
  )
  const { rerender } = render(app('0', false))
  expect(screen.queryByRole('dialog')).toBeNull()
  rerender(app('0', true))
  expect(screen.getByRole('dialog', { name: 'Out of credits' })).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: 'Buy Pack' }))
  await expect.poll(() => onPurchase.mock.calls).toEqual([[expect.objectContaining({ outcome: 'completed' })]])
  expect(onClose).toHaveBeenCalledTimes(1)

  rerender(app('5', true))
  expect(onClose).toHaveBeenCalledTimes(2)
})

test('an offer says what a tax adds to its price', () => {
  render(
    <MockBillingProvider state={stateOf('2')} taxRate={{ name: 'VAT', percent: '19', mode: 'EXCLUSIVE' }}>
      <Paywall meter="characters" quantity={3} />
    </MockBillingProvider>,
  )
  expect(screen.getByText('$20 a month').parentElement?.textContent).toBe('$20 a month, plus VAT')
  expect(screen.getByText('$40.50').parentElement?.textContent).toBe('$40.50, plus VAT')
})
