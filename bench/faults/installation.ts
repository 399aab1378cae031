import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Database, openDatabase } from '../../apps/server/src/platform/database.ts'
import { freePort } from '../../apps/server/src/platform/free-port.ts'
import { findProgram, redisServer } from '../../tests/services/programs.ts'
import { startRedis, type TestRedis } from '../../tests/services/redis.ts'
import type { Api } from '../api.ts'
import { type FlorinProcess, startFlorinProcess } from './florin-process.ts'
import { type MortalPostgres, startMortalPostgres } from './mortal-postgres.ts'
import { type Network, startNetwork } from './network.ts'

/** A Florin of several processes, every part of which can be made to fail. */
export interface Installation {
  readonly postgres: MortalPostgres
  /** Between the first API process and PostgreSQL. */
  readonly network: Network
  /** Null: there is none on this machine. */
  readonly redis: TestRedis | null
  readonly apis: readonly FlorinProcess[]
  readonly worker: FlorinProcess
  /** Where each API process answers, in their order. */
  readonly addresses: readonly Api[]
  /** Where the processes write their logs. */
  readonly home: string
  /** A look at the database that no fault touches but its own death. */
  openDatabase(): Database
}

export type Stop = () => Promise<unknown>

const API_PROCESSES = 2

/** `stops` gets how to end each part. */
export async function startInstallation(stops: Stop[]): Promise<Installation> {
  const home = await mkdtemp('/tmp/florin-faults-')
  await chmod(home, 0o755) // as root PostgreSQL runs as another account, which must pass
  stops.push(() => rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }))
  const postgres = await startMortalPostgres(join(home, 'postgres'))
  stops.push(() => postgres.stop())
  const network = await startNetwork(postgres.port)
  stops.push(() => network.close())
  const redis = findProgram(redisServer) ? await startRedis() : null
  if (redis) stops.push(() => redis.stop())

  const common = {
    REDIS_URL: redis?.url ?? '',
    STRIPE_SECRET_KEY: '',
    FLORIN_STRIPE_SANDBOX_KEY: 'sk_test_florin_faults',
    FLORIN_DEMO: 'off',
    FLORIN_WORKER: 'off',
  }
  const ports = await Promise.all(Array.from({ length: API_PROCESSES }, freePort))
  const sandboxUrl = `http://127.0.0.1:${ports[0]}`
  const apis: FlorinProcess[] = []
  const addresses: Api[] = []
  for (const [index, port] of ports.entries()) {
    const isFirst = index === 0
    const api = startFlorinProcess({
      name: `api-${index + 1}`,
      entry: 'start.ts',
      home,
      env: {
        ...common,
        DATABASE_URL: postgres.urlAt(isFirst ? network.port : postgres.port),
        FLORIN_PORT: String(port),
        FLORIN_STRIPE_SANDBOX_URL: isFirst ? '' : sandboxUrl,
      },
    })
    stops.push(() => api.stop())
    apis.push(api)
    // One after the other: the first one migrates.
    addresses.push({ port, secretKey: await api.ready() })
  }
  const worker = startFlorinProcess({
    name: 'worker',
    entry: 'work.ts',
    home,
    env: { ...common, DATABASE_URL: postgres.urlAt(postgres.port), FLORIN_STRIPE_SANDBOX_URL: sandboxUrl },
  })
  stops.push(() => worker.stop())
  await worker.ready()
  const open = () => openDatabase(postgres.urlAt(postgres.port), { connections: 2 })
  return { postgres, network, redis, apis, worker, addresses, home, openDatabase: open }
}
