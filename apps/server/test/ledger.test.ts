import { afterAll, beforeAll, expect, test } from 'vitest'
import { atOnce, inTurn, until } from './at-once.ts'
import {
  available,
  billingState,
  consume,
  dataOf,
  faultOf,
  GRANT_CREDITS,
  grantCredits,
  ledger,
  recordUsage,
} from './calls.ts'
import { advanceTo } from './living.ts'
import { countOwnRows, keyOf } from './rows.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())

test('B04 a top-up that is posted twice counts once, and one without a key is refused', async () => {
  const customerId = await signUp(stack, 'b04', 'prepaid')
  await grantCredits(stack, { customerId, amount: '10', idempotencyKey: 'start' })
  const topUp = { customerId, amount: '100', kind: 'PREPAID', idempotencyKey: 'top-up' }
  const [first, ...others] = await atOnce(4, () => grantCredits(stack, topUp))
  expect(others).toEqual([first, first, first])
  expect(await available(stack, customerId)).toBe('110')
  const { idempotencyKey: _, ...without } = topUp
  const refused = stack.query(GRANT_CREDITS, { input: { ...without, creditType: 'credits' } })
  expect(await faultOf(refused)).toBe('INVALID_INPUT idempotencyKey')
  expect(await available(stack, customerId)).toBe('110')
})

test('B08 the same key with another amount is IDEMPOTENCY_CONFLICT, and its scope is the customer', async () => {
  const [one, two] = [await signUp(stack, 'b08-one', 'prepaid'), await signUp(stack, 'b08-two', 'prepaid')]
  await grantCredits(stack, { customerId: one, amount: '10', idempotencyKey: 'K' })
  const before = await countOwnRows(stack.database)
  const input = { customerId: one, creditType: 'credits', amount: '20', idempotencyKey: 'K' }
  expect(await faultOf(stack.query(GRANT_CREDITS, { input }))).toBe('IDEMPOTENCY_CONFLICT idempotencyKey')
  expect(await countOwnRows(stack.database)).toEqual(before)
  await grantCredits(stack, { customerId: two, amount: '20', idempotencyKey: 'K' })
  expect([await available(stack, one), await available(stack, two)]).toEqual(['10', '20'])
})

test('B13 a grant that is replayed five times moves the version once and says the same', async () => {
  const customerId = await signUp(stack, 'b13', 'prepaid')
  const { version } = await billingState(stack, customerId)
  const input = { customerId, amount: '10', idempotencyKey: 'once' }
  const first = await grantCredits(stack, input)
  await consume(stack, { customerId, quantity: '4', idempotencyKey: 'draw' })
  const rows = await countOwnRows(stack.database)
  const replays = await inTurn(5, () => grantCredits(stack, input))
  expect(new Set(replays.map((grant) => JSON.stringify(grant)))).toEqual(new Set([JSON.stringify(first)]))
  expect(await countOwnRows(stack.database)).toEqual(rows)
  expect(await billingState(stack, customerId)).toMatchObject({ version: version + 2, balances: [{ available: '6' }] })
})

test('B25 ledger entries can be neither changed nor deleted, by any role', async () => {
  const customerId = await signUp(stack, 'b25')
  const before = await ledger(stack, customerId)
  for (const statement of ['update ledger_entry set amount = 0', 'delete from ledger_entry', 'truncate ledger_entry']) {
    await expect(stack.database.query(statement)).rejects.toMatchObject({ code: '42501' })
  }
  expect(await ledger(stack, customerId)).toEqual(before)
})

test('S15 a grant is spendable before it expires and not at that instant, swept or not', async () => {
  const customerId = await signUp(stack, 's15', 'prepaid')
  const now = async () => Date.parse((await dataOf(stack.query<{ clock: string }>('{ clock }'))).clock)
  const end = (await now()) + 2_500
  const expiresAt = new Date(end).toISOString()
  await grantCredits(stack, { customerId, amount: '10', expiresAt, idempotencyKey: 'start' })
  await consume(stack, { customerId, quantity: '4', idempotencyKey: 'before' })
  expect(await available(stack, customerId)).toBe('6')

  // Its end passes; whether a worker has written that down by now makes no difference.
  await until(now, (at) => at >= end)
  expect(await available(stack, customerId)).toBe('0')
  const late = await consume(stack, { customerId, idempotencyKey: 'after' })
  expect(late).toMatchObject({ decision: { allowed: false, reason: 'INSUFFICIENT_CREDITS' }, usage: null })
  expect((await ledger(stack, customerId)).map(({ kind, amount }) => [kind, amount])).toEqual([
    ['EXPIRE', '-6'],
    ['DRAW', '-4'],
    ['GRANT', '10'],
  ])
})

