import { addressLines } from '@florin/core'
import { formatMoney, isZero } from '../formats.ts'
import type { Invoice, InvoicePage, InvoiceParty, Period } from './invoice-api.ts'

export type Mark = { label: string; tone: 'good' | 'due' | 'bad' | 'quiet' }

const MARKS: Record<Invoice['status'], Mark> = {
  DRAFT: { label: 'Draft', tone: 'quiet' },
  OPEN: { label: 'Open', tone: 'due' },
  PAID: { label: 'Paid', tone: 'good' },
  VOID: { label: 'Void', tone: 'quiet' },
  UNCOLLECTIBLE: { label: 'Uncollectible', tone: 'bad' },
}

/** An invoice that owes the customer is a credit. */
export function isCredit({ total }: Invoice): boolean {
  return total.startsWith('-')
}

export function titleOf(invoice: Invoice): string {
  return isCredit(invoice) ? 'Credit' : 'Invoice'
}

export function markOf(invoice: Invoice): Mark {
  if (isCredit(invoice) && invoice.status === 'PAID') return { label: 'Credited', tone: 'good' }
  return isRefunded(invoice) ? { label: 'Refunded', tone: 'quiet' } : MARKS[invoice.status]
}

/** All that was paid went back: nobody has paid it. */
function isRefunded({ status, paid, amountRefunded }: Invoice): boolean {
  return status === 'PAID' && !isZero(paid) && amountRefunded === paid
}

/** The one number, what it means, and what follows from it. */
export function headlineOf({ invoice, merchant, payable }: InvoicePage): {
  label: string
  amount: string
  sentence: string
} {
  const { status, total, amountDue } = invoice
  if (status === 'VOID')
    return { label: 'Total', amount: total, sentence: 'This invoice is void. Nothing is due on it.' }
  if (isCredit(invoice)) {
    const sentence = 'This was added to your account credit. Your next invoices use it first.'
    return { label: 'Credit', amount: total.slice(1), sentence }
  }
  if (isRefunded(invoice)) {
    return { label: 'Total', amount: total, sentence: 'The payment was refunded. Nothing is due.' }
  }
  if (status === 'PAID') return { label: 'Total', amount: total, sentence: 'Settled in full. Nothing is due.' }
  const due = { label: 'Amount due', amount: amountDue }
  if (status === 'UNCOLLECTIBLE') {
    return { ...due, sentence: 'This invoice was not paid and is no longer being collected.' }
  }
  return { ...due, sentence: payable ? 'You pay by card on the next page.' : `Please ask ${merchant} how to pay it.` }
}

/** A party as lines, each once. */
export function partyLines({ name, email, address, taxId }: InvoiceParty): string[] {
  const lines = [name, ...(address ? addressLines(address) : []), email, taxId && `Tax ID: ${taxId}`]
  return [...new Set(lines.flatMap((line) => (line ? [line] : [])))]
}

/** Who it is from; null where no more is known than the name, which stands above. */
export function sellerLines({ seller }: InvoicePage): string[] | null {
  return seller.address || seller.taxId ? partyLines({ ...seller, email: null }) : null
}

export type Sum = { label: string; amount: string; strong: boolean }

/** From the lines to what is due. */
export function sumsOf({ invoice, subtotal, tax }: InvoicePage): Sum[] {
  const { currency, status } = invoice
  const sum = (label: string, amount: string, strong = false): Sum => ({
    label,
    amount: formatMoney({ amount, currency }),
    strong,
  })
  const less = (label: string, amount: string) => (isZero(amount) ? [] : [sum(label, `-${amount}`)])
  const isVoid = status === 'VOID'
  return [
    ...(tax ? [sum('Subtotal', subtotal), sum(tax.description, tax.amount)] : []),
    sum(`Total (${currency})`, invoice.total, true),
    ...(isCredit(invoice) && !isVoid ? [sum('Added to your account credit', invoice.total.slice(1))] : []),
    // What a void invoice had used went back.
    ...(isVoid ? [] : less('Account credit used', invoice.creditUsed)),
    ...(isVoid ? [] : less('Credit notes', invoice.credited)),
    ...less('Paid', invoice.paid),
    ...(isZero(invoice.amountRefunded) ? [] : [sum('Refunded', invoice.amountRefunded)]),
    sum('Amount due', invoice.amountDue, true),
  ]
}

/** The first day and the last: a period ends before the instant that it ends at. */
export function periodOf({ periodStart, periodEnd }: Period, timeZone: string, locale?: string): string | null {
  if (!periodStart || !periodEnd) return null
  const days = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone })
  return days.formatRange(new Date(periodStart), new Date(Date.parse(periodEnd) - 1))
}

export function isSamePeriod(one: Period, other: Period): boolean {
  return one.periodStart === other.periodStart && one.periodEnd === other.periodEnd
}
