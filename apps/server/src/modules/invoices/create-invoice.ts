import { formatAmount, type Money, type PlanLine, sumMoney } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import { newId } from '../../platform/ids.ts'
import type { Project } from '../accounts/viewer.ts'

export interface NewInvoice {
  readonly customerPk: number
  readonly currency: string
  readonly lines: readonly PlanLine[]
  readonly period: { readonly start: number; readonly end: number } | null
  readonly status: 'PAID' | 'OPEN'
  readonly issuedAt: number
}

/** Issues an invoice under the project's next number. The counter's row stays locked until the commit: numbers have no gaps. */
export async function createInvoice(tx: Transaction, project: Project, invoice: NewInvoice): Promise<string> {
  const [counter] = await tx.query<{ number: number }>(
    `insert into invoice_counter as c (project_id, next) values ($1, 2)
     on conflict (project_id) do update set next = c.next + 1 returning next - 1 as number`,
    [project.id],
  )
  const id = newId()
  const total: Money = sumMoney(
    invoice.lines.map(({ amount }) => amount),
    invoice.currency,
  )
  await tx.query(
    `insert into invoice (id, project_id, customer_pk, number, status, currency, total_minor, amount_due_minor,
       period_start, period_end, issued_at)
     values ($1, $2, $3, $4, $5::invoice_status, $6, $7, $8, $9, $10, $11)`,
    [
      id,
      project.id,
      invoice.customerPk,
      `INV-${String((counter as { number: number }).number).padStart(6, '0')}`,
      invoice.status,
      invoice.currency,
      total.minor,
      invoice.status === 'PAID' ? 0n : total.minor,
      invoice.period && new Date(invoice.period.start),
      invoice.period && new Date(invoice.period.end),
      new Date(invoice.issuedAt),
    ],
  )
  await Promise.all(invoice.lines.map((line, position) => writeLine(tx, id, position, line, invoice.period)))
  return id
}

async function writeLine(
  tx: Transaction,
  invoiceId: string,
  position: number,
  line: PlanLine,
  period: NewInvoice['period'],
): Promise<void> {
  await tx.query(
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
