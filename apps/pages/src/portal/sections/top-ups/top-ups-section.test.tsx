// @vitest-environment jsdom
import { FlorinError } from '@florin/sdk'
import { mockBillingApi, mockBillingState, mockCheckout } from '@florin/sdk/testing'
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { showSection } from '../../section-stage.tsx'
import { SLOW_MONEY } from '../../slow-money.ts'
import { TopUpsSection } from './top-ups-section.tsx'

afterEach(cleanup)

const PACK = {
  code: 'pack-50',
  name: 'Small pack',
  creditType: 'credits',
  credits: '50',
  price: { amount: '6.00', currency: 'USD' },
  expiresAfterDays: 90,
}
const CARD = {
  id: 'pm_1',
  type: 'CARD' as const,
  isDefault: true,
  brand: 'visa',
  last4: '4242',
  expMonth: 12,
  expYear: 2040,
}
const TOP_UP = {
  creditType: 'credits',
  enabled: true,
  threshold: '10',
  bundle: PACK,
  maxPerMonth: 3,
  maxSpendPerMonth: null,
  state: 'READY' as const,
  nextAttemptAt: null,
  actionUrl: null,
}

const parts = (more: object = {}) => ({
  balances: [{ available: '100' }],
  subscriptions: [{ rateCard: { bundles: [PACK] } }],
  paymentMethod: CARD as never,
  ...more,
})

const api = (given: Parameters<typeof mockBillingApi>[0] = {}) =>
  mockBillingApi({ topUpMonths: async () => [], ...given })

const type = (label: string | RegExp, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } })

test('buys a bundle as often as it says, in a checkout over the page', async () => {
  const checkout = mockCheckout()
  const { announced } = showSection(<TopUpsSection />, { state: mockBillingState(parts()), api: api(), checkout })
  const offer = screen.getByRole('listitem', { name: 'Small pack' })
  within(offer).getByText('50 credits')
  within(offer).getByText('Good for 90 days')
  fireEvent.click(within(offer).getByRole('button', { name: 'One more: Small pack' }))
  fireEvent.click(within(offer).getByRole('button', { name: /^Buy for \$12\.00/ }))
  await waitFor(() => expect(announced).toEqual(['100 credits were added to your balance.']))
  expect(checkout.calls.map(({ target }) => target)).toEqual([{ bundle: 'pack-50', quantity: 2 }])
})

test('says that credits come with the money where a bank takes days', async () => {
  const checkout = mockCheckout('pending')
  const { announced } = showSection(<TopUpsSection />, { state: mockBillingState(parts()), api: api(), checkout })
  fireEvent.click(screen.getByRole('button', { name: /^Buy for/ }))
  await waitFor(() => expect(announced).toEqual([SLOW_MONEY]))
})

test('what was cancelled adds nothing, and a refusal is said', async () => {
  const refuse = async () => {
    throw new FlorinError('the bundle is gone', { code: 'CONFLICT' })
  }
  const { announced } = showSection(<TopUpsSection />, {
    state: mockBillingState(parts()),
    api: api(),
    checkout: { calls: [], openCheckout: refuse },
  })
  fireEvent.click(screen.getByRole('button', { name: /^Buy for/ }))
  await screen.findByText('The bundle is gone.')
  expect(announced).toEqual([])
})

test('switches an automatic top-up on with the terms that were typed', async () => {
  const mock = api({ setAutoTopUp: async () => TOP_UP })
  const { announced } = showSection(<TopUpsSection />, { state: mockBillingState(parts()), api: mock })
  fireEvent.click(screen.getByRole('switch', { name: 'Off: Automatic top-up' }))
  type('When the balance falls to', '10')
  type('Most purchases a month', '3')
  fireEvent.click(screen.getByRole('button', { name: 'Switch on' }))
  await waitFor(() => expect(announced).toEqual(['Automatic top-up is on.']))
  const [call] = mock.calls.filter(({ method }) => method === 'setAutoTopUp')
  expect(call?.arguments).toEqual([
    {
      creditType: 'credits',
      enabled: true,
      bundle: 'pack-50',
      threshold: '10',
      maxPerMonth: 3,
      maxSpendPerMonth: null,
    },
  ])
})

test('says beforehand that a low balance buys at once', () => {
  showSection(<TopUpsSection />, { state: mockBillingState(parts({ balances: [{ available: '10' }] })), api: api() })
  fireEvent.click(screen.getByRole('switch'))
  expect(screen.queryByText(/bought at once/)).toBeNull()
  type('When the balance falls to', '10')
  screen.getByText('Your balance is that low already, so 50 credits or more are bought at once.')
  screen.getByRole('button', { name: 'Switch on and buy now' })
})

test('tells each field what is wrong with it, and asks nobody', async () => {
  const mock = api()
  showSection(<TopUpsSection />, { state: mockBillingState(parts()), api: mock })
  fireEvent.click(screen.getByRole('switch'))
  type('When the balance falls to', 'a few')
  type('Most to spend a month, in USD', '1')
  fireEvent.click(screen.getByRole('button', { name: 'Switch on' }))
  const threshold = screen.getByLabelText('When the balance falls to')
  expect(threshold.getAttribute('aria-invalid')).toBe('true')
  expect(describedBy(threshold)).toContain('Write a number of credits above 0, such as 10.')
  expect(describedBy(screen.getByLabelText('Most to spend a month, in USD'))).toContain('One purchase costs $6.00')
  await waitFor(() => expect(document.activeElement).toBe(threshold))
  type('When the balance falls to', '5')
  expect(threshold.getAttribute('aria-invalid')).toBeNull()
  expect(mock.calls.some(({ method }) => method === 'setAutoTopUp')).toBe(false)
})

