import { formatMoney, type Money } from '@florin/core'
import { describeInvoice, formatAmount, formatDay } from '../invoices/describe-invoice.ts'
import type { InvoicePage } from '../invoices/read-invoice-page.ts'
import type { MailContent } from './mail-content.ts'

export interface ReceiptFacts {
  readonly seller: string
  readonly timezone: string
  readonly amount: Money
  /** In the project's time. */
  readonly paidAt: number
  /** What it was paid for. */
  readonly page: InvoicePage
  readonly pageUrl: string
}

/** What was paid, for what, and where the invoice is. */
export function describeReceipt(facts: ReceiptFacts): MailContent {
  const { seller, timezone, amount, paidAt, page, pageUrl } = facts
  const paid = formatAmount(formatMoney(amount), amount.currency)
  const { number } = page.invoice
  const { rows, sums, period, from, billedTo } = describeInvoice(page)
  return {
    subject: `Your receipt from ${seller} (${number})`,
    preview: `${paid}, paid on ${formatDay(paidAt, timezone, 'long')}`,
    heading: 'Thank you for your payment',
    parts: [
      { kind: 'figure', label: 'Paid', value: paid, sentence: null },
      {
        kind: 'facts',
        facts: [
          { label: 'Invoice', value: number },
          { label: 'Paid on', value: formatDay(paidAt, timezone, 'long') },
          ...(period ? [{ label: 'Period', value: period }] : []),
          ...(from ? [{ label: 'From', value: from.join(', ') }] : []),
          { label: 'Billed to', value: billedTo.join(', ') },
        ],
      },
      {
        kind: 'rows',
        rows: [
          ...rows.map(({ description, period, quantity, amount }) => ({
            label: quantity === '1' ? description : `${description} × ${quantity}`,
            detail: period,
            amount,
            strong: false,
          })),
          ...sums.map(({ label, amount, strong }) => ({ label, detail: null, amount, strong })),
        ],
      },
      { kind: 'button', label: 'View invoice', url: pageUrl },
    ],
  }
}
