import type { Brand } from '../src/modules/accounts/read-brand.ts'
import type { InvoicePage } from '../src/modules/invoices/read-invoice-page.ts'
import type { InvoiceLineView, InvoiceView } from '../src/modules/invoices/read-invoices.ts'

// Invoices as the database would tell of them, for documents that no test wants to sell its way to.

const at = (instant: string) => Date.parse(instant)
const NEXT = { periodStart: at('2026-11-26T12:00:00Z'), periodEnd: at('2026-12-26T12:00:00Z') }
export const LAST = { periodStart: at('2026-10-26T12:00:00Z'), periodEnd: at('2026-11-26T12:00:00Z') }

export function lineOf(description: string, amount: string, more: Partial<InvoiceLineView> = {}): InvoiceLineView {
  return { description, rateCode: null, quantity: '1', amount, proration: false, ...NEXT, ...more }
}

export const WORKED_LINES = [
  lineOf('Generations: overage', '7.20', { quantity: '8', ...LAST }),
  lineOf('Premium', '100.00'),
]

export const BRAND: Brand = {
  name: 'Persona Labs',
  color: '#0a6b4b',
  onColor: '#ffffff',
  colorOnLight: '#0a6b4b',
  colorOnDark: '#52d8a1',
  logo: null,
  termsUrl: null,
  privacyUrl: null,
  supportUrl: null,
  supportEmail: null,
}

/** An open invoice of 107.20, but for what is said. */
export function pageOf(
  invoice: Partial<InvoiceView> = {},
  items: readonly InvoiceLineView[] = WORKED_LINES,
  more: Partial<InvoicePage> = {},
): InvoicePage {
  const { total = '107.20' } = invoice
  return {
    invoice: {
      id: '019ac000-0000-7000-8000-000000000001',
      number: 'INV-000042',
      status: 'OPEN',
      currency: 'USD',
      total,
      tax: '0.00',
      creditUsed: '0.00',
      credited: '0.00',
      paid: '0.00',
      amountDue: total,
      amountRefunded: '0.00',
      lines: items,
      ...NEXT,
      issuedAt: at('2026-11-26T12:00:00Z'),
      seller: { name: more.merchant ?? BRAND.name, email: null, address: null, taxId: null },
      buyer: { name: 'Ada Lovelace', email: 'ada@example.com', address: null, taxId: null },
      token: 'inv_1',
      ...invoice,
    },
    merchant: 'Persona Labs',
    brand: { ...BRAND, name: more.merchant ?? BRAND.name },
    testMode: false,
    billedTo: { id: 'user_123', timezone: 'Europe/Madrid' },
    items,
    subtotal: total,
    tax: null,
    creditNotes: [],
    payable: true,
    ...more,
  }
}
