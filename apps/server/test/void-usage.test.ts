import { afterAll, beforeAll, expect, test } from 'vitest'
import { atOnce, tally, until } from './at-once.ts'
import {
  askVoidUsage,
  available,
  billingState,
  consume,
  customerToken,
  dataOf,
  faultOf,
  grantCredits,
  recordUsage,
  voidUsage,
} from './calls.ts'
import { countOwnRows, keyOf } from './rows.ts'
import { type Peer, type Stack, startStack } from './stack.ts'
import { watchBillingState } from './watch-billing-state.ts'
import { publishRateCard, publishWorkedExample, signUp } from './worked-example.ts'

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

interface Told {
  readonly kind: string
  readonly amount: string
  readonly availableAfter: string
  readonly version: number
  readonly grantId: string | null
  readonly cause: { readonly type: string; readonly id: string; readonly text: string }
}

/** The ledger's newest entries, oldest first. */
async function newest(customerId: string, first: number): Promise<readonly Told[]> {
  const document = `query ($customerId: ID!, $first: Int) { ledger(customerId: $customerId, first: $first) {
    nodes { kind amount availableAfter version grantId cause } } }`
  const { ledger } = await dataOf(stack.query<{ ledger: { nodes: Told[] } }>(document, { customerId, first }))
  return ledger.nodes.reverse()
}

const lines = (entries: readonly Told[]): string[] =>
  entries.map(({ kind, amount, availableAfter, cause }) => `${kind} ${amount} = ${availableAfter}: ${cause.text}`)

/** Ends a customer's grants at this instant; only their rows know. */
async function endGrants(customerId: string): Promise<void> {
  const key = await keyOf(stack.database, customerId)
  await stack.database.query(`update "grant" set expires_at = now() where customer_pk = $1`, [key])
}

test('B26 500 events × 2 voids at once over two processes: each is given back once, and all of it is', async () => {
  const customerId = await customerWith('10000', 'b26')
  const events = Array.from({ length: 500 }, (_, index) => ({ customerId, idempotencyKey: `e${index}`, value: '7' }))
  await recordUsage(stack, events)
  expect(await available(stack, customerId)).toBe('6500')
  const pairs = await atOnce(500, (index) =>
    Promise.all([stack, other].map((peer) => voidUsage(peer, customerId, `e${index}`))),
  )
  expect(tally(pairs.flat().map(({ status }) => status))).toEqual({ VOIDED: 1000 })
  for (const [first, second] of pairs) expect(second).toEqual(first)
  expect(new Set(pairs.map(([answer]) => answer?.version)).size).toBe(500)
  expect(await available(stack, customerId)).toBe('10000')
  const [sums] = await stack.database.query(
    `select count(*) filter (where kind = 'REVERSE') as reversals, sum(amount)::text as sum from ledger_entry
     where customer_pk = $1 and kind in ('DRAW', 'REVERSE')`,
    [await keyOf(stack.database, customerId)],
  )
  expect(sums).toEqual({ reversals: 500, sum: '0' })
})

test('20 parallel voids of one event give back once and answer the same', async () => {
  const customerId = await customerWith('10', 'parallel')
  await recordUsage(stack, [{ customerId, idempotencyKey: 'one', value: '4' }])
  const { version } = await billingState(stack, customerId)
  const answers = await atOnce(20, (index) => voidUsage(index % 2 === 0 ? stack : other, customerId, 'one'))
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  expect(answers[0]).toMatchObject({ status: 'VOIDED', credits: '4', available: '6', version: version + 1 })
  expect(await billingState(stack, customerId)).toMatchObject({ version: version + 1, balances: [{ available: '10' }] })
})

