import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Database } from '../../apps/server/src/platform/database.ts'
import { planFaults } from './faults.ts'
import { type Installation, type Stop, startInstallation } from './installation.ts'
import { runProviderFaults } from './provider/run-provider-faults.ts'
import { createRandom } from './random.ts'
import { explain, formatRound, headings, isClean } from './report.ts'
import { type RoundResult, runRound } from './round.ts'
import { judge } from './verdict.ts'
import { defineWorld, judgeRenewals } from './world.ts'

const USAGE = 'npm run faults -- [--rounds N] [--quick] [--seed N] [--fault NAME] [--clients N]'

const CALM_MS = 2_000
/** Customers for the worker to renew. */
const DAILY = 60

const stops: Stop[] = []

interface Options {
  readonly rounds: number
  readonly seed: number
  readonly only: string | null
  readonly clients: number
}

function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      seed: { type: 'string' },
      fault: { type: 'string' },
      clients: { type: 'string', default: '12' },
    },
  })
  return {
    rounds: whole('rounds', values.rounds ?? (values.quick ? '3' : '20')),
    seed: whole('seed', values.seed ?? String(1 + (Date.now() % 1_000_000))),
    only: values.fault ?? null,
    clients: whole('clients', values.clients),
  }
}

function whole(name: string, text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value > 0) return value
  throw new Error(`--${name} ${text}: give a whole number above zero\n${USAGE}`)
}

async function main({ rounds, seed, only, clients }: Options): Promise<boolean> {
  if (only?.startsWith('provider')) {
    say(`seed ${seed}; starting PostgreSQL, a payment provider, two API processes and a worker`)
    return runProviderFaults({ rounds, seed, only, print }, stops)
  }
  say(`seed ${seed}; starting PostgreSQL, two API processes and a worker`)
  const installation = await startInstallation(stops)
  const random = createRandom(seed)
  const plan = planFaults(rounds, random, installation.redis !== null, only)
  const { addresses, apis, worker } = installation
  const [api] = addresses
  if (!api) throw new Error('an installation has an API process')
  await defineWorld(api, DAILY)
  const database = installation.openDatabase()
  stops.push(() => database.close())
  print(headings())
  const results: RoundResult[] = []
  for (const [index, fault] of plan.entries()) {
    const result = await runRound(
      { database, addresses, processes: [...apis, worker] },
      {
        round: index + 1,
        fault: fault.name,
        inject: () => fault.inject(installation, random),
        seed,
        calmMs: CALM_MS + random.below(500),
        clients,
      },
    )
    results.push(result)
    print(formatRound(result))
    for (const line of explain(result)) print(`       ${line}`)
  }
  return conclude(installation, database, results, seed)
}

/** All rounds once more at the end: what was there after its round must still be there. */
async function conclude(
  installation: Installation,
  database: Database,
  results: readonly RoundResult[],
  seed: number,
): Promise<boolean> {
  const renewals = await judgeRenewals(database, () => sleep(500))
  const entries = results.flatMap(({ journal }) => journal.entries)
  const contradictions = results.flatMap(({ journal }) => journal.contradictions)
  const balances = new Map(results.flatMap(({ world }) => [...world.balances]))
  const verdict = await judge(database, entries, balances)
  const whole = { verdict, journal: { entries, contradictions } }
  const crashes = [...installation.apis, installation.worker].filter(({ crashes }) => crashes > 0)
  const unknown = entries.filter(({ unknowns }) => unknowns > 0).length
  print('')
  print(
    `${results.length} rounds, ${entries.length} operations, ${entries.length} acknowledged, ${unknown} unknown in between: ` +
      `lost ${verdict.lost}, doubled ${verdict.doubled}, negative ${verdict.negative}, ` +
      `other answers to a key ${contradictions.length}, invariants broken ${verdict.breaches.length}`,
  )
  print(
    `renewals: ${renewals.due} due, each exactly once: ${renewals.once}; lost ${renewals.lost}, doubled ${renewals.doubled}`,
  )
  print(
    `processes that ended by themselves: ${crashes.map(({ name, crashes }) => `${name} ${crashes}×`).join(', ') || 'none'}`,
  )
  print(`seed ${seed}`)
  if (!isClean(whole)) for (const line of explain(whole)) print(`  ${line}`)
  return isClean(whole) && results.every(isClean) && renewals.lost + renewals.doubled === 0 && crashes.length === 0
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

function say(line: string): void {
  process.stderr.write(`faults: ${line}\n`)
}

async function stopAll(): Promise<void> {
  for (const stop of stops.splice(0).reverse()) await stop().catch((error: unknown) => say(String(error)))
}

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
  process.exitCode = (await main(readOptions(process.argv.slice(2)))) ? 0 : 1
} catch (error) {
  say((error as Error).stack ?? String(error))
  process.exitCode = 1
} finally {
  await stopAll()
}
