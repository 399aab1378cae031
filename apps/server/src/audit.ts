import { join } from 'node:path'
import { readConfig } from './config.ts'
import { type AuditStep, auditLedger, type Breach } from './modules/audit/audit-ledger.ts'
import { openDatabase } from './platform/database.ts'
import { runningPostgresUrl, startEmbeddedPostgres } from './platform/embedded-postgres.ts'

// `npm run audit`: checks the books of DATABASE_URL, or of the embedded database of FLORIN_HOME, whether or not a Florin runs on it.

const say = (line: string) => process.stdout.write(`florin: ${line}\n`)

async function audit(databaseUrl: string): Promise<void> {
  const database = openDatabase(databaseUrl, { connections: 1 })
  try {
    const breaches = await auditLedger(database, createReport())
    for (const line of breaches.flatMap(describe)) say(line)
    if (breaches.length > 0) process.exitCode = 1
  } finally {
    await database.close()
  }
}

/** Tells of each rule as it is through; on a terminal, also of the one that is being checked. */
function createReport(): (step: AuditStep) => void {
  const begun = performance.now()
  let since = begun
  let broken = 0
  return (step) => {
    const { number, of, rule, breaches } = step
    if (breaches === null) return showRunning(step)
    if (process.stdout.isTTY) process.stdout.write('\r\x1b[K')
    if (breaches > 0) broken += 1
    const place = `${String(number).padStart(String(of).length)}/${of}`
    const verdict = breaches === 0 ? 'ok    ' : 'BROKEN'
    const by = breaches === 0 ? '' : ` by ${counted(breaches, 'row')}`
    const now = performance.now()
    say(`${place} ${verdict} ${rule.invariant.padEnd(3)} ${rule.rule}${by} (${size(step)}, ${seconds(now - since)})`)
    since = now
    if (number === of) say(`${of - broken} of ${counted(of, 'rule')} hold, checked in ${seconds(now - begun)}`)
  }
}

const BAR = 20

function showRunning(step: AuditStep): void {
  if (!process.stdout.isTTY) return
  const { number, of, rule } = step
  const done = Math.round(((number - 1) / of) * BAR)
  const bar = `${'█'.repeat(done)}${'░'.repeat(BAR - done)}`
  const line = `florin: ${bar} ${number}/${of} ${rule.rule} (${size(step)}) …`
  process.stdout.write(`\r\x1b[K${line.slice(0, (process.stdout.columns ?? 80) - 1)}`)
}

/** The first row that breaks a rule, with what to do about it; the others of the rule below it. */
function describe({ rule, remedy, row }: Breach, index: number, all: readonly Breach[]): string[] {
  const isFirst = all[index - 1]?.rule !== rule
  return isFirst
    ? [`broken: ${rule}`, `  ${remedy}`, `  first: ${JSON.stringify(row)}`]
    : [`  then:  ${JSON.stringify(row)}`]
}

function size({ rows, rule }: AuditStep): string {
  return `${counted(rows, 'row')} of ${rule.over}`
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}

async function auditConfigured(): Promise<void> {
  const { databaseUrl, home } = readConfig()
  const dataDir = join(home, 'postgres')
  const live = databaseUrl ?? (await runningPostgresUrl(dataDir))
  if (live) return audit(live)
  const postgres = await startEmbeddedPostgres({ dataDir })
  await audit(postgres.url).finally(() => postgres.stop())
}

await auditConfigured().catch((error: Error) => {
  say(error.message)
  process.exitCode = 1
})
