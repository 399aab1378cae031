// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { FlorinError } from '../../client/errors.ts'
import type { RateCard } from '../../client/types.ts'
import { mockBillingApi } from '../../testing/mock-billing-api.ts'
import { MockBillingProvider, type MockBillingProviderProps } from '../../testing/mock-billing-provider.tsx'
import {
  type BillingStateParts,
  mockBillingState,
  mockChangePreview,
  mockRateCard,
} from '../../testing/mock-billing-state.ts'
import { mockCheckout } from '../../testing/mock-checkout.ts'
import { TextsProvider } from '../texts/texts-provider.tsx'
import { PricingTable } from './pricing-table.tsx'

afterEach(cleanup)

const usageRates = [
  {
    code: 'characters',
    name: 'Characters',
    meter: 'characters',
    creditType: 'credits',
    creditCost: null,
    overage: 'BLOCK' as const,
    overagePrice: null,
    includedUnits: '0',
  },
]
const plan = (name: string, price: string, parts: Partial<RateCard> = {}) =>
  mockRateCard({
    code: name.toLowerCase(),
    name,
    usageRates,
    fixedRates: [
      { code: 'fee', name: 'Fee', price: { flat: { amount: price } }, defaultQuantity: 1, adjustable: false },
    ],
    ...parts,
  })
const FREE = plan('Free', '0')
const STARTER = plan('Starter', '20.00')
const PREMIUM = plan('Premium', '100.00')
const YEARLY = plan('Premium', '1000.00', { code: 'premium_yearly', interval: 'YEAR' })
const CARD = { brand: 'visa', last4: '4242', expMonth: 12, expYear: 2040 }
const END = '2026-02-01T00:00:00.000Z'

function show(state: BillingStateParts, mocked: MockBillingProviderProps = {}) {
  const checkout = mockCheckout()
  render(
    <TextsProvider locale="en-US" timeZone="UTC">
      <MockBillingProvider
        state={mockBillingState(state)}
        rateCards={[PREMIUM, FREE, STARTER]}
        checkout={checkout}
        {...mocked}
      >
        <PricingTable />
      </MockBillingProvider>
    </TextsProvider>,
  )
  return checkout
}
const on = (rateCard: RateCard, more: object = {}): BillingStateParts => ({
  paymentMethod: CARD,
  subscriptions: [{ rateCard, currentPeriodEnd: END, ...more }],
})
const click = (name: string) => fireEvent.click(screen.getByRole('button', { name }))
const success = async () => ({
  __typename: 'SubscriptionSuccess' as const,
  billingState: mockBillingState(),
  subscription: mockBillingState({ subscriptions: [{}] }).subscriptions[0]!,
})

test('shows the public cards, cheapest first, with what the customer has and what choosing would be', () => {
  show(on(STARTER))
  expect(screen.getAllByRole('heading', { level: 3 }).map(({ textContent }) => textContent)).toEqual([
    'Free',
    'Starter',
    'Premium',
  ])
  expect(screen.getAllByRole('button').map(({ textContent }) => textContent)).toEqual([
    'Change to Free',
    'Your plan',
    'Upgrade to Premium',
  ])
})

test('promises a trial to those who would get it', () => {
  const rateCards = [FREE, { ...PREMIUM, trialDays: 14 }]
  show({}, { rateCards })
  expect(screen.getByText('14 days free')).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Try Premium for free' })).toBeTruthy()
  cleanup()
  show(on(FREE), { rateCards })
  expect(screen.queryByText('14 days free')).toBeNull()
  expect(screen.getByRole('button', { name: 'Upgrade to Premium' })).toBeTruthy()
})

test('a free plan is there at once', async () => {
  const api = mockBillingApi({ subscribe: success })
  show({}, { api })
  click('Start with Free')
  expect(await screen.findByText('You’re on Free. Your credits are here.')).toBeTruthy()
  expect(api.calls).toEqual([{ method: 'subscribe', arguments: [{ rateCard: 'free' }] }])
})

test('a paid plan opens the checkout, for a subscriber without a card on file as well', async () => {
  const first = show({})
  click('Start with Premium')
  await expect.poll(() => first.calls).toEqual([{ target: { rateCard: 'premium' } }])
  cleanup()

  const second = show({ ...on(FREE), paymentMethod: null })
  click('Upgrade to Premium')
  await expect.poll(() => second.calls).toEqual([{ target: { rateCard: 'premium' } }])
})

test('a subscriber sees money, credits and when, before the change is made', async () => {
  const api = mockBillingApi({ changeRateCard: success })
  const changePreview = mockChangePreview({
    dueNow: { amount: '80.00', currency: 'USD' },
    nextRenewal: { amount: '100.00', currency: 'USD' },
    balancesBefore: [{ available: '22' }],
    balancesAfter: [{ available: '102' }],
  })
  show(on(STARTER), { api, changePreview })
  click('Upgrade to Premium')
  const dialog = screen.getByRole('dialog', { name: 'Change to Premium' })
  const rows = [...dialog.querySelectorAll('.florin-row')].map(({ textContent }) => textContent)
  expect(rows).toEqual(['Due now$80.00', 'Credits22 → 102', 'Renews on Feb 1, 2026$100.00'])
  expect(within(dialog).getByRole<HTMLInputElement>('radio', { name: 'Now' }).checked).toBe(true)

  click('Change to Premium')
  expect(await screen.findByText('You’re on Premium now.')).toBeTruthy()
  expect(screen.queryByRole('dialog')).toBeNull()
  const input = { subscriptionId: 'sub_1', rateCard: 'premium', behavior: 'RATE_DIFFERENCE' }
  expect(api.calls).toEqual([{ method: 'changeRateCard', arguments: [input] }])
})

