import { afterAll, beforeAll, expect, test } from 'vitest'
import { atOnce, inTurn } from './at-once.ts'
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
import { holdOf } from './holding.ts'
import { advanceBy, advanceToPeriodEnd, DAY } from './living.ts'
import { sumVersions } from './rows.ts'
import { type Stack, startStack } from './stack.ts'
import { publishRateCard, publishWorkedExample, signUp } from './worked-example.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())

interface Grant {
  readonly id: string
  readonly kind: string
  readonly amount: string
  readonly remaining: string
  readonly held: string
  readonly ended: string | null
  readonly priority: number
  readonly effectiveAt: string
  readonly expiresAt: string | null
  readonly appliesTo: readonly string[]
  readonly metadata: unknown
  readonly wallet: { readonly id: string; readonly name: string; readonly priority: number; readonly metadata: unknown }
}

const FIELDS = `id kind amount remaining held ended priority effectiveAt expiresAt appliesTo metadata
  wallet { id name priority metadata }`

interface GrantPage {
  readonly nodes: readonly Grant[]
  readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean }
}

async function grantPage(customerId: string, page: object = {}): Promise<GrantPage> {
  const document = `query ($customerId: ID!, $first: Int, $after: String) {
    grants(customerId: $customerId, first: $first, after: $after) { nodes { ${FIELDS} } pageInfo { endCursor hasNextPage } } }`
  return (await dataOf(stack.query<{ grants: GrantPage }>(document, { customerId, ...page }))).grants
}

/** Newest first. */
const grants = async (customerId: string) => (await grantPage(customerId)).nodes

async function inDays(days: number): Promise<string> {
  const { clock } = await dataOf(stack.query<{ clock: string }>('{ clock }'))
  return new Date(Date.parse(clock) + days * DAY).toISOString()
}

const WALLET = `mutation ($input: CreateWalletInput!) { createWallet(input: $input) { id name creditType priority available metadata } }`
const askWallet = (input: object) => stack.query<{ createWallet: { id: string } }>(WALLET, { input })
const createWallet = async (input: object) =>
  (await dataOf(askWallet({ creditType: 'credits', ...input }))).createWallet
const askGrant = (input: object) =>
  stack.query(GRANT_CREDITS, { input: { creditType: 'credits', amount: '1', idempotencyKey: 'new', ...input } })

test('a grant is what was asked for: kind, span, priority, wallet, meters and metadata', async () => {
  const customerId = await signUp(stack, 'asked-for', 'prepaid')
  const wallet = await createWallet({ customerId, name: 'gifts', priority: 7, metadata: { from: 'us' } })
  const asked = {
    kind: 'COMMITTED',
    priority: -3,
    effectiveAt: await inDays(1),
    expiresAt: await inDays(9),
    metadata: { order: 17, tags: ['a', null] },
  }
  const appliesTo = ['character_generation', 'character_generation']
  await grantCredits(stack, {
    customerId,
    amount: '0.000000001',
    idempotencyKey: 'g',
    walletId: wallet.id,
    appliesTo,
    ...asked,
  })
  expect(await grants(customerId)).toMatchObject([
    {
      ...asked,
      amount: '0.000000001',
      remaining: '0.000000001',
      held: '0',
      ended: null,
      appliesTo: ['character_generation'],
      wallet: { id: wallet.id, name: 'gifts', priority: 7, metadata: { from: 'us' } },
    },
  ])
})

test('all grants of a customer are listed, newest first: running, future, spent, held, expired and voided ones', async () => {
  const customerId = await signUp(stack, 'listed', 'prepaid')
  const give = (idempotencyKey: string, more: object) =>
    grantCredits(stack, { customerId, amount: '10', idempotencyKey, ...more })
  await give('spent', { priority: 1 })
  await consume(stack, { customerId, quantity: '10', idempotencyKey: 'ten' })
  const { id } = await give('voided', {})
  await dataOf(stack.query(`mutation ($id: ID!) { voidGrant(grantId: $id, idempotencyKey: "v") { id } }`, { id }))
  await give('expired', { expiresAt: await inDays(1) })
  await give('future', { effectiveAt: await inDays(30) })
  await give('running', { metadata: 'mine' })
  await holdOf(stack, { customerId, quantity: '4', ttlSeconds: 3600, idempotencyKey: 'hold' })
  // The day passes, and no sweeper has come: the list says how it is all the same.
  await stack.database.query(`update "grant" set expires_at = now() where id = $1::uuid`, [
    (await grants(customerId))[2]?.id.slice(3),
  ])
  const told = (await grants(customerId)).map(({ remaining, held, ended }) => `${remaining} ${held} ${ended}`)
  expect(told).toEqual(['10 0 null', '10 0 null', '0 4 EXPIRED', '0 0 VOIDED', '0 0 null'])

  const first = await grantPage(customerId, { first: 2 })
  const second = await grantPage(customerId, { first: 3, after: first.pageInfo.endCursor })
  expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false])
  expect([...first.nodes, ...second.nodes]).toEqual(await grants(customerId))
})

