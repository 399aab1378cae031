import { addressLines, formatMoney } from '@florin/core'
import { oneLine } from '../../platform/escape-html.ts'
import { isWritable } from '../../platform/fonts.ts'
import type { InvoicePage } from './read-invoice-page.ts'
import type { InvoiceLineView, InvoiceView } from './read-invoices.ts'
import type { InvoiceParty } from './read-parties.ts'

/** An invoice in the words of its PDF. */
export interface InvoiceText {
  /** What it is: one that owes the customer is a credit. */
  readonly title: 'Invoice' | 'Credit'
  readonly mark: { readonly label: string; readonly tone: 'good' | 'due' | 'bad' | 'quiet' }
  /** The one number, and what it means. */
  readonly headline: { readonly label: string; readonly amount: string; readonly sentence: string }
  /** The seller; null: nothing is known but the name, which stands above. */
  readonly from: readonly string[] | null
  readonly billedTo: readonly string[]
  readonly issued: string | null
  readonly period: string | null
  readonly rows: readonly InvoiceRow[]
  readonly sums: readonly InvoiceSum[]
  readonly notes: readonly InvoiceNote[]
}

export interface InvoiceRow {
  readonly description: string
  /** Where it is not the invoice's. */
  readonly period: string | null
  readonly quantity: string
  readonly amount: string
}

export interface InvoiceSum {
  readonly label: string
  readonly amount: string
  readonly strong: boolean
}

/** A credit note, and why it was given. */
export interface InvoiceNote {
  readonly name: string
  readonly reason: string
  readonly amount: string
}

export function describeInvoice(page: InvoicePage): InvoiceText {
  const { invoice, billedTo, items } = page
  const { timezone } = billedTo
  const owes = invoice.total.startsWith('-')
  return {
    title: owes ? 'Credit' : 'Invoice',
    mark: markOf(invoice, owes),
    headline: headlineOf(page, owes),
    from: invoice.seller.address || invoice.seller.taxId ? partyLines({ ...invoice.seller, email: null }) : null,
    billedTo: partyLines(invoice.buyer),
    issued: invoice.issuedAt === null ? null : formatDay(invoice.issuedAt, timezone, 'long'),
    period: periodOf(invoice, timezone),
    rows: items.map((line) => ({
      description: line.description,
      period: isSamePeriod(line, invoice) ? null : periodOf(line, timezone),
      quantity: formatQuantity(line.quantity),
      amount: formatAmount(line.amount, invoice.currency),
    })),
    sums: sumsOf(page, owes),
    notes: page.creditNotes.map(({ number, issuedAt, reason, minor, currency }) => ({
      name: `${number}, ${formatDay(issuedAt, timezone, 'long')}`,
      reason,
      amount: formatAmount(formatMoney({ minor: BigInt(minor), currency }), currency),
    })),
  }
}

/** More than the longest line of an address has. Invoices keep names of any length from before there was a limit. */
const MOST_OF_A_LINE = 300

/** A party as lines, each once. To set a word takes longer than it is long: one of a megabyte would take minutes. */
export function partyLines({ name, email, address, taxId }: InvoiceParty): string[] {
  const lines = [name, ...(address ? addressLines(address) : []), email, taxId && `Tax ID: ${taxId}`]
  return [...new Set(lines.flatMap((line) => (line ? [oneLine(line, MOST_OF_A_LINE)] : [])))]
}

const MARKS: Readonly<Record<InvoiceView['status'], InvoiceText['mark']>> = {
  DRAFT: { label: 'DRAFT', tone: 'quiet' },
  OPEN: { label: 'OPEN', tone: 'due' },
  PAID: { label: 'PAID', tone: 'good' },
  VOID: { label: 'VOID', tone: 'quiet' },
  UNCOLLECTIBLE: { label: 'UNCOLLECTIBLE', tone: 'bad' },
}

function markOf(invoice: InvoiceView, owes: boolean): InvoiceText['mark'] {
  if (owes && invoice.status === 'PAID') return { label: 'CREDITED', tone: 'good' }
  return isRefunded(invoice) ? { label: 'REFUNDED', tone: 'quiet' } : MARKS[invoice.status]
}

