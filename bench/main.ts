import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { areClean, checkBooks } from './books.ts'
import { type Options, readOptions } from './options.ts'
import type { RowResult } from './rows/row.ts'
import { rows } from './rows/rows.ts'
import { CUSTOMERS } from './rows/sides.ts'
import { seed } from './seed.ts'
import { startServices } from './services.ts'
import { formatTable } from './table.ts'

const stops: (() => Promise<unknown>)[] = []

async function main(options: Options): Promise<RowResult[]> {
  say(`starting, on ${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}`)
  const services = await startServices(stops)
  say(`enrolling ${CUSTOMERS} customers`)
  await seed(services.api, CUSTOMERS)
  const results: RowResult[] = []
  let acknowledged = 0
  for (const { measure, ...row } of rows) {
    if (options.only !== null && options.only !== row.topic) continue
    say(row.name)
    const measured = await measure(services, options.pace)
    acknowledged += measured.acknowledged
    const books = await checkBooks(services.database, acknowledged, measured.counted)
    for (const breach of books.breaches) say(`breach: ${JSON.stringify(breach)}`)
    results.push({ ...row, measured, books })
  }
  return results
}

function say(line: string): void {
  process.stderr.write(`bench: ${line}\n`)
}

async function stopAll(): Promise<void> {
  for (const stop of stops.splice(0).reverse()) await stop().catch((error: unknown) => say(String(error)))
}

// A signal may come twice, through a terminal and through npm: the second one must not cut the first one's work short.
let stopping = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stopping) return
    stopping = true
    say(`stopping: ${signal}`)
    void stopAll().finally(() => process.exit(130))
  })
}

try {
  const options = readOptions(process.argv.slice(2))
  const results = await main(options)
  process.stdout.write(`\n${formatTable(results)}\n`)
  if (options.jsonFile) writeFileSync(options.jsonFile, `${JSON.stringify(results, null, 2)}\n`)
  process.exitCode = results.every(({ books }) => areClean(books)) ? 0 : 1
} catch (error) {
  say((error as Error).message)
  process.exitCode = 1
} finally {
  await stopAll()
}
