import type { Transaction } from '../../platform/database.ts'

/** A credit note; money in minor units of the invoice's currency. */
export interface CreditNote {
  readonly id: string
  readonly number: string
  readonly currency: string
  readonly minor: number
  readonly taxMinor: number
  readonly reason: string
  readonly issuedAt: number
}

/** The credit notes of an invoice, oldest first. */
export async function readCreditNotes(tx: Pick<Transaction, 'query'>, invoiceId: string): Promise<CreditNote[]> {
  return tx.query<CreditNote>(
    `select n.id, n.number, i.currency, n.amount_minor as minor, n.tax_minor as "taxMinor", n.reason,
       n.issued_at as "issuedAt"
     from credit_note n join invoice i on i.id = n.invoice_id where n.invoice_id = $1 order by n.id`,
    [invoiceId],
  )
}

/** What notes take back together, in minor units. */
export function creditedBy(notes: readonly CreditNote[]): bigint {
  return notes.reduce((sum, { minor }) => sum + BigInt(minor), 0n)
}
