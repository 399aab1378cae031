import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { atOnce, tally, until } from './at-once.ts'
import { available, consume, customerToken, dataOf, grantCredits, recordUsage, voidUsage } from './calls.ts'
import { captureHold, createHold, extendHold, holdOf, releaseHold } from './holding.ts'
import { advanceBy, advanceTo, DAY } from './living.ts'
import { type Peer, type Stack, startStack } from './stack.ts'
import { growTree, setBudget, spent, treeState } from './trees.ts'
import { watchBillingState } from './watch-billing-state.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

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

test('each level refuses in turn, and a decision says the least that is left', async () => {
  const { workspace, member, run, sibling } = await tree('100')
  await setBudget(stack, workspace, '50')
  await setBudget(stack, member, '20')
  await setBudget(stack, run, '5')
  const leastOf = async (id: string) => (await treeState(stack, id)).meters[0]?.access.available
  expect(await Promise.all([workspace, member, run, sibling].map(leastOf))).toEqual(['50', '20', '5', '20'])
  expect(await reasonOf(run, '6')).toBe('BUDGET_REACHED')
  expect(await reasonOf(run, '5')).toBe('COVERED')
  expect(await reasonOf(run, '1')).toBe('BUDGET_REACHED')
  expect(await reasonOf(sibling, '16')).toBe('BUDGET_REACHED')
  expect(await reasonOf(sibling, '15')).toBe('COVERED')
  expect(await reasonOf(member, '1')).toBe('BUDGET_REACHED')
  expect(await reasonOf(workspace, '31')).toBe('BUDGET_REACHED')
  expect(await reasonOf(workspace, '30')).toBe('COVERED')
  expect(await Promise.all([workspace, member, run, sibling].map((id) => spent(stack, id)))).toEqual([
    '50 of 50',
    '20 of 20',
    '5 of 5',
    'none',
  ])
  expect(await available(stack, workspace)).toBe('50')
  const { access } = (await treeState(stack, run)).meters[0] ?? {}
  expect(access).toEqual({ allowed: false, reason: 'BUDGET_REACHED', available: '0' })
})

test('a budget limits overage too, and a customer without a tree', async () => {
  const customerId = await signUp(stack, 'alone', 'prepaid')
  await grantCredits(stack, { customerId, amount: '100', idempotencyKey: 'start' })
  expect(await setBudget(stack, customerId, '10', { period: 'TOTAL' })).toMatchObject({ spent: '0', resetsAt: null })
  await use(customerId, '8')
  expect(await reasonOf(customerId, '3')).toBe('BUDGET_REACHED')
  expect(await setBudget(stack, customerId, '11', { period: 'TOTAL' })).toMatchObject({ spent: '8', remaining: '3' })
  expect(await reasonOf(customerId, '3')).toBe('COVERED')
  expect(await setBudget(stack, customerId, '11', { period: 'DAY' })).toMatchObject({ spent: '0' })
  expect(await setBudget(stack, customerId, null)).toBeNull()
  expect((await treeState(stack, customerId)).budgets).toEqual([])
  expect(await reasonOf(customerId, '89')).toBe('COVERED')
})

test('of 50 draws at once over two runs and two processes no level passes its limit', async () => {
  const { workspace, member, run, sibling } = await tree()
  await setBudget(stack, workspace, '30')
  await setBudget(stack, member, '25')
  await setBudget(stack, run, '10')
  const answers = await atOnce(50, (n) =>
    consume(n % 4 < 2 ? stack : other, { customerId: n % 2 === 0 ? run : sibling, idempotencyKey: `parallel-${n}` }),
  )
  expect(tally(answers.map(({ decision }) => decision.reason))).toEqual({ COVERED: 25, BUDGET_REACHED: 25 })
  expect(await spent(stack, member)).toBe('25 of 25')
  expect(await spent(stack, workspace)).toBe('25 of 30')
  expect(Number((await treeState(stack, run)).budgets[0]?.spent)).toBeLessThanOrEqual(10)
  expect(await available(stack, workspace)).toBe('975')
})

