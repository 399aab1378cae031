import type { BillingState, Invoice } from '@florin/sdk'
import { isZero } from '../../../formats.ts'
import { isCredit, type Mark, markOf } from '../../../invoice/invoice-words.ts'
import { moneyOf } from '../../amounts.ts'

type Facts = Pick<BillingState, 'actionUrl'>

/** The subscription waits for this one: its payment was declined, or the bank wants the customer. */
function isPastDue({ status, pageUrl }: Invoice, { actionUrl }: Facts): boolean {
  return status === 'OPEN' && pageUrl !== null && pageUrl === actionUrl
}

/** How an invoice stands, in a word. */
export function statusOf(invoice: Invoice, facts: Facts): Mark {
  return isPastDue(invoice, facts) ? { label: 'Past due', tone: 'bad' } : markOf(invoice)
}

export function isPayable({ status, amountDue }: Invoice): boolean {
  return status === 'OPEN' && !isZero(amountDue)
}

/** What the row's one amount does not tell: what was taken back, went back to the bank, or is still due of it. */
export function notesOf(invoice: Invoice): string[] {
  const { currency, total, amountRefunded, creditUsed, amountDue, status } = invoice
  const notes: string[] = []
  if (isPayable(invoice) && amountDue !== total) notes.push(`${moneyOf(amountDue, currency)} still due`)
  if (!isZero(creditUsed) && status !== 'VOID') notes.push(`${moneyOf(creditUsed, currency)} paid by account credit`)
  if (!isZero(amountRefunded)) notes.push(`${moneyOf(amountRefunded, currency)} refunded`)
  return notes
}

/** An invoice that owes the customer shows what it brought. */
export function amountOf(invoice: Invoice): string {
  return isCredit(invoice)
    ? `+${moneyOf(invoice.total.slice(1), invoice.currency)}`
    : moneyOf(invoice.total, invoice.currency)
}