/** All that was paid went back: nobody has paid it. */
function isRefunded({ status, paid, amountRefunded }: InvoiceView): boolean {
  return status === 'PAID' && /[1-9]/.test(paid) && amountRefunded === paid
}

function headlineOf({ invoice, merchant, payable }: InvoicePage, owes: boolean): InvoiceText['headline'] {
  const { status, currency } = invoice
  const total = { label: 'Total', amount: formatAmount(invoice.total, currency) }
  const due = { label: 'Amount due', amount: formatAmount(invoice.amountDue, currency) }
  if (status === 'VOID') return { ...total, sentence: 'This invoice is void. Nothing is due on it.' }
  if (owes) {
    const amount = formatAmount(invoice.total.slice(1), currency)
    const sentence = 'This was added to your account credit. Your next invoices use it first.'
    return { label: 'Credit', amount, sentence }
  }
  if (status === 'UNCOLLECTIBLE')
    return { ...due, sentence: 'This invoice was not paid and is no longer being collected.' }
  if (isRefunded(invoice)) return { ...total, sentence: 'The payment was refunded. Nothing is due.' }
  if (status === 'PAID') return { ...total, sentence: 'Settled in full. Nothing is due.' }
  return {
    ...due,
    sentence: payable ? 'Pay by card on the page of this invoice:' : `Please ask ${merchant} how to pay it.`,
  }
}

function sumsOf({ invoice, subtotal, tax }: InvoicePage, owes: boolean): InvoiceSum[] {
  const { currency, status } = invoice
  const sum = (label: string, amount: string, strong = false) => ({
    label,
    amount: formatAmount(amount, currency),
    strong,
  })
  const less = (label: string, amount: string) => (/[1-9]/.test(amount) ? [sum(label, `-${amount}`)] : [])
  return [
    ...(tax ? [sum('Subtotal', subtotal), sum(tax.description, tax.amount)] : []),
    sum(`Total (${currency})`, invoice.total, true),
    ...(owes && status !== 'VOID' ? [sum('Added to your account credit', invoice.total.slice(1))] : []),
    // What a void invoice had used went back.
    ...(status === 'VOID' ? [] : less('Account credit used', invoice.creditUsed)),
    ...(status === 'VOID' ? [] : less('Credit notes', invoice.credited)),
    ...less('Paid', invoice.paid),
    ...(/[1-9]/.test(invoice.amountRefunded) ? [sum('Refunded', invoice.amountRefunded)] : []),
    sum('Amount due', invoice.amountDue, true),
  ]
}

/** `$1,234.50`, with all decimals that the text has: what ICU knows of a currency's may differ from what was billed. A minus is no hyphen. */
export function formatAmount(amount: string, currency: string): string {
  const decimals = amount.split('.')[1]?.length ?? 0
  const format = (currencyDisplay: 'narrowSymbol' | 'code') =>
    new Intl.NumberFormat('en', {
      style: 'currency',
      currency,
      currencyDisplay,
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    })
      .format(exact(amount))
      .replace('-', '−')
  const short = format('narrowSymbol')
  return isWritable(short) ? short : format('code')
}

export function formatQuantity(quantity: string): string {
  return new Intl.NumberFormat('en', { maximumFractionDigits: 20 }).format(exact(quantity))
}

/** Intl reads decimals from text exactly; only the type wants to hear that the text is a number. */
function exact(amount: string): `${number}` {
  return amount as `${number}`
}

export function formatDay(instant: number | Date, timeZone: string, month: 'long' | 'short'): string {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month, year: 'numeric', timeZone }).format(instant)
}

type Period = Pick<InvoiceLineView, 'periodStart' | 'periodEnd'>

/** The first day and the last: a period ends before the instant that it ends at. */
function periodOf({ periodStart, periodEnd }: Period, timezone: string): string | null {
  if (periodStart === null || periodEnd === null) return null
  const first = formatDay(periodStart, timezone, 'short')
  const last = formatDay(Number(periodEnd) - 1, timezone, 'short')
  return first === last ? first : `${first} – ${last}`
}

function isSamePeriod(line: Period, invoice: Period): boolean {
  return (
    Number(line.periodStart) === Number(invoice.periodStart) && Number(line.periodEnd) === Number(invoice.periodEnd)
  )
}