test('recorded usage passes a limit, is counted, and can be voided', async () => {
  const { workspace, member, run } = await tree('10')
  await setBudget(stack, workspace, '5')
  await setBudget(stack, run, '5')
  const event = { customerId: run, idempotencyKey: 'late', value: '12' }
  const [recorded] = await recordUsage(stack, [event])
  expect(recorded).toMatchObject({ status: 'RECORDED', credits: '10', uncovered: '2' })
  expect(await spent(stack, run)).toBe('12 of 5')
  expect((await treeState(stack, run)).budgets[0]?.remaining).toBe('0')
  expect(await reasonOf(run, '1')).toBe('BUDGET_REACHED')
  const voided = await voidUsage(stack, run, 'late')
  expect(voided).toMatchObject({ status: 'VOIDED', credits: '10' })
  expect(voided.version).toBe((await treeState(stack, run)).version)
  expect(await spent(stack, run)).toBe('0 of 5')
  expect(await spent(stack, workspace)).toBe('0 of 5')
  expect(await available(stack, workspace)).toBe('10')
  expect(await voidUsage(stack, run, 'late')).toEqual(voided)
  expect((await recordUsage(stack, [event]))[0]).toMatchObject({ status: 'VOIDED' })
  const chart = `query ($id: ID!, $from: DateTime!, $to: DateTime!) {
    usage(customerId: $id, meter: "${METER}", from: $from, to: $to) { quantity } }`
  await use(run, '3')
  const now = Date.parse((await dataOf(stack.query<{ clock: string }>('{ clock }'))).clock)
  const range = { from: new Date(now - 3_600_000).toISOString(), to: new Date(now + 3_600_000).toISOString() }
  for (const id of [run, member, workspace]) {
    const { usage } = await dataOf(stack.query<{ usage: { quantity: string }[] }>(chart, { id, ...range }))
    expect(usage.reduce((sum, { quantity }) => sum + Number(quantity), 0)).toBe(3)
  }
})

test('a hold reserves at every level; a capture counts what was used, a release nothing', async () => {
  const { workspace, member, run, sibling } = await tree('100')
  await setBudget(stack, member, '20')
  await setBudget(stack, run, '15')
  const hold = await holdOf(stack, { customerId: run, quantity: '10', idempotencyKey: 'h' })
  expect([await spent(stack, member), await spent(stack, run)]).toEqual(['10 of 20', '10 of 15'])
  expect((await treeState(stack, run)).holds).toMatchObject([{ id: hold.id }])
  expect((await treeState(stack, sibling)).holds).toEqual([])
  expect(await reasonOf(sibling, '11')).toBe('BUDGET_REACHED')
  const more = await extendHold(stack, hold.id, '6', 'e1')
  expect([more.decision.reason, more.hold?.quantity]).toEqual(['BUDGET_REACHED', '10'])
  expect((await extendHold(stack, hold.id, '5', 'e2')).decision.reason).toBe('COVERED')
  expect(await spent(stack, run)).toBe('15 of 15')
  expect((await captureHold(stack, hold.id, '4')).usage).toMatchObject({ credits: '4', available: '96' })
  expect([await spent(stack, member), await spent(stack, run)]).toEqual(['4 of 20', '4 of 15'])
  const second = await holdOf(stack, { customerId: run, quantity: '11', idempotencyKey: 'h2' })
  await releaseHold(stack, second.id)
  expect([await spent(stack, member), await spent(stack, run)]).toEqual(['4 of 20', '4 of 15'])
  expect(await available(stack, workspace)).toBe('96')
  await voidUsage(stack, run, hold.id)
  expect([await spent(stack, member), await spent(stack, run)]).toEqual(['0 of 20', '0 of 15'])
  const refused = await createHold(stack, { customerId: run, quantity: '16', idempotencyKey: 'h3' })
  expect([refused.decision.reason, refused.hold]).toEqual(['BUDGET_REACHED', null])
})

