// @vitest-environment jsdom
import type { Invoice, Payment } from '@florin/sdk'
import { mockBillingState, mockCheckout } from '@florin/sdk/testing'
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { GraphQLError } from 'graphql'
import { afterEach, expect, test, vi } from 'vitest'
import { startPeer } from '../../../graphql-peer.ts'
import { showSection } from '../../section-stage.tsx'
import { SLOW_MONEY } from '../../slow-money.ts'
import { InvoicesSection } from './invoices-section.tsx'
import { sentencesOf } from './payments-on-their-way.tsx'

const networkFetch = globalThis.fetch
let stop = () => {}
afterEach(() => {
  cleanup()
  stop()
  vi.unstubAllGlobals()
})

const PAID: Invoice = {
  id: 'inv_1',
  number: 'INV-000001',
  status: 'PAID',
  currency: 'USD',
  total: '100.00',
  tax: '0.00',
  creditUsed: '0.00',
  credited: '0.00',
  paid: '100.00',
  amountDue: '0.00',
  amountRefunded: '0.00',
  lines: [],
  creditNotes: [],
  periodStart: '2026-11-01T00:00:00Z',
  periodEnd: '2026-12-01T00:00:00Z',
  issuedAt: '2026-11-01T12:00:00Z',
  seller: { name: 'Persona', email: null, address: null, taxId: null },
  buyer: { name: 'Ada', email: null, address: null, taxId: null },
  pageUrl: 'https://florin.example/invoices/token-1',
  pdfUrl: 'https://florin.example/invoices/token-1.pdf',
}
const OPEN: Invoice = {
  ...PAID,
  id: 'inv_2',
  number: 'INV-000002',
  status: 'OPEN',
  paid: '0.00',
  amountDue: '100.00',
  pageUrl: 'https://florin.example/invoices/token-2',
}

const rowOf = (number: string) =>
  within(screen.getByRole('heading', { name: new RegExp(number) }).closest('li') as HTMLElement)

test('each invoice says how it stands, and leads to its page and its PDF', () => {
  const invoices: Invoice[] = [
    OPEN,
    PAID,
    { ...PAID, id: '3', number: 'INV-3', amountRefunded: '100.00' },
    { ...PAID, id: '4', number: 'INV-4', status: 'VOID' },
    { ...OPEN, id: '5', number: 'INV-5', status: 'UNCOLLECTIBLE' },
    { ...PAID, id: '6', number: 'INV-6', total: '-12.00', paid: '0.00' },
    {
      ...PAID,
      id: '7',
      number: 'INV-7',
      amountRefunded: '5.00',
      creditUsed: '10.00',
      creditNotes: [
        {
          id: 'cn_1',
          number: 'CN-000001',
          amount: '2.00',
          tax: '0.00',
          reason: 'An outage',
          issuedAt: '2026-11-03T00:00:00Z',
        },
      ],
    },
  ]
  showSection(<InvoicesSection />, { state: mockBillingState(), invoices })
  rowOf('INV-000002').getByText('Open')
  rowOf('INV-000002').getByRole('button', { name: 'Pay $100.00' })
  expect(rowOf('INV-000001').queryByRole('button')).toBeNull()
  rowOf('INV-000001').getByText('Paid')
  expect(
    rowOf('INV-000001')
      .getByRole('link', { name: /^Invoice INV/ })
      .getAttribute('href'),
  ).toBe(PAID.pageUrl)
  const pdf = rowOf('INV-000001').getByRole('link', { name: /^PDF/ })
  expect(pdf.getAttribute('download')).toBe('INV-000001.pdf')
  rowOf('INV-3').getByText('Refunded')
  rowOf('INV-4').getByText('Void')
  rowOf('INV-5').getByText('Uncollectible')
  rowOf('INV-6').getByText('Credited')
  rowOf('INV-6').getByText('+$12.00')
  rowOf('INV-7').getByText('$5.00 refunded')
  rowOf('INV-7').getByText('$10.00 paid by account credit')
  rowOf('INV-7').getByText('Credit note CN-000001 of Nov 3, 2026: $2.00 taken back. An outage')
})

test('the invoice that a subscription waits for is past due', () => {
  const state = mockBillingState({ actionUrl: OPEN.pageUrl, subscriptions: [{ status: 'PAST_DUE' }] })
  showSection(<InvoicesSection />, { state, invoices: [OPEN] })
  rowOf('INV-000002').getByText('Past due')
})

test('what comes next is told with its lines, and account credit beside it', () => {
  const upcoming: Invoice = {
    ...PAID,
    status: 'DRAFT',
    total: '107.20',
    amountDue: '105.20',
    creditUsed: '2.00',
    lines: [
      {
        description: 'Characters: overage',
        rateCode: null,
        quantity: '8',
        amount: '7.20',
        periodStart: null,
        periodEnd: null,
        proration: false,
      },
      {
        description: 'Monthly fee',
        rateCode: null,
        quantity: '1',
        amount: '100.00',
        periodStart: null,
        periodEnd: null,
        proration: false,
      },
    ],
  }
  const state = mockBillingState({
    subscriptions: [{ currentPeriodEnd: '2026-12-01T12:00:00Z' }],
    accountCredit: { amount: '2.00', currency: 'USD' },
  })
  showSection(<InvoicesSection />, { state, upcomingInvoice: upcoming })
  const panel = within(screen.getByRole('region', { name: 'Next invoice' }))
  panel.getByText('Dec 1, 2026')
  panel.getByText('× 8')
  panel.getByText('$7.20')
  panel.getByText('−$2.00')
  panel.getByText('$105.20')
  expect(screen.getByText('$2.00').closest('p')?.textContent).toContain('Your next invoices use it first.')
})

