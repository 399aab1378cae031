import type { Transaction } from '../../platform/database.ts'

/** What a customer buys and pays with takes turns. Lock their sessions and payments before. */
export async function lockCustomer(tx: Transaction, customerPk: number): Promise<void> {
  await tx.query('select 1 from customer_ledger where customer_pk = $1 for update', [customerPk])
}
