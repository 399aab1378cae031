import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../../apps/server/src/platform/database.ts'
import { quantile } from '../load/generate-load.ts'
import { type Entry, type Journal, repeat } from './client.ts'
import type { Fault } from './faults.ts'
import type { Installation } from './installation.ts'
import { type Load, startLoad } from './load.ts'
import type { Random } from './random.ts'
import { judge, type Verdict } from './verdict.ts'
import { createWorld, untilServing, type World } from './world.ts'

export interface Latency {
  readonly p50: number
  readonly p99: number
}

export interface RoundResult {
  readonly round: number
  readonly fault: string
  readonly world: World
  readonly journal: Journal
  readonly verdict: Verdict
  /** From the end of the fault until every API process records usage again, in milliseconds. */
  readonly recoveryMs: number
  /** Of operations that were begun before the fault, from then until the recovery, and after it. */
  readonly latencies: readonly [before: Latency, during: Latency, after: Latency]
}

export interface RoundPlan {
  readonly round: number
  readonly fault: Fault
  readonly seed: number
  /** Load before the fault and after the recovery, each. */
  readonly calmMs: number
  readonly clients: number
}

const REPEATERS = 16

/** Load, a fault in the middle of it, recovery, more load; then every key again, and the verdict. */
export async function runRound(
  installation: Installation,
  database: Database,
  random: Random,
  { round, fault, seed, calmMs, clients }: RoundPlan,
): Promise<RoundResult> {
  const { addresses, apis, worker } = installation
  const [first] = addresses
  if (!first) throw new Error('an installation has an API process')
  const name = `r${round}`
  const world = await createWorld(first, name)
  const load = startLoad({ apis: addresses, world, clients, name, seed: seed + round })
  await sleep(calmMs + random.below(500))
  const brokeAt = performance.now()
  await fault.inject(installation, random)
  const mendedAt = performance.now()
  await Promise.all(addresses.map((api) => untilServing(api, name)))
  const recoveredAt = performance.now()
  await sleep(calmMs)
  await load.stop()
  await Promise.all([...apis, worker].map((process) => process.ready()))
  await repeatAll(load, installation)
  const { entries } = load.journal
  return {
    round,
    fault: fault.name,
    world,
    journal: load.journal,
    verdict: await judge(database, entries, world.balances),
    recoveryMs: recoveredAt - mendedAt,
    latencies: [
      latencyOf(entries, 0, brokeAt),
      latencyOf(entries, brokeAt, recoveredAt),
      latencyOf(entries, recoveredAt, Number.POSITIVE_INFINITY),
    ],
  }
}

/** Every key once more, but those whose answer a void has changed. */
async function repeatAll({ journal }: Load, { addresses }: Installation): Promise<void> {
  const voided = new Set(
    journal.entries.flatMap(({ operation: { kind, customerId, key } }) =>
      kind === 'voidUsage' ? [`${customerId} ${key}`] : [],
    ),
  )
  const left = journal.entries.filter(
    ({ operation: { kind, customerId, key } }) => kind !== 'consume' || !voided.has(`${customerId} ${key}`),
  )
  const repeatOthers = async () => {
    for (let entry = left.pop(); entry; entry = left.pop()) await repeat(journal, addresses, entry, left.length)
  }
  await Promise.all(Array.from({ length: REPEATERS }, repeatOthers))
}

function latencyOf(entries: readonly Entry[], from: number, until: number): Latency {
  const those = entries.filter(({ meantAt }) => meantAt >= from && meantAt < until)
  const sorted = those.map(({ meantAt, answeredAt }) => answeredAt - meantAt).sort((a, b) => a - b)
  return { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) }
}