test('without invoices it says when the first one comes', () => {
  showSection(<InvoicesSection />, { state: mockBillingState({ subscriptions: [{}] }), upcomingInvoice: null })
  screen.getByText('There are none yet. The first one is written when something is charged.')
  screen.getByText('So far there is nothing to pay at the end of this period.')
})

test('does not say that an invoice is paid while a bank takes days', async () => {
  await answerWith({ payInvoice: () => ({ token: 'pay', url: 'https://florin.example/checkout/x' }) })
  const checkout = mockCheckout('pending')
  const { announced } = showSection(<InvoicesSection />, { state: mockBillingState(), invoices: [OPEN], checkout })
  fireEvent.click(screen.getByRole('button', { name: 'Pay $100.00' }))
  await waitFor(() => expect(announced).toEqual([SLOW_MONEY]))
})

test('pays an open invoice over the page', async () => {
  const credentials = await answerWith({
    payInvoice: ({ token }: { token: string }) => ({ token: `pay-${token}`, url: 'https://florin.example/checkout/x' }),
  })
  const checkout = mockCheckout()
  const { announced } = showSection(<InvoicesSection />, { state: mockBillingState(), invoices: [OPEN], checkout })
  fireEvent.click(screen.getByRole('button', { name: 'Pay $100.00' }))
  await waitFor(() => expect(announced).toEqual(['Invoice INV-000002 is paid.']))
  const [call] = checkout.calls
  expect(call?.target).toEqual({ checkoutUrl: 'https://florin.example/checkout/x', token: 'pay-token-2' })
  // The customer's own: the method on file may pay.
  expect(credentials).toEqual(['Bearer ct_ada'])
})

test('one that somebody else has paid meanwhile is no problem; a server that fails is', async () => {
  const faults = [new GraphQLError('paid', { extensions: { code: 'CONFLICT' } }), new GraphQLError('oh')]
  await answerWith({ payInvoice: () => faults.shift() })
  const { announced } = showSection(<InvoicesSection />, { state: mockBillingState(), invoices: [OPEN] })
  const pay = screen.getByRole('button', { name: 'Pay $100.00' })
  fireEvent.click(pay)
  await waitFor(() => expect(faults).toHaveLength(1))
  await waitFor(() => expect(pay.getAttribute('aria-busy')).toBe('false'))
  expect(screen.queryByRole('alert')?.textContent ?? '').toBe('')
  fireEvent.click(pay)
  await screen.findByText('Something went wrong on our side. Please try again.')
  expect(announced).toEqual([])
})

test('tells of money that is moving, and of nothing else', () => {
  const payment: Payment = {
    id: 'pay_1',
    status: 'SUCCEEDED',
    amount: '20.00',
    currency: 'USD',
    refunded: '0.00',
    refundable: '20.00',
    overRefunded: '0.00',
    purpose: 'Small pack',
    grant: null,
    invoiceId: 'inv_1',
    createdAt: '2026-11-01T00:00:00Z',
    refunds: [],
    disputes: [],
  }
  const refund = { id: 'r', amount: '5.00', currency: 'USD', reason: null, failure: null, createdAt: payment.createdAt }
  const dispute = { id: 'd', amount: '20.00', currency: 'USD', reason: null, createdAt: payment.createdAt }
  const told = (parts: Partial<Payment>) => sentencesOf({ ...payment, ...parts }).map(({ text }) => text)
  expect(told({})).toEqual([])
  expect(told({ status: 'FAILED' })).toEqual([])
  expect(told({ refunds: [{ ...refund, status: 'SUCCEEDED' }], disputes: [{ ...dispute, status: 'WON' }] })).toEqual([])
  expect(told({ status: 'RETURNED' })).toEqual(['$20.00 for Small pack could not be used and went back to you.'])
  expect(told({ refunds: [{ ...refund, status: 'PENDING' }] })).toEqual([
    'A refund of $5.00 for Small pack is on its way.',
  ])
  expect(told({ disputes: [{ ...dispute, status: 'OPEN' }] })).toEqual([
    '$20.00 for Small pack is disputed at your bank.',
  ])
})

/** The page's own requests go to a local server that plays its part. Answers the credentials that come with them. */
async function answerWith(script: object): Promise<(string | null)[]> {
  const peer = await startPeer(script)
  const credentials: (string | null)[] = []
  stop = peer.stop
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
    credentials.push(new Headers(init.headers).get('authorization'))
    return networkFetch(new URL(path, peer.url), init)
  })
  return credentials
}
