import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from './at-once.ts'
import { available, consume, dataOf, faultOf, grantCredits, recordUsage } from './calls.ts'
import { advanceBy, advanceTo, bills, DAY, live, start, subscriptionOf, told } from './living.ts'
import { type Stack, startStack } from './stack.ts'
import { watchBillingState } from './watch-billing-state.ts'
import { publishRateCard, publishWorkedExample, STARTER, signUp } from './worked-example.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())

test('the clock does not go back, and not further than five years at once', async () => {
  const ask = (to: string) => faultOf(stack.query(`mutation ($to: DateTime!) { advanceClock(to: $to) }`, { to }))
  const { at } = await live(stack, await signUp(stack, 'clock'))
  expect(await ask(new Date(Date.parse(at) - 60_000).toISOString())).toBe('INVALID_INPUT to')
  expect(await ask('2099-01-01T00:00:00Z')).toBe('INVALID_INPUT to')
  expect(await ask('2027-02-31T00:00:00Z')).toBe('INVALID_INPUT to')
  const to = Date.parse(at) + DAY
  await advanceTo(stack, to)
  await advanceTo(stack, to) // the same again is the same answer
  expect(await ask(new Date(to - 1).toISOString())).toBe('INVALID_INPUT to')
})

test('says how far it has come while it moves', { timeout: 300_000 }, async () => {
  await publishRateCard(stack, { ...STARTER, code: 'daily', fixedRates: [], interval: 'DAY' })
  const customers = Array.from({ length: 8 }, (_, index) => `daily-${index}`)
  for (const id of customers) await start(stack, id, 'daily')
  type Progress = { clockProgress: { to: string; reached: string; subscriptionsDue: number } | null }
  const ask = async () =>
    (await dataOf(stack.query<Progress>(`{ clockProgress { from to reached subscriptionsDue } }`))).clockProgress
  expect(await ask()).toBeNull()
  const { at } = await live(stack, 'daily-0')
  const to = new Date(Date.parse(at) + 60 * DAY).toISOString()
  let moved = false
  const moving = advanceTo(stack, to).then(() => {
    moved = true
  })
  const seen: number[] = []
  while (!moved) {
    const progress = await ask()
    if (progress) {
      expect(progress.to).toBe(to)
      seen.push(Date.parse(progress.reached))
    }
    await sleep(5)
  }
  await moving
  expect(seen.length).toBeGreaterThan(0)
  expect([...seen].sort((a, b) => a - b)).toEqual(seen)
  expect(await ask()).toBeNull()
})

test('a worker that was down for three months bills each missed period once, in order', async () => {
  await start(stack, 'down', 'starter')
  const { currentPeriodStart } = await subscriptionOf(stack, 'down')
  // Time passes while nothing works: the project's clock is somewhere else, and everybody finds out by themselves.
  await stack.database.query(`update project set clock_offset_ms = clock_offset_ms + $2 where id = $1`, [
    stack.project.id,
    95 * DAY,
  ])
  await until(
    () => bills(stack, 'down'),
    (found) => found.length === 4 && found.every(({ status }) => status === 'PAID'),
  )
  const found = [...(await bills(stack, 'down'))].reverse()
  const numbers = found.map(({ number }) => number)
  expect([...numbers].sort()).toEqual(numbers)
  const starts = found.map(({ periodStart }) => Date.parse(periodStart ?? ''))
  expect(starts[0]).toBe(Date.parse(currentPeriodStart))
  for (const [index, { periodStart }] of found.entries()) {
    if (index > 0) expect(periodStart).toBe(found[index - 1]?.periodEnd)
  }
  expect(await available(stack, 'down')).toBe('25')
})

test('S16 in the lag between an expiry and its sweep, reading, drawing and the live feed agree', async () => {
  const customerId = await signUp(stack, 's16', 'prepaid')
  const { at } = await live(stack, customerId)
  const expiresAt = new Date(Date.parse(at) + 5_000).toISOString()
  await grantCredits(stack, { customerId, amount: '9', expiresAt, idempotencyKey: 'short' })
  expect(await available(stack, customerId)).toBe('9')
  const watcher = watchBillingState(stack, customerId, `Bearer ${stack.secretKey}`)
  // Whether or not a sweeper has run and the ledger has its EXPIRE.
  await until(
    () => available(stack, customerId),
    (credits) => credits === '0',
  )
  const { decision } = await consume(stack, { customerId, idempotencyKey: 'after' })
  expect(decision).toMatchObject({ allowed: false, reason: 'INSUFFICIENT_CREDITS' })
  await grantCredits(stack, { customerId, amount: '1', idempotencyKey: 'news' })
  await until(
    () => watcher.newest()?.balances[0]?.available,
    (shown) => shown === '1',
  )
  watcher.close()
})

test('S21 one promotion, redeemed five times at once: one grant, four typed errors', async () => {
  const customerId = await signUp(stack, 's21', 'prepaid')
  const document = `mutation ($input: GrantCreditsInput!) { grantCredits(input: $input) { id } }`
  // The promotion is the key; each request has something of its own in it.
  const answers = await Promise.all(
    [1, 2, 3, 4, 5].map((request) =>
      stack.query(document, {
        input: { customerId, creditType: 'credits', amount: '100', metadata: { request }, idempotencyKey: 'WELCOME' },
      }),
    ),
  )
  const codes = answers.map(({ errors }) => errors[0]?.extensions.code ?? 'granted').sort()
  expect(codes).toEqual([...Array.from({ length: 4 }, () => 'IDEMPOTENCY_CONFLICT'), 'granted'])
  expect(await available(stack, customerId)).toBe('100')
})

test('the worked example, and the year after it', { timeout: 300_000 }, async () => {
  await start(stack, 'year', 'premium')
  await recordUsage(stack, [{ customerId: 'year', idempotencyKey: 'all', value: '113' }])
  await advanceBy(stack, 370 * DAY)
  const found = (await bills(stack, 'year')).map(told)
  expect(found).toHaveLength(13)
  expect(found.at(-2)).toBe('107.20 PAID: Generations: overage 7.20, Premium 100.00')
  expect(new Set(found.slice(0, -2))).toEqual(new Set(['100.00 PAID: Premium 100.00']))
})
