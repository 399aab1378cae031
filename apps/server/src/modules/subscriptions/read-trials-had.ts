import type { Transaction } from '../../platform/database.ts'

/** Whether the customer has had the trial of a card, under whatever subscription. */
export async function hadTrial(tx: Transaction, customerPk: number, code: string): Promise<boolean> {
  const rows = await tx.query(`select 1 from trial_had where customer_pk = $1 and code = $2`, [customerPk, code])
  return rows.length > 0
}

/** Writes down that the customer has the trial of a card: it comes once. */
export function recordTrial(tx: Transaction, customerPk: number, code: string): void {
  tx.send(`insert into trial_had (customer_pk, code) values ($1, $2) on conflict do nothing`, [customerPk, code])
}
