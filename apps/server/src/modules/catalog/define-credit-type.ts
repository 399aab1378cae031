import type { Database } from '../../platform/database.ts'
import { invalidInput } from '../../platform/errors.ts'
import type { Project } from '../accounts/viewer.ts'
import { checkCode } from './check-rate-card.ts'
import type { CatalogCreditType, CatalogReader } from './read-catalog.ts'

/** Says what a credit type should be called and how many decimals to show. Throws INVALID_INPUT. */
export async function defineCreditType(
  { database, catalog }: { database: Database; catalog: CatalogReader },
  project: Project,
  input: { code: string; name?: string | null | undefined; precision?: number | null | undefined },
): Promise<CatalogCreditType> {
  const precision = input.precision ?? 0
  if (!Number.isInteger(precision) || precision < 0 || precision > 9) {
    throw invalidInput('precision', 'precision is the number of decimals to show, 0 to 9')
  }
  await database.query(
    `insert into credit_type (project_id, code, name, precision) values ($1, $2, $3, $4)
     on conflict (project_id, code) do update set name = excluded.name, precision = excluded.precision`,
    [project.id, checkCode(input.code, 'code'), input.name ?? input.code, precision],
  )
  const defined = (await catalog.fresh(project.id)).creditTypes.get(input.code)
  if (!defined) throw new Error(`credit type ${input.code} is missing after it was defined`)
  return defined
}
