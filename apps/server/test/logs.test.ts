import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../src/platform/free-port.ts'
import { ask } from './ask.ts'
import { until } from './at-once.ts'
import { deliver, signatureOf } from './provider.ts'
import { createTestDatabase, type TestDatabase } from './stack.ts'
import { closeCodeOf } from './watch-billing-state.ts'

// A whole Florin in a process of its own, for what it prints and leaves behind.

const START = fileURLToPath(new URL('../src/start.ts', import.meta.url))

let database: TestDatabase
let home: string
let florin: ChildProcess
let url: string
let secretKey: string
let logged = ''

beforeAll(async () => {
  database = await createTestDatabase()
  home = await mkdtemp('/tmp/florin-test-home-')
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  florin = spawn(process.execPath, ['--import', 'tsx', START], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: database.databaseUrl,
      FLORIN_HOME: home,
      FLORIN_PORT: String(port),
      FLORIN_DEMO: 'off',
      FLORIN_LOG_LEVEL: 'trace',
    },
  })
  florin.stderr?.on('data', (chunk: Buffer) => (logged += chunk))
  const ready = await until(readReady, (file) => file !== null, 60_000)
  secretKey = (ready as { secretKey: string }).secretKey
})
afterAll(async () => {
  const ended = once(florin, 'exit')
  florin.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
  await database.drop()
  await rm(home, { recursive: true, force: true })
})

async function readReady(): Promise<unknown> {
  const text = await readFile(join(home, 'ready.json'), 'utf8').catch(() => null)
  return text === null ? null : JSON.parse(text)
}

const CANARIES = ['sk_live_CANARY1', 'sk_test_CANARY2', 'ct_CANARY3', 'ct_e30.CANARY4.e30', 'sk-CANARY5'] as const

test('T15 no key or token that anybody ever sends is in the logs, nor the secret key, nor what fails unexpectedly', async () => {
  const graphqlUrl = `${url}/graphql`
  for (const canary of CANARIES) {
    const authorization = `Bearer ${canary}`
    await ask(graphqlUrl, { document: '{ clock }', authorization })
    await ask(graphqlUrl, {
      document: '{ clock }',
      authorization,
      headers: { accept: 'application/graphql-response+json' },
    })
    await ask(graphqlUrl, { document: `{ ${canary.replaceAll(/\W/g, '_')} }`, authorization })
    await ask(graphqlUrl, { document: `query { clock`, authorization: canary })
    await closeCodeOf({ url }, { authorization })
    await fetch(`${url}/checkout/${canary}`, { headers: { authorization, cookie: `key=${canary}` } })
    await deliver({ url }, `{"id":"${canary}"}`, signatureOf('another'))
    // Something that nobody expects: the database loses its table for a moment.
    await withoutTable('customer', () =>
      ask(graphqlUrl, {
        document: `query ($id: ID!) { customer(id: $id) { id } }`,
        variables: { id: canary },
        authorization: `Bearer ${secretKey}`,
      }),
    )
  }
  await until(
    () => logged.split('unexpected failure').length - 1,
    (failures) => failures >= CANARIES.length,
  )
  const found = [secretKey, ...CANARIES, 'CANARY'].filter((canary) => logged.includes(canary))
  expect(found).toEqual([])
})

async function withoutTable(table: string, work: () => Promise<{ text: string }>): Promise<void> {
  await database.query(`alter table ${table} rename to ${table}_away`)
  const { text } = await work().finally(() => database.query(`alter table ${table}_away rename to ${table}`))
  expect(text).toMatch(/"code":"INTERNAL","requestId":"[0-9a-f-]{36}"/)
  expect(text).not.toContain('relation')
}

test('T15 the data directory is for its owner alone', async () => {
  for (const file of ['ready.json', 'secrets.json']) expect((await stat(join(home, file))).mode & 0o077).toBe(0)
})
