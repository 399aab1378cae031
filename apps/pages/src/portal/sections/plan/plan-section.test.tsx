// @vitest-environment jsdom
import { FlorinError, type RateCard, type TaxRate } from '@florin/sdk'
import type { BillingApi } from '@florin/sdk/react'
import { mockBillingApi, mockBillingState, mockChangePreview, mockCheckout, mockRateCard } from '@florin/sdk/testing'
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { showSection } from '../../section-stage.tsx'
import { PlanSection } from './plan-section.tsx'

afterEach(cleanup)

const card = (code: string, price: string, credits: string, more: Partial<RateCard> = {}) =>
  mockRateCard({
    code,
    name: code.replace(/^./, (first) => first.toUpperCase()),
    fixedRates: [
      { code: 'fee', name: 'Fee', price: { flat: { amount: price } }, defaultQuantity: 1, adjustable: false },
    ],
    allowances: [
      {
        creditType: 'credits',
        amount: credits,
        perQuantityOf: null,
        rollover: 'NONE',
        rolloverCap: null,
        rolloverPeriods: null,
      },
    ],
    ...more,
  })

const FREE = card('free', '0', '5')
const PREMIUM = card('premium', '100', '105')
const YEARLY = card('yearly', '1000', '1260', { interval: 'YEAR' })
const SEATS = {
  code: 'seats',
  name: 'Seats',
  price: { flat: { amount: '19.00' } },
  defaultQuantity: 1,
  adjustable: true,
}
const TEAM = card('team', '0', '100', { fixedRates: [SEATS] })

const up = mockChangePreview({
  dueNow: { amount: '100.00', currency: 'USD' },
  lines: [
    {
      description: 'Premium: Fee',
      amount: '100.00',
      quantity: '1',
      rateCode: 'fee',
      proration: false,
      periodStart: null,
      periodEnd: null,
    },
  ],
  nextRenewal: { amount: '100.00', currency: 'USD' },
  nextRenewalAt: '2026-02-01T00:00:00.000Z',
  balancesBefore: [{ available: '2' }],
  balancesAfter: [{ available: '102' }],
})

const success = { __typename: 'SubscriptionSuccess' } as never

function open(
  on: RateCard | null,
  parts: { api?: Partial<BillingApi>; state?: object; cards?: RateCard[]; subscription?: object; tax?: TaxRate } = {},
) {
  const api = mockBillingApi(parts.api)
  const checkout = mockCheckout()
  const state = mockBillingState({
    subscriptions: on ? [{ rateCard: on, ...parts.subscription }] : [],
    balances: [{ available: '2' }],
    ...parts.state,
  })
  const section = showSection(<PlanSection />, {
    state,
    api,
    checkout,
    changePreview: up,
    rateCards: parts.cards ?? [PREMIUM, FREE],
    ...(parts.tax && { taxRate: parts.tax }),
  })
  return { ...section, api, checkout }
}

const press = (name: string | RegExp) => fireEvent.click(screen.getByRole('button', { name }))

test('an upgrade says what it costs and brings, and goes on to the checkout that the API asks for', async () => {
  const required = {
    __typename: 'CheckoutRequired',
    checkoutUrl: 'https://f.example/checkout/t',
    token: 't',
    expiresAt: '',
  }
  const { api, checkout } = open(FREE, { api: { changeRateCard: async () => required as never } })
  press('Upgrade to Premium')
  const dialog = screen.getByRole('dialog', { name: 'Change to Premium' })
  expect(within(dialog).queryByRole('radio')).toBeNull()
  expect(within(dialog).getByLabelText('What it costs').textContent).toBe(
    'Premium: Fee$100.00Due now$100.00Next, on Feb 1, 2026$100.00',
  )
  expect(within(dialog).getByLabelText('Your credits').textContent).toBe('Credits right afterfrom 2→ to 102')
  press('Continue to payment')
  await screen.findByText('You’re on Premium now.')
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(api.calls.map(({ arguments: [input] }) => input)).toEqual([
    { subscriptionId: 'sub_1', rateCard: 'premium', behavior: 'RATE_DIFFERENCE' },
  ])
  expect(checkout.calls).toEqual([
    { target: { checkoutUrl: 'https://f.example/checkout/t', token: 't' }, options: undefined },
  ])
})

test('a card that is declined can be replaced by another', async () => {
  const message = 'There was not enough money for the payment. Please use another card, or try again later.'
  const failed = { __typename: 'PaymentFailed', code: 'insufficient_funds', message }
  const { checkout } = open(FREE, {
    api: { changeRateCard: async () => failed as never },
    state: {
      paymentMethod: {
        id: 'pm_1',
        type: 'CARD' as const,
        isDefault: true,
        brand: 'visa',
        last4: '4242',
        expMonth: 1,
        expYear: 2040,
      },
    },
  })
  press('Upgrade to Premium')
  expect(screen.getByText('Paid with Visa •••• 4242')).toBeTruthy()
  press('Pay $100.00 and change')
  expect((await screen.findByRole('alert')).textContent).toContain('The payment did not go through.')
  press('Pay with another card')
  await screen.findByText('You’re on Premium now.')
  expect(checkout.calls[0]?.target).toEqual({ rateCard: 'premium' })
})

