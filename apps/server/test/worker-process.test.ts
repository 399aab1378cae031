import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../src/platform/database.ts'
import { freePort } from '../src/platform/free-port.ts'
import { ask } from './ask.ts'
import { until } from './at-once.ts'
import { createTestDatabase, type Peer, type TestDatabase } from './stack.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

// `npm run worker` as a process of its own, for what it does when no API process is there.

let home: string
let created: TestDatabase
let database: Database

beforeAll(async () => {
  home = await mkdtemp('/tmp/florin-test-home-')
  created = await createTestDatabase()
  database = openDatabase(created.databaseUrl, { connections: 1 })
})
afterAll(async () => {
  await database.close()
  await created.drop()
  await rm(home, { recursive: true, force: true })
})

function run(entry: 'start.ts' | 'work.ts', env: Record<string, string>): ChildProcess {
  const path = fileURLToPath(new URL(`../src/${entry}`, import.meta.url))
  return spawn(process.execPath, ['--import', 'tsx', path], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, FLORIN_HOME: home, FLORIN_DEMO: 'off', ...env },
  })
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'close')
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
}

/** Does something at an API process that then ends. */
async function withApi(work: (api: Pick<Peer, 'query'>) => Promise<unknown>): Promise<void> {
  const env = { DATABASE_URL: created.databaseUrl, FLORIN_PORT: String(await freePort()), FLORIN_WORKER: 'off' }
  const florin = run('start.ts', env)
  const readReady = () => readFile(join(home, 'ready.json'), 'utf8').catch(() => null)
  const ready = JSON.parse((await until(readReady, (text) => text !== null, 60_000)) as string)
  const authorization = `Bearer ${ready.secretKey}`
  await work({ query: (document, variables = {}) => ask(ready.graphqlUrl, { document, variables, authorization }) })
  await stop(florin)
}

test('a worker process renews what is due, and ends when it is told to', async () => {
  await withApi(async (api) => {
    await publishWorkedExample(api)
    await signUp(api, 'alone')
  })
  await database.query(`update project set clock_offset_ms = $1`, [32 * 86_400_000])

  const worker = run('work.ts', { DATABASE_URL: created.databaseUrl })
  const periods = () => database.query<{ period_index: number }>(`select period_index from subscription`)
  expect(await until(periods, ([row]) => row?.period_index !== 0, 60_000)).toEqual([{ period_index: 1 }])
  await stop(worker)
})

test('a worker process without the encryption key does all but tell endpoints, and says so', async () => {
  const worker = run('work.ts', { DATABASE_URL: created.databaseUrl, FLORIN_HOME: `${home}-of-nobody` })
  let said = ''
  worker.stderr?.on('data', (chunk: Buffer) => {
    said += chunk
  })
  await once(worker.stdout as NodeJS.ReadableStream, 'data')
  await stop(worker)
  expect(said).toContain('FLORIN_ENCRYPTION_KEY is missing, so this worker delivers no webhooks')
})

test('a worker process without a database says what it needs', async () => {
  const worker = run('work.ts', {})
  let said = ''
  worker.stderr?.on('data', (chunk: Buffer) => {
    said += chunk
  })
  expect(await once(worker, 'close')).toEqual([1, null])
  expect(said).toBe('florin: DATABASE_URL is missing: a worker works on the database of the API processes\n')
})

test.each(['start.ts', 'work.ts'] as const)(
  'P31 %s with a key of the provider and no secret says what it needs',
  async (entry) => {
    const child = run(entry, {
      DATABASE_URL: created.databaseUrl,
      STRIPE_SECRET_KEY: 'sk_live_1',
      STRIPE_WEBHOOK_SECRET: ' ',
    })
    let said = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk
    })
    expect(await once(child, 'close')).toEqual([1, null])
    expect(said).toContain(
      'STRIPE_WEBHOOK_SECRET is missing: with STRIPE_SECRET_KEY set, Florin needs the signing secret (whsec_',
    )
  },
)
