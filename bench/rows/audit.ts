import { openDatabase } from '../../apps/server/src/platform/database.ts'
import { applyMigrations } from '../../apps/server/src/platform/migrations.ts'
import { type Audited, runAudit } from '../audit/run-audit.ts'
import { seedBooks } from '../audit/seed-books.ts'
import { type Sample, summarize } from '../rounds.ts'
import type { Row } from './row.ts'

const DRAWS = 200
const SUM = 'select customer_pk, credit_type_pk, sum(amount) from ledger_entry group by 1, 2'

/** All rules over books of a size, in a database of their own. */
export const auditRow: Row = {
  topic: 'audit',
  name: 'npm run audit, all rules',
  unit: 'entries/s',
  floor: 'the entries summed by customer once, raw pg',
  aim: null,
  measure: async ({ database: admin, databaseUrl }, { entries, rounds }) => {
    const name = 'audited'
    await admin.query(`create database ${name}`)
    const url = new URL(databaseUrl)
    url.pathname = `/${name}`
    await applyMigrations(url.href)
    const database = openDatabase(url.href, { connections: 1 })
    try {
      const customers = Math.ceil(entries / DRAWS)
      await seedBooks(database, { customers, draws: DRAWS })
      const floors: Sample[] = []
      const subjects: Sample[] = []
      let last: Audited | null = null
      for (let round = 0; round < rounds; round++) {
        const begun = performance.now()
        await database.query(SUM)
        floors.push(sampleOf(entries / ((performance.now() - begun) / 1_000)))
        last = await runAudit(url.href, database)
        subjects.push(sampleOf(entries / last.seconds))
      }
      const [subject, floor] = [summarize(subjects), summarize(floors)]
      return {
        speed: { subject, floor, ratio: subject.median / floor.median, acknowledged: 0 },
        delay: null,
        acknowledged: 0,
        counted: { lost: 0, doubled: 0, notes: last ? notesOf(last, customers, entries) : [] },
      }
    } finally {
      await database.close()
      await admin.query(`drop database ${name} with (force)`)
    }
  },
}

const sampleOf = (perSecond: number): Sample => ({ perSecond, latency: null, acknowledged: 0 })

function notesOf({ seconds, slowest, megabytes }: Audited, customers: number, entries: number): string[] {
  const memory = megabytes
    ? `at most ${Math.round(megabytes.process)} MB in the audit, ${Math.round(megabytes.postgres)} MB in its PostgreSQL backend`
    : 'memory unknown on this system'
  return [
    `audit of ${entries.toLocaleString('en')} draws of ${customers.toLocaleString('en')} customers: ${seconds.toFixed(1)} s, ${memory}`,
    `  slowest: ${slowest.join('; ')}`,
  ]
}
