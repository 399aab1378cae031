import type { Transaction } from '../../platform/database.ts'

/** What moves account credit: an invoice uses it or gives it, voiding an invoice and a credit note give it back. */
export interface CreditCause {
  readonly type: 'INVOICE' | 'VOID' | 'CREDIT_NOTE'
  readonly id: string
}

/** Adds to a customer's account credit, or takes from it, with the entry that says why. The caller holds the customer's lock. */
export function moveAccountCredit(
  tx: Transaction,
  customerPk: number,
  currency: string,
  minor: bigint,
  cause: CreditCause,
): void {
  if (minor === 0n) return
  // A row that is inserted must not be negative itself, also where it only meets another one.
  if (minor > 0n) {
    tx.send(
      `insert into account_credit (customer_pk, currency, amount_minor) values ($1, $2, 0) on conflict do nothing`,
      [customerPk, currency],
    )
  }
  tx.send(`update account_credit set amount_minor = amount_minor + $3 where customer_pk = $1 and currency = $2`, [
    customerPk,
    currency,
    minor,
  ])
  tx.send(
    `insert into account_credit_entry (customer_pk, currency, amount_minor, cause_type, cause_id)
     values ($1, $2, $3, $4, $5)`,
    [customerPk, currency, minor, cause.type, cause.id],
  )
}
