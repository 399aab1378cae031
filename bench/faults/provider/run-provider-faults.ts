import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openDatabase } from '../../../apps/server/src/platform/database.ts'
import { freePort } from '../../../apps/server/src/platform/free-port.ts'
import type { Api } from '../../api.ts'
import { startFlorinProcess } from '../florin-process.ts'
import type { Stop } from '../installation.ts'
import { startMortalPostgres } from '../mortal-postgres.ts'
import { createRandom, type Random } from '../random.ts'
import { providerFaults } from './provider-faults.ts'
import { explainProviderRound, formatProviderRound, providerHeadings } from './provider-report.ts'
import { type ProviderParties, type ProviderRound, runProviderRound } from './provider-round.ts'
import { SANDBOX_KEY, startProvider } from './provider-server.ts'
import { openShop } from './shop.ts'

const SECRET = 'whsec_of_the_fault_rounds'
const LATE_MS = 60_000
const BROKEN_MS = 4_000
const CUSTOMERS = 4

/** Rounds of `npm run faults -- --fault provider`: a name after it takes the faults of that name. Answers whether all is well. */
export async function runProviderFaults(
  { rounds, seed, only, print }: { rounds: number; seed: number; only: string; print(line: string): void },
  stops: Stop[],
): Promise<boolean> {
  const random = createRandom(seed)
  const plan = planRounds(rounds, random, only)
  const parties = await startParties(random, stops)
  await openShop(parties.addresses[0] as Api)
  print(providerHeadings())
  const results: ProviderRound[] = []
  for (const [index, fault] of plan.entries()) {
    const result = await runProviderRound(parties, {
      round: index + 1,
      fault,
      random,
      seed,
      customers: CUSTOMERS,
      brokenMs: BROKEN_MS,
    })
    results.push(result)
    print(formatProviderRound(result))
    for (const line of explainProviderRound(result)) print(`       ${line}`)
  }
  print('')
  print(closingLine(results, seed))
  return results.every((result) => explainProviderRound(result).length === 0)
}

function planRounds(rounds: number, random: Random, only: string) {
  const wanted = only.replace(/^provider:?\s*/, '')
  const possible = providerFaults(LATE_MS).filter(({ name }) => name.includes(wanted))
  if (possible.length === 0) throw new Error(`${only}: there is no such fault`)
  const shuffled = random.shuffled(possible)
  return Array.from({ length: rounds }, (_, round) => shuffled[round % shuffled.length] as (typeof shuffled)[number])
}

function closingLine(results: readonly ProviderRound[], seed: number): string {
  const sum = (count: (result: ProviderRound) => number) => results.reduce((total, result) => total + count(result), 0)
  const slowest = Math.max(...results.map(({ recoveryMs }) => recoveryMs)) / 1_000
  return (
    `${results.length} rounds, ${sum(({ deeds }) => deeds.length)} operations, ` +
    `${sum(({ deeds }) => deeds.filter(({ unknowns }) => unknowns > 0).length)} unknown in between, ` +
    `${sum(({ verdict }) => verdict.charges)} charges, ${sum(({ verdict }) => verdict.grants)} grants, ` +
    `${sum(({ verdict }) => verdict.refunds)} refunds: lost ${sum(({ verdict }) => verdict.lost)}, ` +
    `doubled ${sum(({ verdict }) => verdict.doubled)}, failed ${sum(({ verdict }) => verdict.failed)}, ` +
    `pending ${sum(({ pending }) => pending.length)}, invariants broken ${sum(({ verdict }) => verdict.breaches.length)}, ` +
    `recovery at most ${slowest.toFixed(1)} s, seed ${seed}`
  )
}

/** Two API processes and a worker on a database of their own; the provider is in this process. */
async function startParties(random: Random, stops: Stop[]): Promise<ProviderParties> {
  const home = await mkdtemp('/tmp/florin-faults-')
  await chmod(home, 0o755) // as root PostgreSQL runs as another account, which must pass
  stops.push(() => rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }))
  const postgres = await startMortalPostgres(join(home, 'postgres'))
  stops.push(() => postgres.stop())
  const addresses: Api[] = []
  const provider = await startProvider(
    SECRET,
    () => addresses.map(({ port }) => `http://127.0.0.1:${port}/webhooks/stripe-sandbox`),
    random,
  )
  stops.push(() => provider.close())
  const common = {
    DATABASE_URL: postgres.urlAt(postgres.port),
    REDIS_URL: '',
    STRIPE_SECRET_KEY: '',
    FLORIN_STRIPE_SANDBOX_URL: provider.url,
    FLORIN_STRIPE_SANDBOX_KEY: SANDBOX_KEY,
    FLORIN_DEMO: 'off',
    FLORIN_WORKER: 'off',
  }
  for (const name of ['api-1', 'api-2']) {
    await mkdir(join(home, name))
    await writeFile(join(home, name, 'secrets.json'), JSON.stringify({ sandboxWebhookSecret: SECRET }))
    const port = await freePort()
    const env = { ...common, FLORIN_PORT: String(port) }
    const api = startFlorinProcess({ name, entry: 'start.ts', home, env })
    stops.push(() => api.stop())
    // One after the other: the first one migrates.
    addresses.push({ port, secretKey: await api.ready() })
  }
  const worker = startFlorinProcess({ name: 'worker', entry: 'work.ts', home, env: common })
  stops.push(() => worker.stop())
  await worker.ready()
  const database = openDatabase(postgres.urlAt(postgres.port), { connections: 2 })
  stops.push(() => database.close())
  return { database, addresses, provider }
}
