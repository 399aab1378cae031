// @vitest-environment jsdom
import type { Grant, Invoice } from '@florin/sdk'
import { mockBillingApi, mockBillingState, mockRateCard } from '@florin/sdk/testing'
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { showSection } from '../../section-stage.tsx'
import { OverviewSection } from './overview-section.tsx'

afterEach(cleanup)

const grant = (parts: Partial<Grant>): Grant =>
  ({
    id: parts.kind ?? 'g',
    kind: 'ALLOWANCE',
    amount: '105',
    remaining: '102',
    held: '0',
    frozen: '0',
    effectiveAt: '2026-01-01T00:00:00.000Z',
    expiresAt: null,
    appliesTo: [],
    ...parts,
  }) as Grant

const premium = { code: 'premium', name: 'Premium' }
const invoice = {
  currency: 'USD',
  amountDue: '107.20',
  lines: [
    { description: 'Premium: Monthly fee', quantity: '1', amount: '100.00' },
    { description: 'Premium: credits beyond', quantity: '8', amount: '7.20' },
  ],
} as Invoice

test('shows what there is, where it comes from and what is coming', () => {
  const state = mockBillingState({
    at: '2026-01-20T12:00:00.000Z',
    subscriptions: [{ rateCard: premium }],
    balances: [
      {
        available: '1234.5',
        granted: '1300',
        used: '65.5',
        held: '10',
        debt: '3',
        overage: '8',
        resetsAt: '2026-02-01T00:00:00.000Z',
        grants: [
          grant({ kind: 'PROMOTIONAL', expiresAt: '2026-01-25T00:00:00.000Z', appliesTo: ['image_edits'] }),
          grant({ kind: 'PREPAID', effectiveAt: '2026-01-22T00:00:00.000Z' }),
          grant({ kind: 'COMMITTED', frozen: '4' }),
        ],
      },
    ],
    accountCredit: { amount: '12.00', currency: 'USD' },
  })
  showSection(<OverviewSection />, { state, upcomingInvoice: invoice })
  expect(screen.getByText('1,234.5')).toBeTruthy()
  expect(screen.getByText('65.5 of 1,300 used')).toBeTruthy()
  expect(screen.getByText('New credits in 12 days, on Feb 1, 2026')).toBeTruthy()
  const words = ['10 reserved for work', '3 owed', '8 used beyond what you had. They are on your next invoice.']
  for (const sentence of words) expect(screen.getByText(sentence, { exact: false })).toBeTruthy()
  const items = screen.getAllByRole('listitem').map(({ textContent }) => textContent)
  expect(items).toContain('A gift102 of 105 leftExpires in 5 days, Jan 25, 2026only for Image edits')
  expect(items).toContain('Bought102 of 105 leftFrom Jan 22, 2026, in 2 days')
  expect(items).toContain('From your contract102 of 105 leftNever expires4 on hold')
  const upcoming = screen.getByRole('region', { name: 'Next invoice of Premium' }).textContent
  expect(upcoming).toContain('Premium, on Feb 1, 2026$107.20')
  expect(upcoming).toContain('Premium: Monthly fee$100.00Premium: credits beyond × 8$7.20')
  expect(screen.getByText('$12.00')).toBeTruthy()
})

test('leads somebody without a plan to the plans, where there are any', () => {
  const { change } = showSection(<OverviewSection />, { state: mockBillingState({}), rateCards: [mockRateCard({})] })
  expect(screen.getByRole('link', { name: 'Choose a plan' }).getAttribute('href')).toBe('/plan')
  change({ state: mockBillingState({ subscriptions: [{ rateCard: premium }] }) })
  expect(screen.queryByRole('link', { name: 'Choose a plan' })).toBeNull()
})

test('says what it was that moved the balance once it has come to rest', async () => {
  const at = (available: string) => mockBillingState({ balances: [{ available }] })
  const { announced, change } = showSection(<OverviewSection />, { state: at('5') })
  change({ state: at('4') })
  change({ state: at('3') })
  expect(screen.getByText('3')).toBeTruthy()
  await waitFor(() => expect(announced).toEqual(['Credits: 3 available']))
})

test('leads to what is due, and takes back what is to come', async () => {
  const subscriptions = [
    { id: 'sub_1', rateCard: premium, status: 'PAST_DUE' as const },
    { id: 'sub_2', rateCard: { code: 'voices', name: 'Voices' }, cancelAtPeriodEnd: true },
  ]
  const resumed: string[] = []
  const api = mockBillingApi({
    resumeSubscription: async (id) => {
      resumed.push(id)
      return {} as never
    },
  })
  const state = mockBillingState({ subscriptions, actionUrl: 'https://florin.example/invoices/inv_1' })
  const { announced } = showSection(<OverviewSection />, { state, api })
  expect(screen.getByText('Your last payment did not go through.')).toBeTruthy()
  expect(screen.getByRole('link', { name: 'Settle it now' }).getAttribute('href')).toContain('/invoices/inv_1')
  expect(screen.getByText('Voices ends on Feb 1, 2026.')).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: 'Keep Voices' }))
  await waitFor(() => expect(announced).toEqual(['You keep Voices.']))
  expect(resumed).toEqual(['sub_2'])
})

test.each([
  [{ status: 'TRIALING' as const, trialEndsAt: '2026-01-08T00:00:00.000Z' }, 'Your trial of Premium ends in 7 days'],
  [{ status: 'PAUSED' as const, resumesAt: '2026-03-01T00:00:00.000Z' }, 'Premium is paused until Mar 1, 2026.'],
  [{ pendingRateCard: { code: 'free', name: 'Free' } }, 'Premium changes to Free on Feb 1, 2026.'],
])('tells of %j', (parts, sentence) => {
  const state = mockBillingState({ subscriptions: [{ rateCard: premium, ...parts } as never] })
  showSection(<OverviewSection />, { state })
  expect(screen.getByText(sentence, { exact: false })).toBeTruthy()
})
