import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startRedis, type TestRedis } from '../../../tests/services/redis.ts'
import { atOnce, inTurn, until } from './at-once.ts'
import { consume, customerToken, grantCredits } from './calls.ts'
import { type Peer, type Stack, startStack } from './stack.ts'
import { type Watcher, watchBillingState } from './watch-billing-state.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

const CUSTOMERS = 10
const WATCHERS_EACH = 5
const CLIENTS = 4

let redis: TestRedis
let stack: Stack
let other: Peer

beforeAll(async () => {
  redis = await startRedis()
  stack = await startStack({ redisUrl: redis.url })
  await publishWorkedExample(stack)
  other = await stack.addPeer()
})
afterAll(async () => {
  redis.resume()
  await stack.close()
  await redis.stop()
})

interface Load {
  /** How many draws were answered so far; a draw that fails rejects `stop`. */
  readonly draws: () => number
  stop(): Promise<void>
}

/** Draws of 1 for all customers, over both processes, until it is stopped: about 200 a second. */
function drawForAll(customers: readonly string[], name: string): Load {
  let draws = 0
  let stopped = false
  const clients = atOnce(CLIENTS, async (client) => {
    while (!stopped) {
      const customerId = customers[draws % customers.length] as string
      const { usage } = await consume(client % 2 === 0 ? stack : other, {
        customerId,
        idempotencyKey: `${name}-${client}-${draws++}`,
      })
      expect(usage?.status).toBe('RECORDED')
      await sleep(CLIENTS * 5)
    }
  })
  clients.catch(() => {})
  return {
    draws: () => draws,
    stop: async () => {
      stopped = true
      await clients
    },
  }
}

async function customersWithWatchers(name: string): Promise<{ customers: string[]; watchers: Watcher[] }> {
  const customers = await inTurn(CUSTOMERS, async (index) => {
    const customerId = await signUp(stack, `${name}-${index}`, 'prepaid')
    await grantCredits(stack, { customerId, amount: '100000', idempotencyKey: 'start' })
    return customerId
  })
  const tokens = await Promise.all(customers.map((customerId) => customerToken(stack, customerId)))
  const watchers = customers.flatMap((customerId, index) =>
    Array.from({ length: WATCHERS_EACH }, () => watchBillingState(other, customerId, tokens[index] as string)),
  )
  await until(
    () => watchers.filter(({ states }) => states.length === 0).length,
    (waiting) => waiting === 0,
  )
  return { customers, watchers }
}

/** For each watcher, how far the version that it shows is behind the database's. */
async function lags(customers: readonly string[], watchers: readonly Watcher[]): Promise<number[]> {
  const rows = await stack.database.query<{ id: string; version: number }>(
    'select c.id, l.version from customer c join customer_ledger l on l.customer_pk = c.pk where c.id = any($1)',
    [customers],
  )
  const versions = new Map(rows.map(({ id, version }) => [id, version]))
  return watchers.map((watcher, index) => {
    const customerId = customers[Math.floor(index / WATCHERS_EACH)] as string
    return (versions.get(customerId) ?? -1) - (watcher.newest()?.version ?? 0)
  })
}

function wentBack(watchers: readonly Watcher[]): number {
  return watchers.filter(({ states }) =>
    states.some(({ version }, index) => index > 0 && version <= (states[index - 1]?.version ?? 0)),
  ).length
}

test('L01 Redis is killed for 2 s under load: 50 watchers are on the database version 2 s after it is back, and none goes back', async () => {
  const { customers, watchers } = await customersWithWatchers('l01')
  const load = drawForAll(customers, 'l01')
  await until(load.draws, (draws) => draws > 40)
  await redis.kill()
  const atKill = load.draws()
  await sleep(2_000)
  expect(load.draws()).toBeGreaterThan(atKill)
  await redis.restart()
  await until(load.draws, (draws) => draws > atKill + 100)
  await load.stop()

  await until(
    () => lags(customers, watchers),
    (behind) => behind.every((versions) => versions === 0),
    2_000,
  )
  expect(wentBack(watchers)).toBe(0)
  expect(watchers.flatMap(({ closes }) => closes)).toEqual([])
  for (const watcher of watchers) watcher.close()
})

test('L02 Redis hangs for 4 s: no draw fails or waits for it, and all watchers are current when it goes on', async () => {
  const { customers, watchers } = await customersWithWatchers('l02')
  const load = drawForAll(customers, 'l02')
  await until(load.draws, (draws) => draws > 40)
  redis.pause()
  const atPause = load.draws()
  await sleep(4_000)
  // It hangs for as long as these take: a draw that waited for it would get no answer.
  await until(load.draws, (draws) => draws > atPause + 100)
  await load.stop()
  await until(
    () => lags(customers, watchers),
    (behind) => behind.every((versions) => versions === 0),
    2_000,
  )
  redis.resume()
  expect(wentBack(watchers)).toBe(0)
  for (const watcher of watchers) watcher.close()
})
