import type { Database } from '../../platform/database.ts'
import { checkTaxRate, type TaxRate, type TaxRateInput } from './check-tax-rate.ts'
import type { Project } from './viewer.ts'

/** Says which tax invoices carry for customers who have none of their own; null: none. Throws INVALID_INPUT. */
export async function setTaxRate(
  { database }: { database: Database },
  project: Project,
  input: TaxRateInput | null,
): Promise<TaxRate | null> {
  const tax = input && checkTaxRate(input)
  await database.query(`update project set tax = $2 where id = $1`, [project.id, tax && JSON.stringify(tax)])
  return tax
}