test('what the server says of a field stands there too', async () => {
  const setAutoTopUp = async () => {
    const fault = { code: 'INVALID_INPUT', field: 'input.threshold' }
    throw new FlorinError('threshold must be at most what the bundle brings, which is 5', fault)
  }
  showSection(<TopUpsSection />, { state: mockBillingState(parts()), api: api({ setAutoTopUp }) })
  fireEvent.click(screen.getByRole('switch'))
  type('When the balance falls to', '10')
  fireEvent.click(screen.getByRole('button', { name: 'Switch on' }))
  await screen.findByText('Threshold must be at most what the bundle brings, which is 5.')
  expect(describedBy(screen.getByLabelText('When the balance falls to'))).toContain('which is 5')
})

test('shows what is on, what the month has used, and switches it off with the same terms', async () => {
  const month = {
    creditType: 'credits',
    count: 2,
    spent: { amount: '12.00', currency: 'USD' },
    resetsAt: '2026-12-01T00:00:00Z',
  }
  const mock = api({ setAutoTopUp: async () => TOP_UP, topUpMonths: async () => [month] })
  const { announced } = showSection(<TopUpsSection />, {
    state: mockBillingState(parts({ autoTopUps: [TOP_UP] })),
    api: mock,
  })
  screen.getByText('Buys 50 credits for $6.00 when your balance falls to 10 credits.')
  await screen.findByText('Used this month: 2 of 3 purchases, until Dec 1, 2026.')
  fireEvent.click(screen.getByRole('switch', { name: 'On: Automatic top-up', checked: true }))
  await waitFor(() => expect(announced).toEqual(['Automatic top-up is off.']))
  expect(mock.calls.at(-1)?.arguments).toEqual([
    expect.objectContaining({ enabled: false, threshold: '10', bundle: 'pack-50', maxPerMonth: 3 }),
  ])
})

test('who is needed finds the way', () => {
  const topUp = { ...TOP_UP, state: 'NEEDS_CUSTOMER' as const, actionUrl: 'https://florin.example/top-ups/x' }
  showSection(<TopUpsSection />, { state: mockBillingState(parts({ autoTopUps: [topUp] })), api: api() })
  expect(screen.getByRole('link', { name: 'Top up now' }).getAttribute('href')).toBe(topUp.actionUrl)
  screen.getByText('Needs you')
})

test('a spend limit is shown with what is used of it, changed and removed', async () => {
  const mock = api({ setSpendLimit: async () => {} })
  const state = mockBillingState(parts({ spendLimit: '50', overageSpend: [{ amount: '7.20', currency: 'USD' }] }))
  const { announced } = showSection(<TopUpsSection />, { state, api: mock })
  expect(screen.getByRole('meter', { name: '$7.20 of $50.00 used' }).getAttribute('value')).toBe('7.2')
  type('Most to spend a period, in USD', '1,000')
  fireEvent.click(screen.getByRole('button', { name: 'Change limit' }))
  expect(describedBy(screen.getByLabelText('Most to spend a period, in USD'))).toContain('Write an amount of USD')
  expect(mock.calls.some(({ method }) => method === 'setSpendLimit')).toBe(false)
  type('Most to spend a period, in USD', '20,5')
  fireEvent.click(screen.getByRole('button', { name: 'Change limit' }))
  await waitFor(() => expect(announced).toEqual(['Your spend limit is $20.50.']))
  fireEvent.click(screen.getByRole('button', { name: 'Remove limit' }))
  await waitFor(() => expect(announced).toHaveLength(2))
  const asked = mock.calls.filter(({ method }) => method === 'setSpendLimit').map(({ arguments: given }) => given)
  expect(asked).toEqual([['20.5'], [null]])
})

test('where nothing is sold and nothing is charged beyond the credits, it says so', () => {
  showSection(<TopUpsSection />, { state: mockBillingState({ balances: [{}] }), api: api() })
  screen.getByRole('heading', { name: 'Nothing to top up' })
  expect(screen.queryByText('Spend limit')).toBeNull()
  expect(screen.queryByText('Low balance alerts')).toBeNull()
})

test('alerts are shown in words', () => {
  const alerts = [
    { creditType: 'credits', amount: '20', percent: null, armed: true },
    { creditType: 'credits', amount: null, percent: '10', armed: false },
  ]
  showSection(<TopUpsSection />, { state: mockBillingState(parts({ alerts })), api: api() })
  within(screen.getByText('20 credits left').closest('li') as HTMLElement).getByText('Not reached')
  within(screen.getByText('10 % left').closest('li') as HTMLElement).getByText('Reached')
})

const describedBy = (control: HTMLElement) =>
  (control.getAttribute('aria-describedby') ?? '')
    .split(' ')
    .map((id) => document.getElementById(id)?.textContent)
    .join(' ')