test('granting again with the same key gets the first answer, also when the grant has expired in the meantime', async () => {
  const customerId = await signUp(stack, 'again', 'prepaid')
  const { clock } = await dataOf(stack.query<{ clock: string }>('{ clock }'))
  const expiresAt = new Date(Date.parse(clock) + 60_000).toISOString()
  const ask = { customerId, amount: '10', expiresAt, idempotencyKey: 'once' }
  const first = await grantCredits(stack, ask)
  await advanceTo(stack, expiresAt)
  expect(await grantCredits(stack, ask)).toEqual(first)
  const another = stack.query(GRANT_CREDITS, { input: { ...ask, creditType: 'credits', amount: '11' } })
  expect(await faultOf(another)).toBe('IDEMPOTENCY_CONFLICT idempotencyKey')
})

test('a grant of the future neither counts nor pays before its time, and enters the ledger when it takes effect', async () => {
  const customerId = await signUp(stack, 'future', 'prepaid')
  const inAnHour = new Date(Date.now() + 3_600_000).toISOString()
  await grantCredits(stack, { customerId, amount: '10', effectiveAt: inAnHour, idempotencyKey: 'later' })
  expect(await available(stack, customerId)).toBe('0')
  expect(await ledger(stack, customerId)).toEqual([])
  const pk = await keyOf(stack.database, customerId)
  await stack.database.query(`update "grant" set effective_at = now() - interval '1 minute' where customer_pk = $1`, [
    pk,
  ])
  await stack.database.query(`update customer_ledger set version = version + 1 where customer_pk = $1`, [pk])
  expect(await available(stack, customerId)).toBe('10')
  await consume(stack, { customerId, quantity: '3', idempotencyKey: 'draw' })
  expect((await ledger(stack, customerId)).map(({ kind, amount }) => [kind, amount])).toEqual([
    ['DRAW', '-3'],
    ['GRANT', '10'],
  ])
})

test('grants are drawn by priority, then by the earliest end, none last', async () => {
  const customerId = await signUp(stack, 'order', 'prepaid')
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
  const give = (idempotencyKey: string, more: object) =>
    grantCredits(stack, { customerId, amount: '10', idempotencyKey, ...more })
  const last = await give('never ends', {})
  const third = await give('ends in 9 days', { expiresAt: inDays(9) })
  const second = await give('ends in 2 days', { expiresAt: inDays(2) })
  const first = await give('goes first', { priority: 1 })
  await recordUsage(stack, [{ customerId, idempotencyKey: 'all', value: '35' }])
  const rows = await stack.database.query<{ grant: string; amount: string }>(
    `select replace(grant_id::text, '-', '') as grant, amount::text from ledger_entry
     where customer_pk = $1 and kind = 'DRAW' order by pk`,
    [await keyOf(stack.database, customerId)],
  )
  expect(rows.map(({ grant, amount }) => [`gr_${grant}`, amount])).toEqual([
    [first.id, '-10'],
    [second.id, '-10'],
    [third.id, '-10'],
    [last.id, '-5'],
  ])
})

test('a grant is voided once: its key replays, another key finds nothing left', async () => {
  const customerId = await signUp(stack, 'void', 'prepaid')
  const grant = await grantCredits(stack, { customerId, amount: '10', idempotencyKey: 'start' })
  await consume(stack, { customerId, quantity: '3', idempotencyKey: 'draw' })
  const voidGrant = (idempotencyKey: string) =>
    stack.query<{ voidGrant: { remaining: string } }>(
      `mutation ($grantId: ID!, $idempotencyKey: String!) {
         voidGrant(grantId: $grantId, idempotencyKey: $idempotencyKey) { remaining } }`,
      { grantId: grant.id, idempotencyKey },
    )
  const [first, replay] = [await voidGrant('once'), await voidGrant('once')]
  expect([first.data, replay.data]).toEqual(Array(2).fill({ voidGrant: { remaining: '0' } }))
  expect(await faultOf(voidGrant('again'))).toBe('CONFLICT grantId')
  expect((await ledger(stack, customerId))[0]).toMatchObject({ kind: 'VOID', amount: '-7', availableAfter: '0' })
})