test('credits go back to the very grants that paid, also to one that was spent, and the event draws no more', async () => {
  const customerId = await signUp(stack, 'grants', 'prepaid')
  const give = (idempotencyKey: string, more: object) =>
    grantCredits(stack, { customerId, amount: '10', idempotencyKey, ...more })
  const last = await give('last', {})
  const first = await give('first', { priority: 1 })
  const event = { customerId, idempotencyKey: 'both', value: '12' }
  const [recorded] = await recordUsage(stack, [event])
  await consume(stack, { customerId, quantity: '3', idempotencyKey: 'later' })

  const voided = await voidUsage(stack, customerId, 'both')

  const version = (recorded?.version ?? 0) + 2
  expect(voided).toEqual({ ...recorded, status: 'VOIDED', version })
  const entries = await newest(customerId, 2)
  expect(entries.map(({ grantId }) => grantId)).toEqual([first.id, last.id])
  expect(lines(entries)).toEqual([
    'REVERSE 10 = 15: Given back: 12 × character_generation',
    'REVERSE 2 = 17: Given back: 12 × character_generation',
  ])
  for (const entry of entries) expect(entry).toMatchObject({ version, cause: { type: 'usage_event', id: 'both' } })

  const rows = await countOwnRows(stack.database)
  const [again, another] = await recordUsage(stack, [event, { ...event, value: '1' }])
  expect(again).toEqual(voided)
  expect(another).toMatchObject({ status: 'REJECTED', error: { code: 'IDEMPOTENCY_CONFLICT' } })
  expect(await voidUsage(other, customerId, 'both')).toEqual(voided)
  expect(await countOwnRows(stack.database)).toEqual(rows)
  await consume(stack, { customerId, idempotencyKey: 'next' })
  expect((await newest(customerId, 1))[0]).toMatchObject({ kind: 'DRAW', grantId: first.id })
})

test('a consume is voided by its key, sent again it answers VOIDED, and a refused one has nothing to give back', async () => {
  const customerId = await customerWith('5', 'consumed')
  await consume(stack, { customerId, quantity: '5', idempotencyKey: 'all' })
  await consume(stack, { customerId, quantity: '1', idempotencyKey: 'refused' })
  expect(await faultOf(askVoidUsage(stack, customerId, 'refused'))).toBe('CONFLICT idempotencyKey')
  const voided = await voidUsage(stack, customerId, 'all')
  expect(voided).toMatchObject({ status: 'VOIDED', credits: '5' })
  const { decision, usage } = await consume(stack, { customerId, quantity: '5', idempotencyKey: 'all' })
  expect(decision).toMatchObject({ allowed: true, reason: 'COVERED' })
  expect(usage).toMatchObject({ status: 'VOIDED', credits: '5', version: voided.version })
  expect(await available(stack, customerId)).toBe('5')
})

test('a key that both operations have recorded names neither, and a void keeps its answer whatever comes after it', async () => {
  const customerId = await customerWith('10', 'keys')
  for (const idempotencyKey of ['both', 'one']) await recordUsage(stack, [{ customerId, idempotencyKey, value: '2' }])
  await consume(stack, { customerId, idempotencyKey: 'both' })
  expect(await faultOf(askVoidUsage(stack, customerId, 'both'))).toBe('CONFLICT idempotencyKey')
  const voided = await voidUsage(stack, customerId, 'one')
  await consume(stack, { customerId, idempotencyKey: 'one' })
  expect(await voidUsage(stack, customerId, 'one')).toEqual(voided)
  expect(await available(stack, customerId)).toBe('6')
})

test('unknown customers and keys are NOT_FOUND, of another customer too, and nothing is written', async () => {
  const customerId = await customerWith('5', 'mine')
  const theirs = await customerWith('5', 'theirs')
  await consume(stack, { customerId: theirs, idempotencyKey: 'their key' })
  const rows = await countOwnRows(stack.database)
  expect(await faultOf(askVoidUsage(stack, 'nobody', 'their key'))).toBe('NOT_FOUND customerId')
  expect(await faultOf(askVoidUsage(stack, customerId, 'their key'))).toBe('NOT_FOUND idempotencyKey')
  expect(await faultOf(askVoidUsage(stack, customerId, ''))).toBe('INVALID_INPUT idempotencyKey')
  expect(await countOwnRows(stack.database)).toEqual(rows)
})

test('uncovered usage and overage are taken off, with an entry of amount 0 that says so', async () => {
  const customerId = await signUp(stack, 'uncovered')
  await recordUsage(stack, [{ customerId, idempotencyKey: 'big', value: '7' }])
  await voidUsage(stack, customerId, 'big')
  expect(lines(await newest(customerId, 2))).toEqual([
    'REVERSE 5 = 5: Given back: 7 × character_generation',
    'REVERSE 0 = 5: Voided 7 × character_generation: 2 beyond the grants, which no one paid',
  ])
  expect((await billingState(stack, customerId)).balances).toMatchObject([
    { available: '5', used: '0', uncovered: '0' },
  ])

  const rate = { code: 'r', name: 'R', meter: 'character_generation', creditType: 'credits' }
  const usageRates = [{ ...rate, overage: 'CHARGE', overagePrice: { flat: { amount: '0.90' } } }]
  await publishRateCard(stack, { code: 'payg', name: 'Pay as you go', usageRates })
  const paying = await signUp(stack, 'overage', 'payg')
  const events = ['6', '2'].map((value) => ({ customerId: paying, idempotencyKey: value, value }))
  await recordUsage(stack, events)
  await voidUsage(stack, paying, '6')
  expect(lines(await newest(paying, 1))).toEqual([
    'REVERSE 0 = 0: Voided 6 × character_generation: 6 beyond the grants, no longer to be invoiced',
  ])
  expect((await billingState(stack, paying)).balances).toMatchObject([{ available: '0', overage: '2' }])
})

