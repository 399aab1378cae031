// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { GraphQLError } from 'graphql'
import { MemoryRouter, Route, Routes } from 'react-router'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { plainBrand } from '../brand/brand.samples.ts'
import { startPeer } from '../graphql-peer.ts'
import type { InvoicePage as Page } from './invoice-api.ts'
import { InvoicePage } from './invoice-page.tsx'

const networkFetch = globalThis.fetch
let stop = () => {}
let left: string[] = []

beforeEach(() => {
  left = []
})
afterEach(() => {
  cleanup()
  stop()
  vi.unstubAllGlobals()
})

const next = { periodStart: '2026-11-26T12:00:00Z', periodEnd: '2026-12-26T12:00:00Z' }
const last = { periodStart: '2026-10-26T12:00:00Z', periodEnd: '2026-11-26T12:00:00Z' }

const due: Page = {
  merchant: 'Persona',
  brand: plainBrand,
  testMode: true,
  seller: { name: 'Persona', email: null, address: null, taxId: null },
  buyer: { name: 'Ada Lovelace', email: 'ada@example.com', address: null, taxId: null },
  timezone: 'Europe/Madrid',
  items: [
    { description: 'Generations: overage', quantity: '8', amount: '7.20', ...last },
    { description: 'Premium', quantity: '1', amount: '100.00', ...next },
  ],
  subtotal: '107.20',
  tax: null,
  payable: true,
  invoice: {
    number: 'INV-000042',
    status: 'OPEN',
    currency: 'USD',
    total: '107.20',
    creditUsed: '0.00',
    credited: '0.00',
    paid: '0.00',
    amountDue: '107.20',
    amountRefunded: '0.00',
    issuedAt: '2026-11-26T12:00:00Z',
    creditNotes: [],
    ...next,
  },
}

const paid: Page = {
  ...due,
  payable: false,
  invoice: { ...due.invoice, status: 'PAID', paid: '107.20', amountDue: '0.00' },
}

test('an open invoice says who owes what for what, and how to have it on paper', async () => {
  await open({ invoice: () => due })
  await screen.findByRole('heading', { name: 'Invoice INV-000042' })
  await expect.poll(() => document.title).toBe('Invoice INV-000042 – Persona')
  expect(screen.getByText('Open')).toBeTruthy()
  for (const fact of ['Ada Lovelace', 'ada@example.com', 'Nov 26, 2026']) {
    expect(screen.getByText(fact)).toBeTruthy()
  }
  const rows = within(screen.getByRole('table', { name: 'What it is for' })).getAllByRole('row')
  expect(rows.map(({ textContent }) => textContent)).toEqual([
    'DescriptionQuantityAmount',
    expect.stringMatching(/^Generations: overageOct 26\s–\sNov 26, 20268\$7.20$/),
    'Premium1$100.00',
  ])
  const pdf = screen.getByRole('link', { name: 'Download PDF' })
  expect(pdf.getAttribute('href')).toBe('/invoices/inv_1.pdf')
})

test('it names seller and buyer with address and tax id', async () => {
  const address = { line1: 'Torstr. 1', line2: null, city: 'Berlin', postalCode: '10119', state: null, country: 'DE' }
  const seller = { name: 'Persona Labs GmbH', email: 'help@persona.example', address, taxId: 'DE136695976' }
  const buyer = { ...due.buyer, address: { ...address, line1: 'Gran Vía 1', country: 'ES' }, taxId: 'ESB58378431' }
  await open({ invoice: () => ({ ...due, seller, buyer }) })
  await screen.findByRole('heading', { name: 'Invoice INV-000042' })
  const linesOf = (label: string) =>
    [...(screen.getByText(label).parentElement?.querySelectorAll('dd') ?? [])].map(({ textContent }) => textContent)
  expect(linesOf('From')).toEqual(['Persona Labs GmbH', 'Torstr. 1', '10119 Berlin', 'Germany', 'Tax ID: DE136695976'])
  expect(linesOf('Billed to')).toEqual([
    'Ada Lovelace',
    'Gran Vía 1',
    '10119 Berlin',
    'Spain',
    'ada@example.com',
    'Tax ID: ESB58378431',
  ])
})

test('two clicks open one checkout', async () => {
  let asked = 0
  await open({
    invoice: () => due,
    payInvoice: () => {
      asked += 1
      return { token: 'cs_1', url: 'http://florin.example/checkout/cs_1', expiresAt: next.periodStart }
    },
  })
  const button = await screen.findByRole('button', { name: 'Pay $107.20' })
  fireEvent.click(button)
  fireEvent.click(button)
  await expect.poll(() => left).toEqual(['http://florin.example/checkout/cs_1'])
  expect(asked).toBe(1)
  expect(button.getAttribute('aria-busy')).toBe('true')
})

