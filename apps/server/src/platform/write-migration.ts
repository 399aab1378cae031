import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { realNow } from './clock.ts'
import { readSchema, type SchemaFile, schemaDifference } from './migrations.ts'

interface Wanted {
  /** Holds `schema` and `migrations`, in a git repository. */
  readonly folder: string
  readonly name: string
  /** Any PostgreSQL: it is asked for its version and left as it is. */
  readonly databaseUrl: string
}

/**
 * Writes what the schema files ask for beyond the migrations. Returns the path of the file; null: nothing is missing.
 *
 * What the migrations make is read from the schema as it was committed with the newest of them: Prisma cannot describe a
 * database that has partial indexes and checks.
 *
 * @throws when the name is no name, or a migration is not committed yet.
 */
export async function writeMigration({ folder, name, databaseUrl }: Wanted): Promise<string | null> {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new Error('name it in lower case: npm run migration -- add_tax_id')
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim()
  const open = git('status', '--porcelain', '--', 'migrations')
  if (open) throw new Error(`this migration is not committed: commit it, or remove it to have it written anew\n${open}`)

  // By first parents, the merge that brought a migration counts, whose tree has the schema of both sides.
  const newest = git('log', '-1', '--first-parent', '--format=%H', '--', 'migrations')
  const names = newest ? git('ls-tree', '--name-only', newest, 'schema/').split('\n') : []
  const from = names.map((path): SchemaFile => [basename(path), git('show', `${newest}:./${path}`)])
  const sql = await schemaDifference(databaseUrl, { from, to: readSchema(join(folder, 'schema')) })
  if (sql === null) return null

  const migration = join(folder, 'migrations', `${stampAfter(readdirSync(join(folder, 'migrations')))}_${name}`)
  mkdirSync(migration)
  const file = join(migration, 'migration.sql')
  writeFileSync(file, sql)
  return file
}

/** Now, in the order of the names: behind all others also where somebody's clock was ahead. */
function stampAfter(others: readonly string[]): string {
  const now = Number(new Date(realNow()).toISOString().replace(/\D/g, '').slice(0, 14))
  return String(Math.max(now, ...others.map((name) => Number.parseInt(name, 10) + 1).filter(Number.isFinite)))
}
