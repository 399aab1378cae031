import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const MIGRATE = fileURLToPath(new URL('migrate.ts', import.meta.url))
const run = promisify(execFile)

/**
 * Makes a database with all migrations in it, which others are copied from: that takes a twentieth of the time. A process
 * of its own does it, because nobody may be connected to what is copied, and the migrations' connection ends with it.
 */
export async function makeMigratedDatabase(postgresUrl: string): Promise<string> {
  const name = 'migrated'
  await run(process.execPath, ['--import', 'tsx', MIGRATE, postgresUrl, name])
  return name
}
