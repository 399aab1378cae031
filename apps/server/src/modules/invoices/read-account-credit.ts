import type { Money } from '@florin/core'
import { arrayOf, type Statement, type Transaction } from '../../platform/database.ts'

const CREDITS: Statement = {
  name: 'account-credits',
  text: `select distinct on (customer_pk) customer_pk, currency, amount_minor from account_credit
         where customer_pk = any($1::bigint[]) and amount_minor > 0 order by customer_pk, amount_minor desc`,
}

/** The customers' account credit; of one in several currencies, the largest. Customers without credit are left out. */
export async function readAccountCredits(
  tx: Pick<Transaction, 'query'>,
  customerPks: readonly number[],
): Promise<Map<number, Money>> {
  const rows = await tx.query<{ customer_pk: number; currency: string; amount_minor: number }>(CREDITS, [
    arrayOf(customerPks),
  ])
  return new Map(rows.map((row) => [row.customer_pk, { minor: BigInt(row.amount_minor), currency: row.currency }]))
}