test('a downgrade waits for the end of the period, unless it is wanted now', async () => {
  const { api, announced } = open(PREMIUM, { api: { changeRateCard: async () => success } })
  press('Downgrade to Free')
  expect(screen.getByRole('radio', { name: /^On Feb 1, 2026/ })).toHaveProperty('checked', true)
  fireEvent.click(screen.getByRole('radio', { name: /^Now/ }))
  fireEvent.click(screen.getByRole('radio', { name: /^On Feb 1, 2026/ }))
  press('Change on Feb 1, 2026')
  await waitFor(() => expect(announced).toEqual(['You move to Free on Feb 1, 2026.']))
  expect(api.calls.map(({ arguments: [input] }) => input)).toMatchObject([{ behavior: 'AT_PERIOD_END' }])
})

test('seats are stepped, and a problem with them stands beside them', async () => {
  const refuse = async () => {
    throw new FlorinError('a quantity of "seats" is a whole number from 1 to 50', {
      code: 'INVALID_INPUT',
      field: 'quantities.0.quantity',
    })
  }
  const { api } = open(TEAM, {
    api: { changeRateCard: refuse },
    subscription: { quantities: [{ code: 'seats', quantity: 8 }] },
  })
  press('Change seats')
  expect(screen.getByText('Choose another number to see what it costs.')).toBeTruthy()
  press('One more: Seats')
  press('One more: Seats')
  press('One fewer: Seats')
  await waitFor(() => expect(screen.getByLabelText('What it costs')).toBeTruthy())
  press('Continue to payment')
  const problem = await screen.findByRole('alert')
  expect(problem.textContent).toBe('A quantity of "seats" is a whole number from 1 to 50.')
  expect(screen.getByRole('spinbutton', { name: 'Seats' }).getAttribute('aria-describedby')).toBe(problem.id)
  expect(api.calls[0]?.arguments[0]).toMatchObject({ rateCard: 'team', quantities: [{ code: 'seats', quantity: 9 }] })
})

test('a first plan is chosen from all, by interval', async () => {
  const { api } = open(null, { api: { subscribe: async () => success }, cards: [FREE, PREMIUM, YEARLY] })
  expect(screen.getByRole('heading', { name: 'Choose a plan' })).toBeTruthy()
  expect(screen.queryByText('Yearly', { selector: 'h3' })).toBeNull()
  fireEvent.click(screen.getByRole('radio', { name: 'Yearly' }))
  expect(screen.getByText('$1,000 a year')).toBeTruthy()
  press('Choose Yearly')
  press('Continue to payment')
  await screen.findByText('You’re on Yearly now.')
  expect(api.calls[0]?.arguments).toEqual([{ rateCard: 'yearly' }])
})

test('cancelling says what ends and what stays, and asks why', async () => {
  const grants = [
    { kind: 'PREPAID', remaining: '40' },
    { kind: 'ALLOWANCE', remaining: '102' },
  ]
  const { api, announced } = open(PREMIUM, {
    api: { cancelSubscription: async () => ({}) as never },
    state: { balances: [{ available: '142', overage: '0', grants }] },
  })
  press('Cancel Premium')
  const dialog = screen.getByRole('dialog', { name: 'Cancel Premium?' })
  expect(within(dialog).getByText('Your plan’s credits can be used until Feb 1, 2026.')).toBeTruthy()
  expect(within(dialog).getByText('The 40 credits that you bought or were given stay yours.')).toBeTruthy()
  fireEvent.click(within(dialog).getByRole('radio', { name: 'Something I need is missing' }))
  fireEvent.change(within(dialog).getByLabelText('What could Persona do better?'), {
    target: { value: 'Longer stories' },
  })
  press('Cancel on Feb 1, 2026')
  await waitFor(() => expect(announced).toEqual(['Premium ends on Feb 1, 2026. You can take this back until then.']))
  expect(api.calls[0]?.arguments[0]).toEqual({
    subscriptionId: 'sub_1',
    at: 'PERIOD_END',
    reason: 'MISSING_FEATURES',
    comment: 'Longer stories',
  })
})

test.each([
  ['EXCLUSIVE', 'VAT', 'plus VAT'],
  ['INCLUSIVE', 'Tax', 'tax included'],
] as const)('prices say what of a tax applies to them: %s %s', (mode, name, words) => {
  open(PREMIUM, { tax: { name, percent: '19', mode } })
  const prices = screen.getAllByText(/^\$\d+ a month,?$/).map(({ textContent }) => textContent)
  expect(prices).toEqual([`$100 a month, ${words}`, '$0 a month', `$100 a month, ${words}`])
})