test('the allowances of past periods are listed as they ended', async () => {
  const customerId = await signUp(stack, 'periods')
  await consume(stack, { customerId, quantity: '2', idempotencyKey: 'two' })
  await advanceToPeriodEnd(stack, customerId)
  expect((await grants(customerId)).map(({ kind, remaining, ended }) => `${kind} ${remaining} ${ended}`)).toEqual([
    'ALLOWANCE 5 null',
    'ALLOWANCE 0 EXPIRED',
  ])
})

test('wallets come first in the drawdown order, then priorities, then the earliest end', async () => {
  const customerId = await signUp(stack, 'order', 'prepaid')
  const wallet = await createWallet({ customerId, name: 'first', priority: 1 })
  const give = (idempotencyKey: string, more: object) =>
    grantCredits(stack, { customerId, amount: '10', idempotencyKey, ...more })
  const ids = [
    await give('fourth', { priority: 2 }),
    await give('third', { priority: 1 }),
    await give('second', { priority: 9, walletId: wallet.id }),
    await give('first', { priority: 9, walletId: wallet.id, expiresAt: await inDays(3) }),
  ].map(({ id }) => id)
  const left = async () => {
    const listed = await grants(customerId)
    return ids.map((id) => listed.find((grant) => grant.id === id)?.remaining)
  }
  const steps = await inTurn(4, async (index) => {
    await consume(stack, { customerId, quantity: '8', idempotencyKey: `draw ${index}` })
    return left()
  })
  expect(steps).toEqual([
    ['10', '10', '10', '2'],
    ['10', '10', '4', '0'],
    ['10', '6', '0', '0'],
    ['8', '0', '0', '0'],
  ])
})

test('a grant that names meters pays for no other, and the balance counts it all the same', async () => {
  const meter = { code: 'image', eventName: 'image', aggregation: 'COUNT' }
  await dataOf(stack.query(`mutation ($input: MeterInput!) { defineMeter(input: $input) { code } }`, { input: meter }))
  const rate = (code: string) => ({ code, name: code, meter: code, creditType: 'credits', overage: 'BLOCK' })
  await publishRateCard(stack, {
    code: 'both',
    name: 'Both',
    usageRates: [rate('image'), rate('character_generation')],
  })
  const customerId = await signUp(stack, 'meters', 'both')
  await grantCredits(stack, { customerId, amount: '10', appliesTo: ['image'], idempotencyKey: 'images' })
  expect(await available(stack, customerId)).toBe('10')
  const refused = await consume(stack, { customerId, idempotencyKey: 'text' })
  expect(refused.decision).toMatchObject({ allowed: false, reason: 'INSUFFICIENT_CREDITS' })
  const paid = await consume(stack, { customerId, meter: 'image', quantity: '1', idempotencyKey: 'image' })
  expect(paid.decision.allowed).toBe(true)
  expect(await available(stack, customerId)).toBe('9')
})

test('a retry answers the grant as it was given, also after it has expired', async () => {
  const customerId = await signUp(stack, 'replayed', 'prepaid')
  const input = { customerId, amount: '10', expiresAt: await inDays(1), idempotencyKey: 'once' }
  const first = await grantCredits(stack, input)
  await advanceBy(stack, 2 * DAY)
  expect(await grantCredits(stack, input)).toEqual(first)
  expect(await available(stack, customerId)).toBe('0')
})

test('a wallet is created once by its name: the same again changes nothing, another one is refused', async () => {
  const customerId = await signUp(stack, 'wallets', 'prepaid')
  const input = { customerId, creditType: 'credits', name: 'gifts', priority: 5, metadata: { a: 1, b: 2 } }
  const [first, ...others] = await atOnce(4, () => createWallet(input))
  expect(others).toEqual([first, first, first])
  const versions = await sumVersions(stack.database)
  expect(await createWallet({ ...input, metadata: { b: 2, a: 1 } })).toEqual(first)
  expect(await faultOf(askWallet({ ...input, priority: 6 }))).toBe('CONFLICT name')
  expect(await faultOf(askWallet({ ...input, metadata: null }))).toBe('CONFLICT name')
  expect(await sumVersions(stack.database)).toBe(versions)
})

