import type { Database } from '../src/platform/database.ts'

/**
 * How many rows each table has. Equal before and after: nothing was written, but for versions that grew. When the provider's events
 * are swept has nothing to do with who asks.
 */
export async function countRows(database: Database): Promise<Record<string, number>> {
  const tables = await database.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public' and tablename not like '\\_%'
       and tablename <> 'provider_sweep' order by tablename`,
  )
  const [counts] = await database.query<Record<string, number>>(
    `select ${tables.map(({ name }) => `(select count(*) from "${name}") as "${name}"`).join(', ')}`,
  )
  return { ...counts }
}

/** The same without what the payment provider tells, which comes at moments of its own. */
export async function countOwnRows(database: Database): Promise<Record<string, number>> {
  const counts = Object.entries(await countRows(database))
  return Object.fromEntries(counts.filter(([table]) => !table.startsWith('provider_')))
}

/** The sum of all customers' versions: it grows when anything about anybody changes. */
export async function sumVersions(database: Database): Promise<number> {
  const [row] = await database.query<{ sum: string }>(
    'select coalesce(sum(version), 0)::text as sum from customer_ledger',
  )
  return Number(row?.sum)
}

/** The internal key of a customer. */
export async function keyOf(database: Database, customerId: string): Promise<number> {
  const [row] = await database.query<{ pk: number }>('select pk from customer where id = $1', [customerId])
  if (!row) throw new Error(`there is no customer ${customerId}`)
  return row.pk
}