test('an invoice that was paid in the meantime says so and shows how it stands', async () => {
  const answers = [due, paid]
  await open({
    invoice: () => answers.shift() ?? paid,
    payInvoice: () => {
      throw new GraphQLError('it is paid', { extensions: { code: 'CONFLICT' } })
    },
  })
  fireEvent.click(await screen.findByRole('button', { name: 'Pay $107.20' }))
  expect((await screen.findByRole('alert')).textContent).toContain('This invoice has changed in the meantime')
  expect(screen.getByText('Settled in full. Nothing is due.')).toBeTruthy()
  expect(screen.queryByRole('button')).toBeNull()
})

test('a payment that does not start can be tried again', async () => {
  await open({
    invoice: () => due,
    payInvoice: () => {
      throw new Error('the provider is down')
    },
  })
  fireEvent.click(await screen.findByRole('button', { name: 'Pay $107.20' }))
  expect((await screen.findByRole('alert')).textContent).toContain('Nothing was charged')
  expect(screen.getByRole('button', { name: 'Pay $107.20' })).toHaveProperty('disabled', false)
})

test('tax, account credit and credit notes add up to what is due', async () => {
  const note = { number: 'CN-000007', amount: '5.00', reason: 'An hour without service', issuedAt: next.periodStart }
  const settled = { creditUsed: '10.00', credited: '5.00', creditNotes: [note] }
  const invoice = { ...due.invoice, total: '129.71', amountDue: '114.71', ...settled }
  await open({ invoice: () => ({ ...due, invoice, tax: { ...tax, amount: '22.51' } }) })
  await screen.findByRole('button', { name: 'Pay $114.71' })
  expect(sums()).toEqual([
    'Subtotal$107.20',
    'VAT 21 %$22.51',
    'Total (USD)$129.71',
    'Account credit used−$10.00',
    'Credit notes−$5.00',
    'Amount due$114.71',
  ])
  const reason = screen.getByText('An hour without service')
  expect(reason.parentElement?.textContent).toBe('CN-000007, Nov 26, 2026$5.00An hour without service')
})

test('one that owes the customer is a credit', async () => {
  const invoice = { ...paid.invoice, total: '-37.50', paid: '0.00' }
  await open({ invoice: () => ({ ...paid, invoice }) })
  await screen.findByRole('heading', { name: 'Credit INV-000042' })
  expect(screen.getByText('Credited')).toBeTruthy()
  expect(screen.getByText('This was added to your account credit. Your next invoices use it first.')).toBeTruthy()
  expect(sums()).toEqual(['Total (USD)−$37.50', 'Added to your account credit$37.50', 'Amount due$0.00'])
})

test.each([
  ['VOID', 'Void', 'This invoice is void. Nothing is due on it.'],
  ['UNCOLLECTIBLE', 'Uncollectible', 'This invoice was not paid and is no longer being collected.'],
] as const)('an invoice that is %s is marked so and takes no payment', async (status, mark, sentence) => {
  await open({ invoice: () => ({ ...due, payable: false, invoice: { ...due.invoice, status } }) })
  await screen.findByText(sentence)
  expect(screen.getByText(mark)).toBeTruthy()
  expect(screen.queryByRole('button')).toBeNull()
})

test('a token that nobody issued is told apart from a server that is down', async () => {
  await open({ invoice: () => null })
  await screen.findByRole('heading', { name: 'We don’t know this invoice' })
  cleanup()
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('fetch failed')))
  renderPage()
  await screen.findByRole('heading', { name: 'We can’t reach the server' })
})

const tax = { description: 'VAT 21 %', rateCode: null, quantity: '1', proration: false, ...next }

const sums = () => [...(screen.getByLabelText('Total').children ?? [])].map(({ textContent }) => textContent)

type Script = { invoice: () => Page | null; payInvoice?: () => object }

/** Plays the script on a local server and opens the page in front of it. */
async function open(script: Script): Promise<void> {
  const peer = await startPeer(script)
  stop = peer.stop
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => networkFetch(new URL(path, peer.url), init))
  renderPage()
}

function renderPage(): void {
  render(
    <MemoryRouter initialEntries={['/invoices/inv_1']}>
      <Routes>
        <Route path="/invoices/:token" element={<InvoicePage leave={(url) => void left.push(url)} />} />
      </Routes>
    </MemoryRouter>,
  )
}

test('an invoice whose payment went back in full does not look paid', async () => {
  await open({ invoice: () => ({ ...paid, invoice: { ...paid.invoice, amountRefunded: '107.20' } }) })
  await screen.findByText('The payment was refunded. Nothing is due.')
  expect(screen.getAllByText('Refunded')).toHaveLength(2)
  expect(screen.queryByText('Settled in full. Nothing is due.')).toBeNull()
})
