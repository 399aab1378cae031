import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from './platform/embedded-postgres.ts'
import { PRISMA_DIR } from './platform/migrations.ts'
import { writeMigration } from './platform/write-migration.ts'

// `npm run migration -- <name>`: writes the migration that the changed schema files need.

const say = (line: string): void => void process.stdout.write(`florin: ${line}\n`)

async function migration(name: string): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'florin-migration-'))
  const postgres = await startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres') })
  try {
    const file = await writeMigration({ folder: PRISMA_DIR, name, databaseUrl: postgres.url })
    if (!file) return say('the schema files make what the migrations make: there is nothing to write')
    say(`${file}\n        Prisma knows no partial indexes and no checks: add them at its end.`)
  } finally {
    await postgres.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

await migration(process.argv[2] ?? '').catch((error: Error) => {
  say(error.message)
  process.exitCode = 1
})
