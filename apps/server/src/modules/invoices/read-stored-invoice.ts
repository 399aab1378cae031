import { type Money, shareOfMoney } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import type { TaxRate } from '../accounts/check-tax-rate.ts'

/** An issued invoice as commands see it. Money in minor units. */
export interface StoredInvoice {
  readonly id: string
  readonly projectId: string
  readonly customerPk: number
  readonly subscriptionId: string | null
  readonly number: string
  readonly status: 'DRAFT' | 'OPEN' | 'PAID' | 'VOID' | 'UNCOLLECTIBLE'
  readonly currency: string
  readonly totalMinor: number
  readonly taxMinor: number
  readonly tax: TaxRate | null
  readonly creditMinor: number
  readonly creditedMinor: number
  readonly paidMinor: number
  readonly amountDueMinor: number
}

/** An invoice, locked if it is going to be changed. */
export async function readStoredInvoice(
  tx: Pick<Transaction, 'query'>,
  id: string,
  lock: '' | 'for update' = '',
): Promise<StoredInvoice> {
  const [invoice] = await tx.query<StoredInvoice>(
    `select id, project_id as "projectId", customer_pk as "customerPk", subscription_id as "subscriptionId", number,
       status::text, currency, total_minor as "totalMinor", tax_minor as "taxMinor", tax, credit_minor as "creditMinor",
       credited_minor as "creditedMinor", paid_minor as "paidMinor", amount_due_minor as "amountDueMinor"
     from invoice where id = $1 ${lock}`,
    [id],
  )
  if (!invoice) throw new Error(`invoice ${id} is missing`)
  return invoice
}

export function amountDueOf({ amountDueMinor, currency }: StoredInvoice): Money {
  return { minor: BigInt(amountDueMinor), currency }
}

/** Whether the customer can pay it on its page. */
export function isPayable({ status, amountDueMinor }: Pick<StoredInvoice, 'status' | 'amountDueMinor'>): boolean {
  return status === 'OPEN' && amountDueMinor > 0
}

/** A part of an invoice's total as the card's prices count it: without a tax that came on top of them. */
export function atCardPrices({ tax, taxMinor, totalMinor, currency }: StoredInvoice, minor: bigint): bigint {
  if (tax?.mode !== 'EXCLUSIVE' || totalMinor <= 0) return minor
  const net = { left: BigInt(totalMinor - taxMinor), whole: BigInt(totalMinor) }
  return shareOfMoney({ minor, currency }, net).minor
}
