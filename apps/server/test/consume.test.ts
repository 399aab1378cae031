import { afterAll, beforeAll, expect, test } from 'vitest'
import { atOnce, inTurn, tally, until } from './at-once.ts'
import { available, billingState, consume, grantCredits, ledger, recordUsage } from './calls.ts'
import { countOwnRows, keyOf } from './rows.ts'
import { type Peer, type Stack, startStack } from './stack.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

let stack: Stack
let other: Peer

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  other = await stack.addPeer()
})
afterAll(() => stack.close())

/** A customer with so many granted credits and no allowance. */
async function customerWith(credits: string, id: string): Promise<string> {
  const customerId = await signUp(stack, id, 'prepaid')
  await grantCredits(stack, { customerId, amount: credits, idempotencyKey: 'start' })
  return customerId
}

async function drawsOf(customerId: string): Promise<{ draws: number; credits: string | null }> {
  const [row] = await stack.database.query<{ draws: number; credits: string | null }>(
    `select count(*) as draws, (-sum(amount))::text as credits from ledger_entry where customer_pk = $1 and kind = 'DRAW'`,
    [await keyOf(stack.database, customerId)],
  )
  return row ?? { draws: 0, credits: null }
}

test('B01 500 credits, 32 clients × 60 draws of 1 at once: exactly 500 succeed', async () => {
  const customerId = await customerWith('500', 'b01')
  const answers = await atOnce(32, (client) =>
    inTurn(60, (draw) => consume(stack, { customerId, idempotencyKey: `${client}-${draw}` })),
  )
  const reasons = answers.flat().map(({ decision }) => decision.reason)
  expect(tally(reasons)).toEqual({ COVERED: 500, INSUFFICIENT_CREDITS: 1420 })
  expect(await drawsOf(customerId)).toEqual({ draws: 500, credits: '500' })
  expect(await available(stack, customerId)).toBe('0')
})

test('200 parallel consumes against 100 credits over two processes: exactly 100 succeed', async () => {
  const customerId = await customerWith('100', 'parallel')
  const answers = await atOnce(200, (index) =>
    consume(index % 2 === 0 ? stack : other, { customerId, idempotencyKey: `${index}` }),
  )
  expect(tally(answers.map(({ usage }) => usage?.status ?? 'refused'))).toEqual({ RECORDED: 100, refused: 100 })
  const left = answers.flatMap(({ usage }) => (usage ? [Number(usage.available)] : [])).sort((a, b) => a - b)
  expect(left).toEqual(Array.from({ length: 100 }, (_, index) => index))
  expect(await available(other, customerId)).toBe('0')
})

test('B05 whoever waits for the lock decides on what is left behind it', async () => {
  const customerId = await customerWith('100', 'b05')
  const key = await keyOf(stack.database, customerId)
  const waiting = async () => {
    const rows = await stack.database.query(
      `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
    return rows.length
  }
  const [first, second] = await stack.database
    .transaction(async (tx) => {
      await tx.query('select 1 from customer_ledger where customer_pk = $1 for update', [key])
      const half = consume(stack, { customerId, quantity: '50', idempotencyKey: 'half' })
      await until(waiting, (count) => count === 1)
      const all = consume(other, { customerId, quantity: '100', idempotencyKey: 'all' })
      await until(waiting, (count) => count === 2)
      return [half, all] as const
    })
    .then((calls) => Promise.all(calls))
  expect(first.decision.reason).toBe('COVERED')
  expect(second).toMatchObject({ decision: { allowed: false, reason: 'INSUFFICIENT_CREDITS' }, usage: null })
  expect(await available(stack, customerId)).toBe('50')
})

test('B06 batches that name two customers in both orders, 16 clients over two processes: no deadlock', async () => {
  const left = await customerWith('1000', 'b06-left')
  const right = await customerWith('1000', 'b06-right')
  const answers = await atOnce(16, (client) =>
    inTurn(25, (call) => {
      const pair = (client + call) % 2 === 0 ? [left, right] : [right, left]
      const events = pair.map((customerId) => ({ customerId, idempotencyKey: `${client}-${call}`, value: '1' }))
      return recordUsage(client < 8 ? stack : other, events)
    }),
  )
  expect(tally(answers.flat(2).map(({ status }) => status))).toEqual({ RECORDED: 800 })
  expect(await available(stack, left)).toBe('600')
  expect(await available(stack, right)).toBe('600')
  const [statistics] = await stack.database.query<{ deadlocks: number }>(
    'select deadlocks from pg_stat_database where datname = current_database()',
  )
  expect(statistics).toEqual({ deadlocks: 0 })
})

test('B08 a key used again with another quantity is refused and writes nothing', async () => {
  const customerId = await customerWith('100', 'b08')
  await consume(stack, { customerId, quantity: '10', idempotencyKey: 'K' })
  const before = await countOwnRows(stack.database)
  const again = consume(stack, { customerId, quantity: '20', idempotencyKey: 'K' })
  await expect(again).rejects.toThrow('"code":"IDEMPOTENCY_CONFLICT","field":"idempotencyKey"')
  expect(await countOwnRows(stack.database)).toEqual(before)
  expect(await available(stack, customerId)).toBe('90')
})

test('B09 64 parallel calls with one key over two processes: one effect, one answer', async () => {
  const customerId = await customerWith('100', 'b09')
  const answers = await atOnce(64, (index) =>
    consume(index % 2 === 0 ? stack : other, { customerId, quantity: '7', idempotencyKey: 'same' }),
  )
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  expect(await drawsOf(customerId)).toEqual({ draws: 1, credits: '7' })
  expect((await ledger(stack, customerId)).filter(({ kind }) => kind === 'DRAW')).toHaveLength(1)
})

test('B10 a client that gave up and asks again, twice, is charged once', async () => {
  const customerId = await customerWith('100', 'b10')
  const body = {
    query: `mutation ($input: ConsumeInput!) { consume(input: $input) { decision { allowed } } }`,
    variables: { input: { customerId, meter: 'character_generation', quantity: '4', idempotencyKey: 'patient' } },
  }
  const giveUp = new AbortController()
  const abandoned = fetch(stack.graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${stack.secretKey}` },
    body: JSON.stringify(body),
    signal: giveUp.signal,
  })
  setImmediate(() => giveUp.abort())
  await expect(abandoned).rejects.toThrow('aborted')
  for (const peer of [other, stack]) await consume(peer, { customerId, quantity: '4', idempotencyKey: 'patient' })
  expect(await drawsOf(customerId)).toEqual({ draws: 1, credits: '4' })
})

test('a refused key stays refused after a top-up, and a new one is allowed', async () => {
  const customerId = await customerWith('1', 'refused')
  const refused = await consume(stack, { customerId, quantity: '5', idempotencyKey: 'first' })
  expect(refused.decision).toMatchObject({ allowed: false, reason: 'INSUFFICIENT_CREDITS' })
  await grantCredits(stack, { customerId, amount: '10', idempotencyKey: 'top-up' })
  expect(await consume(other, { customerId, quantity: '5', idempotencyKey: 'first' })).toEqual(refused)
  const { version } = await billingState(stack, customerId)
  const allowed = await consume(stack, { customerId, quantity: '5', idempotencyKey: 'second' })
  expect(allowed).toMatchObject({ usage: { status: 'RECORDED', available: '6', version: version + 1 } })
})
