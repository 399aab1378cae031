import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../../apps/server/src/platform/database.ts'
import type { Api } from '../api.ts'
import { quantile } from '../load/generate-load.ts'
import { type Entry, type Journal, repeat } from './client.ts'
import type { FlorinProcess } from './florin-process.ts'
import { type Load, startLoad } from './load.ts'
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

/** What a round is run on. */
export interface Parties {
  readonly database: Database
  /** Where the API processes answer. */
  readonly addresses: readonly Api[]
  readonly processes: readonly FlorinProcess[]
}

export interface RoundPlan {
  readonly round: number
  readonly fault: string
  /** Answers when nothing is broken any more, or what was killed may start again. */
  inject(): Promise<unknown>
  readonly seed: number
  /** Load before the fault and after the recovery, each. */
  readonly calmMs: number
  readonly clients: number
}

const REPEATERS = 16

/** Load, a fault in the middle of it, recovery, more load; then every key again, and the verdict. */
export async function runRound(parties: Parties, plan: RoundPlan): Promise<RoundResult> {
  const { database, addresses, processes } = parties
  const { round, fault, seed, calmMs, clients } = plan
  const [first] = addresses
  if (!first) throw new Error('an installation has an API process')
  const name = `r${round}`
  const world = await createWorld(first, name)
  const load = startLoad({ apis: addresses, world, clients, name, seed: seed + round })
  await sleep(calmMs)
  const brokeAt = performance.now()
  await plan.inject()
  const mendedAt = performance.now()
  await Promise.all(addresses.map((api) => untilServing(api, name)))
  const recoveredAt = performance.now()
  await sleep(calmMs)
  await load.stop()
  await Promise.all(processes.map((process) => process.ready()))
  await repeatAll(load, addresses)
  const { entries } = load.journal
  return {
    round,
    fault,
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
async function repeatAll({ journal }: Load, addresses: readonly Api[]): Promise<void> {
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
