import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { atOnce, until } from './at-once.ts'
import {
  available,
  billingState,
  consume,
  customerToken,
  dataOf,
  faultOf,
  grantCredits,
  upsertCustomer,
  voidUsage,
} from './calls.ts'
import { holdOf, releaseHold } from './holding.ts'
import { DAY } from './living.ts'
import { subscribe } from './selling.ts'
import { type Peer, type Stack, startStack } from './stack.ts'
import { askPlace, growTree, place, setBudget, treeState } from './trees.ts'
import { watchBillingState } from './watch-billing-state.ts'
import { publishWorkedExample } from './worked-example.ts'

const METER = 'character_generation'

let stack: Stack
let other: Peer

beforeAll(async () => {
  stack = await startStack({ redisUrl: inject('redisUrl') })
  await publishWorkedExample(stack)
  other = await stack.addPeer()
})
afterAll(() => stack.close())

let keys = 0

const use = (customerId: string, quantity: string) =>
  consume(stack, { customerId, quantity, idempotencyKey: `use-${++keys}` })

const reasonOf = async (customerId: string, quantity: string) => (await use(customerId, quantity)).decision.reason

const tree = (credits?: string) => growTree(stack, credits)

test('the nearest above with a card that rates the meter pays, and its ledger says who used it', async () => {
  const { workspace, member, run } = await tree('10')
  const { decision, usage } = await use(run, '3')
  expect(decision).toMatchObject({ allowed: true, reason: 'COVERED' })
  expect(usage).toMatchObject({ credits: '3', available: '7' })
  expect(await available(stack, workspace)).toBe('7')
  const document = `query ($id: ID!) { ledger(customerId: $id, first: 1) { nodes { kind amount cause } } }`
  const entriesOf = async (id: string) =>
    (await dataOf(stack.query<{ ledger: { nodes: object[] } }>(document, { id }))).ledger.nodes
  expect(await entriesOf(workspace)).toMatchObject([
    { kind: 'DRAW', amount: '-3', cause: { by: run, text: `Used 3 × ${METER} by ${run}` } },
  ])
  expect(await entriesOf(run)).toEqual([])
  const state = await treeState(stack, run)
  expect(state.balances).toEqual([])
  expect(state.meters).toMatchObject([{ meter: METER, payer: workspace, quantity: '3', access: { available: '7' } }])
  expect(usage?.version).toBe(state.version)
  const now = Date.parse((await dataOf(stack.query<{ clock: string }>('{ clock }'))).clock)
  const chart = `query ($id: ID!, $from: DateTime!, $to: DateTime!) {
    usage(customerId: $id, meter: "${METER}", from: $from, to: $to, groupBy: "model") { quantity group } }`
  const range = { from: new Date(now - DAY).toISOString(), to: new Date(now + DAY).toISOString() }
  for (const id of [run, member, workspace]) {
    const { usage } = await dataOf(stack.query<{ usage: { quantity: string }[] }>(chart, { id, ...range }))
    expect(usage.reduce((sum, { quantity }) => sum + Number(quantity), 0)).toBe(3)
  }
  // A card of their own pays before those above.
  await subscribe(stack, { customerId: member, rateCard: 'free' })
  expect((await use(run, '5')).usage).toMatchObject({ available: '0' })
  expect(await reasonOf(run, '1')).toBe('INSUFFICIENT_CREDITS')
  expect(await available(stack, workspace)).toBe('7')
})

test('without a card anywhere nobody pays', async () => {
  const parent = await upsertCustomer(stack, 'cardless')
  const child = await place(stack, 'cardless-child', parent)
  expect(await reasonOf(child, '1')).toBe('NO_SUBSCRIPTION')
  expect((await treeState(stack, child)).meters).toEqual([])
})

test('draws, grants, voids and moves at once in one tree do not block each other', async () => {
  const { workspace, member, run, sibling } = await tree()
  await setBudget(stack, member, '500')
  const elsewhere = await place(stack, `${workspace}-elsewhere`, workspace)
  await use(run, '1')
  const key = `use-${keys}`
  await Promise.all([
    atOnce(20, (n) => consume(n % 2 ? stack : other, { customerId: run, idempotencyKey: `mixed-${n}` })),
    atOnce(20, (n) => consume(n % 2 ? other : stack, { customerId: sibling, idempotencyKey: `mixed-${n}` })),
    atOnce(5, (n) => grantCredits(other, { customerId: workspace, amount: '1', idempotencyKey: `mixed-${n}` })),
    voidUsage(other, run, key),
    place(stack, sibling, elsewhere).then(() => place(other, sibling, member)),
  ])
  expect(await available(stack, workspace)).toBe('965')
  const [{ deadlocks } = { deadlocks: -1 }] = await stack.database.query<{ deadlocks: number }>(
    `select deadlocks::int from pg_stat_database where datname = current_database()`,
  )
  expect(deadlocks).toBe(0)
})