test('that a budget is used up is told once a level and period', async () => {
  await stack.database.query(
    `insert into webhook_endpoint (id, project_id, url, types, secrets)
     values (gen_random_uuid(), $1, 'https://example.com', '{budget.reached}', '[]')`,
    [stack.project.id],
  )
  const { workspace, member, run, sibling } = await tree('100')
  await setBudget(stack, member, '10')
  await setBudget(stack, run, '4')
  const told = async () => {
    const rows = await stack.database.query<{ id: string; data: { limit: string; spent: string } }>(
      `select c.id, e.data from outbound_event e join customer c on c.pk = e.customer_pk where e.type = 'budget.reached'
       order by e.id`,
    )
    return rows.map(({ id, data }) => `${id} ${data.spent} of ${data.limit}`)
  }
  await use(run, '3')
  expect(await told()).toEqual([])
  expect(await reasonOf(run, '2')).toBe('BUDGET_REACHED')
  expect(await reasonOf(run, '2')).toBe('BUDGET_REACHED')
  expect(await told()).toEqual([`${run} 3 of 4`])
  await atOnce(3, () => use(sibling, '7'))
  expect(await told()).toEqual([`${run} 3 of 4`, `${member} 10 of 10`])
  expect(await available(stack, workspace)).toBe('90')
  await setBudget(stack, member, '11')
  await use(sibling, '1')
  expect(await told()).toHaveLength(3)
  await stack.database.query(`delete from webhook_endpoint`)
})

test('time: a period begins anew by the calendar, for holds and voids too, in every reading', async () => {
  const { workspace, member, run } = await tree('1000')
  await advanceTo(stack, (Math.ceil(Date.now() / DAY) + 90) * DAY + DAY / 2)
  await setBudget(stack, member, '10', { period: 'DAY' })
  await setBudget(stack, run, '100', { period: 'TOTAL' })
  await use(run, '6')
  const key = `use-${keys}`
  expect(await reasonOf(run, '5')).toBe('BUDGET_REACHED')
  const captured = await holdOf(stack, { customerId: run, quantity: '2', idempotencyKey: 'h1', ttlSeconds: 86_400 })
  const expired = await holdOf(stack, { customerId: run, quantity: '2', idempotencyKey: 'h2', ttlSeconds: 46_800 })
  expect(await spent(stack, member)).toBe('10 of 10')
  const before = await treeState(stack, member)
  const watcher = watchBillingState(other, run, await customerToken(stack, run))
  await until(
    () => watcher.states.length,
    (states) => states > 0,
  )
  await advanceTo(stack, before.budgets[0]?.resetsAt ?? '')
  const after = await treeState(stack, member)
  // Who looks is told that a day has begun, before anybody draws.
  const renewed = (await treeState(stack, run)).version
  await until(
    () => watcher.newest()?.version ?? 0,
    (version) => version >= renewed,
  )
  watcher.close()
  expect(after.budgets).toMatchObject([{ spent: '0', remaining: '10' }])
  expect(after.version).toBeGreaterThan(before.version)
  expect(Date.parse(after.budgets[0]?.resetsAt ?? '') - Date.parse(before.budgets[0]?.resetsAt ?? '')).toBe(DAY)
  expect((await treeState(stack, run)).budgets).toMatchObject([{ spent: '10' }])
  expect(await reasonOf(run, '3')).toBe('COVERED')
  expect(await spent(stack, member)).toBe('3 of 10')
  // Two were reserved yesterday: of five, three count today.
  await captureHold(stack, captured.id, '5')
  expect(await spent(stack, member)).toBe('6 of 10')
  expect(await spent(stack, run)).toBe('16 of 100')
  await advanceBy(stack, 7_200_000)
  expect((await treeState(stack, run)).holds).toEqual([])
  expect([await spent(stack, member), await spent(stack, run)]).toEqual(['6 of 10', '14 of 100'])
  expect(expired.status).toBe('OPEN')
  // What was used yesterday comes back to the total alone.
  await voidUsage(stack, run, key)
  expect([await spent(stack, member), await spent(stack, run)]).toEqual(['6 of 10', '8 of 100'])
  expect(await available(stack, workspace)).toBe('992')
  const versions = [(await treeState(stack, run)).version]
  await advanceBy(stack, 3 * DAY)
  versions.push((await treeState(stack, run)).version)
  expect(await reasonOf(run, '10')).toBe('COVERED')
  versions.push((await treeState(stack, run)).version)
  expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b))
})