test('what goes back to a grant that has expired, or was taken back, can not be spent', async () => {
  const expired = await customerWith('10', 'expired')
  await consume(stack, { customerId: expired, quantity: '10', idempotencyKey: 'all' })
  await endGrants(expired)
  await voidUsage(stack, expired, 'all')
  expect(lines(await newest(expired, 2))).toEqual([
    'REVERSE 10 = 10: Given back: 10 × character_generation',
    'EXPIRE -10 = 0: Given back too late: its grant had ended',
  ])
  const taken = await signUp(stack, 'taken', 'prepaid')
  const { id } = await grantCredits(stack, { customerId: taken, amount: '10', idempotencyKey: 'start' })
  await consume(stack, { customerId: taken, quantity: '3', idempotencyKey: 'some' })
  const voidGrant = `mutation ($id: ID!) { voidGrant(grantId: $id, idempotencyKey: "take") { id } }`
  await dataOf(stack.query(voidGrant, { id }))
  await voidUsage(stack, taken, 'some')
  expect(lines(await newest(taken, 3))).toEqual([
    'VOID -7 = 0: Taken back: voided by an operator',
    'REVERSE 3 = 3: Given back: 3 × character_generation',
    'VOID -3 = 0: Given back too late: its grant had been taken back',
  ])
  for (const customerId of [expired, taken]) expect(await available(stack, customerId)).toBe('0')
})

test('nor can what goes back to an allowance whose subscription was cancelled, though all of it was spent', async () => {
  const customerId = await signUp(stack, 'cancelled')
  await consume(stack, { customerId, quantity: '5', idempotencyKey: 'all' })
  const [subscription] = (await billingState(stack, customerId)).subscriptions
  const cancel = `mutation ($id: ID!) { cancelSubscription(input: { subscriptionId: $id, at: NOW }) { status } }`
  await dataOf(stack.query(cancel, { id: subscription?.id }))
  await voidUsage(stack, customerId, 'all')
  expect((await newest(customerId, 2)).map(({ kind, amount }) => `${kind} ${amount}`)).toEqual([
    'REVERSE 5',
    'EXPIRE -5',
  ])
  expect(await available(stack, customerId)).toBe('0')
})

test('a renewal that is due comes before the void, also when no worker has run', async () => {
  const customerId = await signUp(stack, 'no-worker')
  await consume(stack, { customerId, quantity: '5', idempotencyKey: 'all' })
  await endGrants(customerId)
  await stack.database.query(
    `update subscription set current_period_end = now(), due_at = now(), anchor_at = now() - interval '1 month',
       current_period_start = now() - interval '1 month', claimed_until = now() + interval '1 hour' where customer_pk = $1`,
    [await keyOf(stack.database, customerId)],
  )
  await voidUsage(stack, customerId, 'all')
  expect((await newest(customerId, 3)).map(({ kind, amount }) => `${kind} ${amount}`)).toEqual([
    'GRANT 5',
    'REVERSE 5',
    'EXPIRE -5',
  ])
  expect(await available(stack, customerId)).toBe('5')
})

test('browsers that look see the credits come back', async () => {
  const customerId = await customerWith('5', 'watched')
  await consume(stack, { customerId, quantity: '5', idempotencyKey: 'all' })
  const watcher = watchBillingState(other, customerId, await customerToken(stack, customerId))
  await until(
    () => watcher.newest()?.balances[0]?.available,
    (credits) => credits === '0',
  )
  const { version } = await voidUsage(stack, customerId, 'all')
  const state = await until(
    () => watcher.newest(),
    (seen) => seen?.version === version,
  )
  expect(state?.balances).toMatchObject([{ available: '5' }])
  watcher.close()
})