test('what is voided leaves held credits with their hold, and never comes back by it', async () => {
  const customerId = await signUp(stack, 'void-held', 'prepaid')
  const { id } = await grantCredits(stack, { customerId, amount: '10', idempotencyKey: 'start' })
  await recordUsage(stack, [{ customerId, idempotencyKey: 'three', value: '3' }])
  const hold = await holdOf(stack, { customerId, quantity: '5', idempotencyKey: 'hold' })
  const voided = `mutation ($id: ID!, $key: String!) { voidGrant(grantId: $id, idempotencyKey: $key) { remaining held ended } }`
  expect(await dataOf(stack.query(voided, { id, key: 'one' }))).toEqual({
    voidGrant: { remaining: '0', held: '5', ended: 'VOIDED' },
  })
  await dataOf(stack.query(`mutation ($id: ID!) { releaseHold(holdId: $id) { status } }`, { id: hold.id }))
  expect(await available(stack, customerId)).toBe('0')
  expect((await ledger(stack, customerId)).map(({ kind, amount }) => `${kind} ${amount}`)).toEqual([
    'VOID -5',
    'RELEASE 5',
    'VOID -2',
    'HOLD -5',
    'DRAW -3',
    'GRANT 10',
  ])
  expect(await faultOf(stack.query(voided, { id, key: 'two' }))).toBe('CONFLICT grantId')
})

test('a grant of the future can be taken back before it begins', async () => {
  const customerId = await signUp(stack, 'void-future', 'prepaid')
  const { id } = await grantCredits(stack, {
    customerId,
    amount: '10',
    effectiveAt: await inDays(1),
    idempotencyKey: 'g',
  })
  await dataOf(stack.query(`mutation ($id: ID!) { voidGrant(grantId: $id, idempotencyKey: "v") { id } }`, { id }))
  await advanceBy(stack, 2 * DAY)
  expect(await available(stack, customerId)).toBe('0')
  expect(await ledger(stack, customerId)).toEqual([])
})

test('the ends of time are instants like others', async () => {
  const customerId = await signUp(stack, 'ends-of-time', 'prepaid')
  const span = { effectiveAt: '1000-01-01T00:00:00Z', expiresAt: '9999-12-31T23:59:59.999Z' }
  await grantCredits(stack, { customerId, amount: '10', idempotencyKey: 'ever', ...span })
  expect(await grants(customerId)).toMatchObject([
    { effectiveAt: '1000-01-01T00:00:00.000Z', expiresAt: span.expiresAt },
  ])
  await consume(stack, { customerId, quantity: '4', idempotencyKey: 'four' })
  expect(await available(stack, customerId)).toBe('6')
})

test.each<[string, object, string]>([
  [
    'a grant that expires before it takes effect',
    { effectiveAt: '2098-01-01T00:00:00Z', expiresAt: '2097-01-01T00:00:00Z' },
    'INVALID_INPUT expiresAt',
  ],
  [
    'a grant that expires as it takes effect',
    { effectiveAt: '2098-01-01T00:00:00Z', expiresAt: '2098-01-01T00:00:00Z' },
    'INVALID_INPUT expiresAt',
  ],
  [
    'a grant that has expired',
    { effectiveAt: '2001-01-01T00:00:00Z', expiresAt: '2002-01-01T00:00:00Z' },
    'INVALID_INPUT expiresAt',
  ],
  ['a beginning that is no instant', { effectiveAt: '2027-02-30T00:00:00Z' }, 'INVALID_INPUT effectiveAt'],
  ['a beginning before the year 1000', { effectiveAt: '0999-12-31T23:59:59Z' }, 'INVALID_INPUT effectiveAt'],
  ['an end in the year 10000', { expiresAt: '9999-12-31T23:59:59-01:00' }, 'INVALID_INPUT expiresAt'],
  ['dust below nine decimals', { amount: '0.0000000001' }, 'INVALID_INPUT amount'],
  ['a fraction of a priority', { priority: 1.5 }, 'INVALID_INPUT priority'],
  ['101 meters', { appliesTo: Array(101).fill('character_generation') }, 'INVALID_INPUT appliesTo'],
  ['17 KB of metadata', { metadata: { note: 'x'.repeat(17_000) } }, 'INVALID_INPUT metadata'],
])('refused: %s', async (_, more, fault) => {
  const customerId = await signUp(stack, 'refused', 'prepaid').catch(() => 'refused')
  const { version } = await billingState(stack, customerId)
  expect(await faultOf(askGrant({ customerId, ...more }))).toBe(fault)
  expect((await billingState(stack, customerId)).version).toBe(version)
})

test("refused: another customer's wallet, and one of another credit type", async () => {
  const [one, two] = [await signUp(stack, 'mine', 'prepaid'), await signUp(stack, 'theirs', 'prepaid')]
  const theirs = await createWallet({ customerId: two, name: 'theirs' })
  expect(await faultOf(askGrant({ customerId: one, walletId: theirs.id }))).toBe('NOT_FOUND walletId')
  const gold = `mutation { defineCreditType(input: { code: "gold", name: "Gold" }) { code } }`
  await dataOf(stack.query(gold))
  const ofGold = await createWallet({ customerId: one, name: 'gold', creditType: 'gold' })
  expect(await faultOf(askGrant({ customerId: one, walletId: ofGold.id }))).toBe('INVALID_INPUT walletId')
})
