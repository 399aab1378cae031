import { mkdtemp, rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Api } from '../../../bench/api.ts'
import { type FlorinProcess, startFlorinProcess } from '../../../bench/faults/florin-process.ts'
import { explain } from '../../../bench/faults/report.ts'
import { runRound } from '../../../bench/faults/round.ts'
import { defineWorld } from '../../../bench/faults/world.ts'
import { type Database, openDatabase } from '../src/platform/database.ts'
import { freePort } from '../src/platform/free-port.ts'
import { createTestDatabase, type TestDatabase } from './stack.ts'

// The shortest run of `npm run faults`: one round, one fault. The others need a PostgreSQL of their own to kill.

let home: string
let created: TestDatabase
let database: Database
const processes: FlorinProcess[] = []
const addresses: Api[] = []

beforeAll(async () => {
  home = await mkdtemp('/tmp/florin-test-home-')
  created = await createTestDatabase()
  database = openDatabase(created.databaseUrl, { connections: 2 })
  for (const name of ['api-1', 'api-2']) {
    const port = await freePort()
    const env = {
      DATABASE_URL: created.databaseUrl,
      FLORIN_PORT: String(port),
      FLORIN_DEMO: 'off',
      FLORIN_WORKER: 'off',
      REDIS_URL: '',
      STRIPE_SECRET_KEY: '',
    }
    const api = startFlorinProcess({ name, entry: 'start.ts', home, env })
    processes.push(api)
    addresses.push({ port, secretKey: await api.ready() })
  }
  await defineWorld(addresses[0] as Api, 0)
}, 120_000)
afterAll(async () => {
  await Promise.all(processes.map((process) => process.stop()))
  await database.close()
  await created.drop()
  await rm(home, { recursive: true, force: true })
})

test('an API process is killed in the middle of mutations: nothing acknowledged is lost, and nothing happens twice', async () => {
  const victim = processes[0] as FlorinProcess
  const result = await runRound(
    { database, addresses, processes },
    { round: 1, fault: 'kill', inject: () => victim.kill(), seed: 1, calmMs: 500, clients: 8 },
  )
  expect(explain(result)).toEqual([])
  expect(result.journal.entries.length).toBeGreaterThan(50)
}, 120_000)
