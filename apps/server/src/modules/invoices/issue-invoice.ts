import { formatAmount, type Money, type PlanLine } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import { Fault } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import type { Project } from '../accounts/viewer.ts'
import { announceInvoice } from './announce-invoice.ts'
import { moveAccountCredit } from './move-account-credit.ts'
import { type Billed, type Quote, quoteInvoice } from './quote-invoice.ts'
import { BUYER_NOW, SELLER_NOW } from './read-parties.ts'

export interface NewInvoice extends Billed {
  readonly subscriptionId: string | null
  /** What its lines are for, where they don't say so themselves. */
  readonly period: { readonly start: number; readonly end: number } | null
  readonly issuedAt: number
  /** Money that has been collected for it; null: nothing has. */
  readonly paid: Money | null
  /** NOW: what is due is paid, or nothing is due. LATER: what is due stays OPEN. */
  readonly collect: 'NOW' | 'LATER'
}

export interface IssuedInvoice {
  readonly id: string
  readonly status: 'PAID' | 'OPEN'
}

/**
 * Issues an invoice over the lines with the customer's tax, uses their account credit, and gives it the project's next
 * number; null where there are no lines. It keeps seller and buyer as they are known now. The counter's row stays locked until the commit: numbers have no gaps.
 * Throws CONFLICT if something else was paid than is due: prices may have changed while the customer was on a page.
 */
export async function issueInvoice(
  tx: Transaction,
  project: Project,
  invoice: NewInvoice,
): Promise<IssuedInvoice | null> {
  if (invoice.lines.length === 0) {
    refuseOtherAmount(invoice.paid, 0n)
    return null
  }
  const quote = await quoteInvoice(tx, invoice)
  if (invoice.collect === 'NOW') refuseOtherAmount(invoice.paid, quote.due.minor)
  const status = invoice.paid || quote.due.minor === 0n ? 'PAID' : 'OPEN'
  const id = newId()
  writeInvoice(tx, project, id, { ...invoice, ...quote, status })
  quote.lines.forEach((line, position) => {
    writeLine(tx, id, position, line, invoice.period)
  })
  const given = quote.total.minor < 0n ? -quote.total.minor : -quote.credit.minor
  moveAccountCredit(tx, invoice.customerPk, invoice.currency, given, { type: 'INVOICE', id })
  announceIssued(tx, id, invoice, quote, status)
  return { id, status }
}

function announceIssued(
  tx: Transaction,
  id: string,
  { customerPk, subscriptionId, currency, issuedAt }: NewInvoice,
  { total, due }: Quote,
  status: IssuedInvoice['status'],
): void {
  const amountDueMinor = status === 'PAID' ? 0n : due.minor
  const told = { id, customerPk, subscriptionId, status, currency, totalMinor: total.minor, amountDueMinor }
  announceInvoice(tx, 'invoice.issued', told, issuedAt)
  if (status === 'PAID') announceInvoice(tx, 'invoice.paid', told, issuedAt)
}

function refuseOtherAmount(paid: Money | null, due: bigint): void {
  if ((paid?.minor ?? 0n) === due) return
  throw new Fault('CONFLICT', 'the price has changed since the checkout was opened')
}

// The number is taken by the statement that writes the invoice, and that one travels with the commit: invoices of a project
// wait for each other no longer than they must.
function writeInvoice(
  tx: Transaction,
  project: Project,
  id: string,
  invoice: NewInvoice & Quote & { readonly status: IssuedInvoice['status'] },
): void {
  tx.send(
    `with counter as (
       insert into invoice_counter as c (project_id, next) values ($2, 2)
       on conflict (project_id) do update set next = c.next + 1 returning next - 1 as number)
     insert into invoice (id, project_id, customer_pk, number, status, currency, total_minor, tax_minor, credit_minor,
       paid_minor, amount_due_minor, period_start, period_end, issued_at, subscription_id, tax, seller, buyer)
     select $1, $2, $3, 'INV-' || lpad(number::text, greatest(6, length(number::text)), '0'), $4::invoice_status, $5, $6,
       $7, $8, $9, $10, $11, $12, $13, $14, $15, (${SELLER_NOW('$2')}), (${BUYER_NOW('$3')}) from counter`,
    [
      id,
      project.id,
      invoice.customerPk,
      invoice.status,
      invoice.currency,
      invoice.total.minor,
      invoice.tax.minor,
      invoice.credit.minor,
      invoice.paid?.minor ?? 0n,
      invoice.status === 'PAID' ? 0n : invoice.due.minor,
      invoice.period && new Date(invoice.period.start),
      invoice.period && new Date(invoice.period.end),
      new Date(invoice.issuedAt),
      invoice.subscriptionId,
      invoice.rate && JSON.stringify(invoice.rate),
    ],
  )
}

function writeLine(
  tx: Transaction,
  invoiceId: string,
  position: number,
  line: PlanLine,
  invoicePeriod: NewInvoice['period'],
): void {
  const period = line.period ?? invoicePeriod
  tx.send(
    `insert into invoice_line (invoice_id, position, description, rate_code, quantity, amount_minor, period_start,
       period_end, proration) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      invoiceId,
      position,
      line.description,
      line.rateCode,
      formatAmount(line.quantity),
      line.amount.minor,
      period && new Date(period.start),
      period && new Date(period.end),
      line.proration,
    ],
  )
}