test('a customer is moved with what their lineage pays, unless those above pay for open holds', async () => {
  const here = await tree('10')
  const there = await tree('20')
  expect(await reasonOf(here.run, '1')).toBe('COVERED')
  const before = await treeState(stack, here.run)
  const hold = await holdOf(stack, { customerId: here.run, quantity: '2', idempotencyKey: 'h' })
  expect(await faultOf(askPlace(stack, here.member, there.workspace))).toBe('CONFLICT parentId')
  await releaseHold(stack, hold.id)
  const held = (await treeState(stack, here.run)).version
  await place(stack, here.member, there.workspace)
  const after = await treeState(stack, here.run)
  expect(after.version).toBeGreaterThan(held)
  expect(held).toBeGreaterThan(before.version)
  expect(after.meters[0]?.payer).toBe(there.workspace)
  // The other process still believes in the old place.
  const paid = await consume(other, { customerId: here.run, quantity: '4', idempotencyKey: 'there' })
  expect(paid.decision.reason).toBe('COVERED')
  expect([await available(stack, here.workspace), await available(stack, there.workspace)]).toEqual(['9', '16'])
  await place(stack, here.member, null)
  expect((await treeState(stack, here.run)).version).toBeGreaterThan(after.version)
  expect(await reasonOf(here.run, '1')).toBe('NO_SUBSCRIPTION')
  await voidUsage(stack, here.run, 'there')
  expect(await available(stack, there.workspace)).toBe('20')
})

test('a tree has no circles, five levels, and one project', async () => {
  const { workspace, member, run } = await tree()
  expect(await faultOf(askPlace(stack, workspace, workspace))).toBe('INVALID_INPUT parentId')
  expect(await faultOf(askPlace(stack, workspace, run))).toBe('INVALID_INPUT parentId')
  expect(await faultOf(askPlace(stack, workspace, 'nobody-knows'))).toBe('NOT_FOUND parentId')
  const fourth = await place(stack, `${run}-4`, run)
  const fifth = await place(stack, `${run}-5`, fourth)
  expect(await faultOf(askPlace(stack, `${run}-6`, fifth))).toBe('INVALID_INPUT parentId')
  const root = await upsertCustomer(stack, `${workspace}-root`)
  expect(await faultOf(askPlace(stack, workspace, root))).toBe('INVALID_INPUT parentId')
  const project = await stack.addProject('SANDBOX')
  const stranger = (document: string, variables: object) =>
    stack.query(document, variables, `Bearer ${project.secretKey}`)
  expect(await faultOf(askPlace({ query: stranger as Peer['query'] }, 'x', workspace))).toBe('NOT_FOUND parentId')
  const gone = await stranger('query { customer(id: "x") { id } }', {})
  expect(gone.data).toEqual({ customer: null })
  // Two moves at once can't close a circle.
  const [a, b] = [await upsertCustomer(stack, `${run}-a`), await upsertCustomer(stack, `${run}-b`)]
  const answers = await Promise.all([askPlace(stack, a, b), askPlace(other, b, a)])
  expect(answers.filter(({ errors }) => errors.length === 0)).toHaveLength(1)
  // Left out, the parent stays.
  await upsertCustomer(stack, member)
  expect((await treeState(stack, member)).meters[0]?.payer).toBe(workspace)
})

test("a child's browser sees its own budgets and decisions, and nothing else of those above", async () => {
  const { workspace, member, run, sibling } = await tree('100')
  await setBudget(stack, workspace, '50')
  await setBudget(stack, run, '5')
  await use(sibling, '7')
  await use(run, '2')
  const token = await customerToken(stack, run)
  const seen = await treeState(stack, run, token)
  expect(seen).toMatchObject({ balances: [], holds: [] })
  expect(seen.budgets).toMatchObject([{ limit: '5', spent: '2' }])
  expect(seen.meters).toMatchObject([{ payer: workspace, quantity: '2', access: { available: '3' } }])
  for (const above of [workspace, member]) {
    const document = `query ($id: ID!) { billingState(customerId: $id) { version } }`
    expect(await faultOf(stack.query(document, { id: above }, token))).toBe('FORBIDDEN')
  }
  const set = `mutation { setBudget(input: { customerId: "${run}", creditType: "credits", limit: "500" }) { limit } }`
  expect(await faultOf(stack.query(set, {}, token))).toBe('FORBIDDEN')
})

test("a child's browser hears of a grant to the workspace, of a sibling's draw, and of a move", async () => {
  const { workspace, run, sibling } = await tree('10')
  const watcher = watchBillingState(other, run, await customerToken(stack, run))
  const versions = () => watcher.states.map(({ version }) => version)
  const grows = async (change: () => Promise<unknown>) => {
    const last = watcher.newest()?.version ?? -1
    await change()
    await until(
      () => watcher.newest()?.version ?? -1,
      (version) => version > last,
    )
    expect(watcher.newest()).toEqual(await billingState(stack, run))
  }
  await grows(async () => {})
  await grows(() => grantCredits(stack, { customerId: workspace, amount: '5', idempotencyKey: 'more' }))
  await grows(() => use(sibling, '1'))
  await grows(() => place(stack, run, workspace))
  await grows(() => use(sibling, '1'))
  await grows(() => place(stack, run, null))
  expect(versions()).toEqual([...new Set(versions())].sort((a, b) => a - b))
  watcher.close()
})
