import type { Transaction } from '../../platform/database.ts'
import type { TaxRate } from './check-tax-rate.ts'

/** The tax on what a customer pays: their own, else the project's; null: none. */
export async function readTaxRate(tx: Pick<Transaction, 'query'>, customerPk: number): Promise<TaxRate | null> {
  const [row] = await tx.query<{ tax: TaxRate | null }>(
    `select coalesce(c.tax, p.tax) as tax from customer c join project p on p.id = c.project_id where c.pk = $1`,
    [customerPk],
  )
  return row?.tax && row.tax.percent !== '0' ? row.tax : null
}
