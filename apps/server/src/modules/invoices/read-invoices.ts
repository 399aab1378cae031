import { amountOf, formatAmount, formatMoney } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import { invoiceToken } from './link-invoice.ts'
import { BUYER_NOW, type InvoiceParty, SELLER_NOW } from './read-parties.ts'

export interface InvoiceLineView {
  readonly description: string
  readonly rateCode: string | null
  readonly quantity: string
  readonly amount: string
  readonly periodStart: Date | number | null
  readonly periodEnd: Date | number | null
  readonly proration: boolean
}

export type InvoiceStatus = 'DRAFT' | 'OPEN' | 'PAID' | 'VOID' | 'UNCOLLECTIBLE'

/** An invoice as the API shows it. Money as text with the currency's decimals. */
export interface InvoiceView {
  readonly id: string
  readonly number: string
  readonly status: InvoiceStatus
  readonly currency: string
  readonly total: string
  readonly tax: string
  /** Account credit that it used, what credit notes took off while it was due, and what was paid. */
  readonly creditUsed: string
  readonly credited: string
  readonly paid: string
  readonly amountDue: string
  /** What of the payment went back. */
  readonly amountRefunded: string
  readonly lines: readonly InvoiceLineView[]
  readonly periodStart: number | null
  readonly periodEnd: number | null
  readonly issuedAt: number | null
  readonly seller: InvoiceParty
  readonly buyer: InvoiceParty
  /** Opens its page and its PDF. */
  readonly token: string
}

interface LineRow {
  description: string
  rate_code: string | null
  quantity: string
  amount_minor: string
  period_start: string | null
  period_end: string | null
  proration: boolean
}

interface Row {
  id: string
  number: string
  status: InvoiceStatus
  currency: string
  total_minor: number
  tax_minor: number
  credit_minor: number
  credited_minor: number
  paid_minor: number
  amount_due_minor: number
  refunded_minor: number
  period_start: number | null
  period_end: number | null
  issued_at: number | null
  seller: InvoiceParty
  buyer: InvoiceParty
  token_secret: string
  lines: LineRow[]
}

// Numbers travel inside JSON as text: a JSON number is a float.
const INVOICES = `
  select i.id, i.number, i.status::text, i.currency, i.total_minor, i.tax_minor, i.credit_minor, i.credited_minor,
    i.paid_minor, i.amount_due_minor, i.refunded_minor, i.period_start, i.period_end, i.issued_at, p.token_secret,
    coalesce(i.seller, (${SELLER_NOW('i.project_id')})) as seller,
    coalesce(i.buyer, (${BUYER_NOW('i.customer_pk')})) as buyer, (
      select coalesce(json_agg(json_build_object('description', l.description, 'rate_code', l.rate_code,
        'quantity', l.quantity::text, 'amount_minor', l.amount_minor::text, 'period_start', l.period_start,
        'period_end', l.period_end, 'proration', l.proration) order by l.position), '[]')
      from invoice_line l where l.invoice_id = i.id) as lines
  from invoice i join project p on p.id = i.project_id`

/** A customer's invoices, newest first. */
export async function readInvoices(
  tx: Pick<Transaction, 'query'>,
  query: { customerPk: number; take: number; before: string | null },
): Promise<InvoiceView[]> {
  const rows = await tx.query<Row>(
    `${INVOICES} where i.customer_pk = $1 and ($2::uuid is null or i.id < $2) order by i.id desc limit $3`,
    [query.customerPk, query.before, query.take],
  )
  return rows.map(toView)
}

/** One invoice, also one that only this transaction sees. */
export async function readInvoice(tx: Pick<Transaction, 'query'>, id: string): Promise<InvoiceView | null> {
  const [row] = await tx.query<Row>(`${INVOICES} where i.id = $1`, [id])
  return row ? toView(row) : null
}

function toView(row: Row): InvoiceView {
  const money = (minor: number | string) => formatMoney({ minor: BigInt(minor), currency: row.currency })
  return {
    id: row.id,
    number: row.number,
    status: row.status,
    currency: row.currency,
    total: money(row.total_minor),
    tax: money(row.tax_minor),
    creditUsed: money(row.credit_minor),
    credited: money(row.credited_minor),
    paid: money(row.paid_minor),
    amountDue: money(row.amount_due_minor),
    amountRefunded: money(row.refunded_minor),
    lines: row.lines.map((line) => ({
      description: line.description,
      rateCode: line.rate_code,
      quantity: formatAmount(amountOf(line.quantity)),
      amount: money(line.amount_minor),
      periodStart: line.period_start === null ? null : Date.parse(line.period_start),
      periodEnd: line.period_end === null ? null : Date.parse(line.period_end),
      proration: line.proration,
    })),
    periodStart: row.period_start,
    periodEnd: row.period_end,
    issuedAt: row.issued_at,
    seller: row.seller,
    buyer: row.buyer,
    token: invoiceToken({ tokenSecret: row.token_secret }, row.id),
  }
}