test('a downgrade waits for the period’s end unless it is wanted now, and can be looked at without making it', async () => {
  const api = mockBillingApi({ changeRateCard: success })
  show(on(PREMIUM), { api })
  click('Change to Starter')
  click('Not now')
  expect(screen.queryByRole('dialog')).toBeNull()

  click('Change to Starter')
  const dialog = screen.getByRole('dialog')
  expect(within(dialog).getByRole<HTMLInputElement>('radio', { name: /end of the period, Feb 1/ }).checked).toBe(true)
  fireEvent.click(within(dialog).getByRole('button', { name: 'Change to Starter' }))
  expect(await screen.findByText('You change to Starter on Feb 1, 2026.')).toBeTruthy()
  expect(api.calls.map(({ arguments: [input] }) => input)).toMatchObject([{ behavior: 'AT_PERIOD_END' }])
})

test('what the bank wants to see leads to the checkout, and a decline stays in the dialog', async () => {
  const required = {
    __typename: 'CheckoutRequired' as const,
    checkoutUrl: 'https://pay.example/1',
    token: 't',
    expiresAt: END,
  }
  const checkout = mockCheckout()
  const dialogs: boolean[] = []
  const openCheckout: typeof checkout.openCheckout = (...asked) => {
    dialogs.push(document.querySelector('dialog')?.hasAttribute('open') ?? false)
    return checkout.openCheckout(...asked)
  }
  const api = mockBillingApi({ changeRateCard: async () => required })
  show(on(STARTER), { api, checkout: { ...checkout, openCheckout } })
  click('Upgrade to Premium')
  click('Change to Premium')
  await expect.poll(() => checkout.calls).toEqual([{ target: { checkoutUrl: required.checkoutUrl, token: 't' } }])
  expect(dialogs).toEqual([false])
  cleanup()

  const declined = { __typename: 'PaymentFailed' as const, code: 'card_declined', message: 'Your card was declined.' }
  show(on(STARTER), { api: mockBillingApi({ changeRateCard: async () => declined }) })
  click('Upgrade to Premium')
  click('Change to Premium')
  expect(await within(screen.getByRole('dialog')).findByText('Your card was declined.')).toBeTruthy()
  click('Use another card')
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(await screen.findByText('You’re on Premium. Your credits are here.')).toBeTruthy()
})

test('a payment that takes days says so', async () => {
  show({}, { checkout: mockCheckout('pending') })
  click('Start with Premium')
  expect(await screen.findByText('Your payment is on its way. Premium begins when it arrives.')).toBeTruthy()
})

test('a change that waits is shown, and taken back', async () => {
  const { subscription } = await success()
  const api = mockBillingApi({ resumeSubscription: async () => subscription })
  show(on(PREMIUM, { pendingRateCard: STARTER }), { api })
  expect(screen.getByText('Changes to Starter on Feb 1, 2026.')).toBeTruthy()
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Your next plan' }).disabled).toBe(true)
  click('Keep Premium')
  expect(await screen.findByText('You keep Premium.')).toBeTruthy()
  expect(api.calls).toEqual([{ method: 'resumeSubscription', arguments: ['sub_1'] }])
})

test('monthly and yearly cards take turns, and the free one stays', () => {
  show(on(FREE), { rateCards: [FREE, PREMIUM, YEARLY] })
  expect(screen.getByText('$100')).toBeTruthy()
  fireEvent.click(screen.getByRole('radio', { name: 'Yearly' }))
  expect(screen.getByText('$1,000')).toBeTruthy()
  expect(screen.queryByText('$100')).toBeNull()
  expect(screen.getByRole('button', { name: 'Your plan' })).toBeTruthy()
})

test('a refusal of the API is told', async () => {
  const subscribe = () => Promise.reject(new FlorinError('You had your trial', { code: 'CONFLICT' }))
  show({}, { api: mockBillingApi({ subscribe }) })
  click('Start with Free')
  expect((await screen.findByText('You had your trial')).getAttribute('role')).toBe('alert')
})

test.each([
  ['EXCLUSIVE', 'VAT', 'a month, plus VAT'],
  ['INCLUSIVE', 'VAT', 'a month, VAT included'],
  ['EXCLUSIVE', 'Tax', 'a month, plus tax'],
] as const)('says beside each price whether a tax comes on top: %s %s', (mode, name, words) => {
  show({}, { taxRate: { name, percent: '19', mode } })
  const priceOf = (plan: string) => within(screen.getByRole('heading', { name: plan }).closest('li') as HTMLElement)
  expect(priceOf('Starter').getByText(words)).toBeTruthy()
  expect(priceOf('Premium').getByText(words)).toBeTruthy()
  expect(priceOf('Free').queryByText(words)).toBeNull()
})
