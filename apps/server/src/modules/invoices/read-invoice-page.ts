import { formatMoney, type Money, parseMoney, subtractMoney } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import { type Brand, readBrand } from '../accounts/read-brand.ts'
import type { Project } from '../accounts/viewer.ts'
import { type CreditNote, readCreditNotes } from './read-credit-notes.ts'
import { type InvoiceLineView, type InvoiceView, readInvoice } from './read-invoices.ts'
import { isPayable, type StoredInvoice } from './read-stored-invoice.ts'

export interface BilledTo {
  readonly id: string
  readonly timezone: string
}

/** All that an invoice's page and its PDF show. */
export interface InvoicePage {
  readonly invoice: InvoiceView
  readonly merchant: string
  readonly brand: Brand
  readonly testMode: boolean
  readonly billedTo: BilledTo
  /** The lines without tax, what they come to, and the tax. */
  readonly items: readonly InvoiceLineView[]
  readonly subtotal: string
  readonly tax: InvoiceLineView | null
  readonly creditNotes: readonly CreditNote[]
  /** The customer may pay it there. */
  readonly payable: boolean
}

export async function readInvoicePage(
  tx: Pick<Transaction, 'query'>,
  project: Project,
  { id, customerPk, amountDueMinor }: StoredInvoice,
): Promise<InvoicePage> {
  const invoice = await readInvoice(tx, id)
  const [billedTo] = await tx.query<BilledTo>(`select id, timezone from customer where pk = $1`, [customerPk])
  if (!invoice || !billedTo) throw new Error(`invoice ${id} is missing, or its customer`)
  const brand = await readBrand(tx, project)
  return {
    invoice,
    merchant: brand.name,
    brand,
    testMode: project.mode === 'SANDBOX',
    billedTo,
    ...splitTax(invoice),
    creditNotes: await readCreditNotes(tx, id),
    payable: isPayable({ status: invoice.status, amountDueMinor }),
  }
}

/** The tax of an invoice is its last line. */
function splitTax({ lines, total, tax, currency }: InvoiceView): Pick<InvoicePage, 'items' | 'subtotal' | 'tax'> {
  const minor = (amount: string) => parseMoney(amount, currency) as Money
  if (minor(tax).minor === 0n) return { items: lines, subtotal: total, tax: null }
  const subtotal = formatMoney(subtractMoney(minor(total), minor(tax)))
  return { items: lines.slice(0, -1), subtotal, tax: lines.at(-1) ?? null }
}
