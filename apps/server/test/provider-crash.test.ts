import { mkdtemp, rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Api, callApi } from '../../../bench/api.ts'
import { type FlorinProcess, startFlorinProcess } from '../../../bench/faults/florin-process.ts'
import { type Provider, SANDBOX_KEY, startProvider } from '../../../bench/faults/provider/provider-server.ts'
import { judgeProvider } from '../../../bench/faults/provider/provider-verdict.ts'
import { enrol, openShop } from '../../../bench/faults/provider/shop.ts'
import { createRandom } from '../../../bench/faults/random.ts'
import { type Database, openDatabase } from '../src/platform/database.ts'
import { freePort } from '../src/platform/free-port.ts'
import { until } from './at-once.ts'
import { createTestDatabase, type TestDatabase } from './stack.ts'

// A process is killed after the provider has done what it was asked for, and before it answered. No event tells of it, and
// no worker looks: whoever asks again with the same key finds what was done.

let home: string
let created: TestDatabase
let database: Database
let provider: Provider
let florin: FlorinProcess
let api: Api

beforeAll(async () => {
  home = await mkdtemp('/tmp/florin-test-home-')
  created = await createTestDatabase()
  database = openDatabase(created.databaseUrl, { connections: 2 })
  provider = await startProvider('whsec_unused', () => ['http://127.0.0.1:1/nowhere'], createRandom(1))
  const port = await freePort()
  const env = {
    DATABASE_URL: created.databaseUrl,
    FLORIN_PORT: String(port),
    FLORIN_STRIPE_SANDBOX_URL: provider.url,
    FLORIN_STRIPE_SANDBOX_KEY: SANDBOX_KEY,
    FLORIN_DEMO: 'off',
    FLORIN_WORKER: 'off',
    REDIS_URL: '',
    STRIPE_SECRET_KEY: '',
  }
  florin = startFlorinProcess({ name: 'api', entry: 'start.ts', home, env })
  api = { port, secretKey: await florin.ready() }
  await openShop(api)
}, 120_000)
afterAll(async () => {
  await florin.stop()
  await provider.close()
  await database.close()
  await created.drop()
  await rm(home, { recursive: true, force: true })
})

/** Asks, kills the process once the provider has done it, and asks again until there is an answer. */
async function dieAfter<Data>(match: string, isDone: () => Promise<boolean>, ask: () => Promise<Data>): Promise<Data> {
  await provider.breakIt({ match, fault: 'delay', delayMs: 3_000 })
  const cutOff = ask().then(
    () => 'answered',
    () => 'cut off',
  )
  await until(isDone, (done) => done)
  await florin.kill()
  expect(await cutOff).toBe('cut off')
  await florin.ready()
  const answer = await until(
    () => ask().catch(() => null),
    (data) => data !== null,
    30_000,
  )
  return answer as Data
}

test('P04 a process that is killed between the charge and its own commit: asked again, one charge and one grant', async () => {
  await enrol(api, { id: 'p04-buyer', kind: 'buyer' })
  const document = `mutation ($input: PurchaseBundleInput!) { purchaseBundle(input: $input) { ... on PurchaseSuccess { grant { amount } } } }`
  const input = { customerId: 'p04-buyer', bundle: 'pack', idempotencyKey: 'once' }
  const charges = async () => (await provider.stripe.charges.list({ limit: 10 })).data.length
  const before = await charges()
  const sold = await dieAfter(
    'POST /v1/payment_intents',
    async () => (await charges()) > before,
    () => callApi(api, document, { input }),
  )
  expect(sold).toEqual({ purchaseBundle: { grant: { amount: '100' } } })
  expect(await charges()).toBe(before + 1)
  expect(await judgeProvider(database, provider, 'p04', [])).toMatchObject({ charges: 2, grants: 2, breaches: [] })
}, 120_000)

test('R05 a process that is killed between the refund and its own commit: asked again, one refund', async () => {
  await enrol(api, { id: 'r05-buyer', kind: 'buyer' })
  const payments = `query { payments(customerId: "r05-buyer") { nodes { id refunded } } }`
  const refunded = () => callApi<{ payments: { nodes: { id: string; refunded: string }[] } }>(api, payments)
  const paymentId = (await refunded()).payments.nodes[0]?.id
  const document = `mutation ($input: RefundPaymentInput!) { refundPayment(input: $input) { status amount } }`
  const refunds = async () => (await provider.stripe.refunds.list({ limit: 10 })).data.length
  const back = await dieAfter(
    'POST /v1/refunds',
    async () => (await refunds()) === 1,
    () => callApi(api, document, { input: { paymentId, amount: '4.00', idempotencyKey: 'once' } }),
  )
  expect(back).toEqual({ refundPayment: { status: 'SUCCEEDED', amount: '4.00' } })
  expect(await refunds()).toBe(1)
  expect((await refunded()).payments.nodes[0]?.refunded).toBe('4.00')
  expect(await judgeProvider(database, provider, 'r05', [])).toMatchObject({
    lost: 0,
    doubled: 0,
    refunds: 1,
    breaches: [],
  })
}, 120_000)
