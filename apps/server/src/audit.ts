import { join } from 'node:path'
import { readConfig } from './config.ts'
import { auditLedger } from './modules/ledger/audit-ledger.ts'
import { openDatabase } from './platform/database.ts'
import { startEmbeddedPostgres } from './platform/embedded-postgres.ts'

// `npm run audit`: checks the books of DATABASE_URL, or of the embedded database of FLORIN_HOME while nothing else runs it.

const say = (line: string) => process.stdout.write(`florin: ${line}\n`)

async function audit(databaseUrl: string): Promise<void> {
  const database = openDatabase(databaseUrl, { connections: 1 })
  try {
    const breaches = await auditLedger(database, (rule, count) => say(`${count === 0 ? 'ok    ' : 'BROKEN'} ${rule}`))
    for (const { rule, row } of breaches) say(`${rule}: ${JSON.stringify(row)}`)
    say(breaches.length === 0 ? 'no breaches' : `${breaches.length} breaches`)
    if (breaches.length > 0) process.exitCode = 1
  } finally {
    await database.close()
  }
}

async function auditConfigured(): Promise<void> {
  const { databaseUrl, home } = readConfig()
  if (databaseUrl) return audit(databaseUrl)
  const postgres = await startEmbeddedPostgres({ dataDir: join(home, 'postgres') })
  await audit(postgres.url).finally(() => postgres.stop())
}

await auditConfigured().catch((error: Error) => {
  say(error.message)
  process.exitCode = 1
})
