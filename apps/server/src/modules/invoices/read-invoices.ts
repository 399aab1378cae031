import { amountOf, formatAmount, formatMoney } from '@florin/core'
import type { Prisma, PrismaClient } from '../../generated/prisma/client.ts'

export interface InvoiceLineView {
  readonly description: string
  readonly rateCode: string | null
  readonly quantity: string
  readonly amount: string
  readonly periodStart: Date | number | null
  readonly periodEnd: Date | number | null
  readonly proration: boolean
}

/** An invoice as the API shows it. Money as text with the currency's decimals. */
export interface InvoiceView {
  readonly id: string
  readonly number: string
  readonly status: 'DRAFT' | 'OPEN' | 'PAID' | 'VOID' | 'UNCOLLECTIBLE'
  readonly currency: string
  readonly total: string
  readonly amountDue: string
  readonly lines: readonly InvoiceLineView[]
  readonly periodStart: Date | null
  readonly periodEnd: Date | null
  readonly issuedAt: Date | null
}

type Row = Prisma.InvoiceGetPayload<{ include: { lines: true } }>
const WITH_LINES = { lines: { orderBy: { position: 'asc' } } } as const

/** A customer's invoices, newest first. */
export async function readInvoices(
  prisma: PrismaClient,
  query: { customerPk: number; take: number; before: string | null },
): Promise<InvoiceView[]> {
  const rows = await prisma.invoice.findMany({
    where: { customerPk: query.customerPk, ...(query.before === null ? {} : { id: { lt: query.before } }) },
    include: WITH_LINES,
    orderBy: { id: 'desc' },
    take: query.take,
  })
  return rows.map(toView)
}

export async function readInvoice(prisma: PrismaClient, id: string): Promise<InvoiceView | null> {
  const row = await prisma.invoice.findUnique({ where: { id }, include: WITH_LINES })
  return row ? toView(row) : null
}

function toView(row: Row): InvoiceView {
  const money = (minor: bigint) => formatMoney({ minor, currency: row.currency })
  return {
    ...row,
    total: money(row.totalMinor),
    amountDue: money(row.amountDueMinor),
    lines: row.lines.map((line) => ({
      ...line,
      quantity: formatAmount(amountOf(line.quantity.toFixed())),
      amount: money(line.amountMinor),
    })),
  }
}
