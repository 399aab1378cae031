import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startRedis, type TestRedis } from '../../../tests/services/redis.ts'
import { atOnce, inTurn, tally } from './at-once.ts'
import { askConsume, available, consume, grantCredits, ledger, recordUsage } from './calls.ts'
import { captureHold, holding, holdOf, releaseHold } from './holding.ts'
import { type Peer, type Stack, startStack } from './stack.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

// Two processes on one database, with a Redis between them that loses what it has.

let redis: TestRedis
let stack: Stack
let other: Peer

beforeAll(async () => {
  redis = await startRedis()
  stack = await startStack({ redisUrl: redis.url, excused: /the disk of B14 is full/ })
  await publishWorkedExample(stack)
  other = await stack.addPeer()
})
afterAll(async () => {
  await stack.close()
  await redis.stop()
})

const DAY = 86_400_000

test('B02 10,000 draws over two processes against 5,000 credits in four grants: 5,000 succeed, what ends first goes first', async () => {
  const customerId = await signUp(stack, 'b02', 'prepaid')
  const days = [40, 10, 30, 20]
  const grants = await inTurn(4, (n) =>
    grantCredits(stack, {
      customerId,
      amount: '1250',
      expiresAt: new Date(Date.now() + (days[n] as number) * DAY).toISOString(),
      idempotencyKey: `grant-${n}`,
    }),
  )
  const reasons = await atOnce(100, (client) =>
    inTurn(100, async (n) => {
      const { decision } = await consume(client % 2 === 0 ? stack : other, {
        customerId,
        idempotencyKey: `${client}-${n}`,
      })
      return decision.reason
    }),
  )
  expect(tally(reasons.flat())).toEqual({ COVERED: 5000, INSUFFICIENT_CREDITS: 5000 })
  expect(await available(stack, customerId)).toBe('0')
  const rows = await stack.database.query<{ id: string; first: number; last: number; draws: number }>(
    `select g.id, min(e.pk) as first, max(e.pk) as last, count(*) as draws from ledger_entry e join "grant" g on g.id = e.grant_id
     join customer c on c.pk = e.customer_pk where c.id = $1 and e.kind = 'DRAW' group by g.id, g.expires_at order by g.expires_at`,
    [customerId],
  )
  expect(rows.map(({ draws }) => draws)).toEqual([1250, 1250, 1250, 1250])
  const drawn = rows.map(({ id }) => grants.findIndex((grant) => grant.id.endsWith(id.replaceAll('-', ''))))
  expect(drawn).toEqual([1, 3, 2, 0])
  for (const [n, { last }] of rows.slice(0, -1).entries()) expect(last).toBeLessThan(rows[n + 1]?.first ?? 0)
}, 120_000)

test('B14 a write that fails once after the key was looked up is metered once by the retry', async () => {
  const customerId = await signUp(stack, 'b14', 'prepaid')
  await grantCredits(stack, { customerId, amount: '10', idempotencyKey: 'start' })
  // A sequence is not taken back with its transaction: the first write fails, and only that.
  await stack.database.query('create sequence b14_writes')
  await stack.database.query(`create function b14_fail() returns trigger language plpgsql as $$ begin
    if new.cause_id = 'b14' and nextval('b14_writes') = 1 then raise exception 'the disk of B14 is full'; end if;
    return new; end $$`)
  await stack.database.query(
    `create trigger b14 before insert on ledger_entry for each row execute function b14_fail()`,
  )
  const ask = { customerId, idempotencyKey: 'b14' }
  const failed = await askConsume(stack, ask)
  expect(failed.errors.map(({ extensions }) => extensions.code)).toEqual(['INTERNAL'])
  expect(await available(stack, customerId)).toBe('10')
  const retried = await consume(stack, ask)
  expect(retried.usage).toMatchObject({ status: 'RECORDED', available: '9' })
  expect(await consume(other, ask)).toEqual(retried)
  expect(await available(stack, customerId)).toBe('9')
  await stack.database.query('drop trigger b14 on ledger_entry')
})

test('B15 keys are known from the database: a Redis that forgot everything loses and repeats nothing', async () => {
  const customerId = await signUp(stack, 'b15', 'prepaid')
  await grantCredits(stack, { customerId, amount: '100', idempotencyKey: 'start' })
  const events = Array.from({ length: 20 }, (_, n) => ({ customerId, idempotencyKey: `e${n}`, value: '1' }))
  const first = await recordUsage(stack, events)
  const client = new Redis(redis.url)
  await client.flushall()
  await client.quit()
  const again = await recordUsage(other, events)
  expect(tally(again.map(({ status }) => status))).toEqual({ DUPLICATE: 20 })
  expect(again.map(({ version }) => version)).toEqual(first.map(({ version }) => version))
  expect(await available(stack, customerId)).toBe('80')
})

test('B19 what a process remembers of an account changes nothing: one, the other, or both in turn end in the same place', async () => {
  const lives: Record<string, (step: number) => Peer> = {
    one: () => stack,
    other: () => other,
    turns: (step) => (step % 2 === 0 ? stack : other),
    crowd: (step) => (step % 3 === 0 ? other : stack),
  }
  const ends = await Promise.all(
    Object.entries(lives).map(async ([name, peerAt]) => {
      const customerId = await signUp(stack, `b19-${name}`, 'prepaid')
      let step = 0
      const next = () => peerAt(step++)
      await inTurn(12, async (n) => {
        await grantCredits(next(), { customerId, amount: '7', priority: 90 + (n % 3), idempotencyKey: `g${n}` })
        await consume(next(), { customerId, quantity: '2.5', idempotencyKey: `c${n}` })
        const hold = await holdOf(next(), { customerId, quantity: '3', idempotencyKey: `h${n}` })
        await recordUsage(next(), [{ customerId, value: '1', idempotencyKey: `r${n}` }])
        if (n % 2 === 0) await captureHold(next(), hold.id, '2')
        else await releaseHold(next(), hold.id)
      })
      const entries = await ledger(stack, customerId)
      return { ...(await holding(other, customerId)), entries }
    }),
  )
  for (const end of ends) expect(end).toEqual(ends[0])
  expect(ends[0]?.available).toBe('30')
})
