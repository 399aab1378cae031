import { afterAll, beforeAll, expect, test } from 'vitest'
import { tally } from './at-once.ts'
import {
  askRecordUsage,
  available,
  billingState,
  consume,
  dataOf,
  faultOf,
  grantCredits,
  recordUsage,
} from './calls.ts'
import { countOwnRows } from './rows.ts'
import { type Stack, startStack } from './stack.ts'
import { publishRateCard, publishWorkedExample, signUp } from './worked-example.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())

test('B16 100 events, one of them known and one of them bad: 98 count, each gets its own answer', async () => {
  const customerId = await signUp(stack, 'b16', 'prepaid')
  await grantCredits(stack, { customerId, amount: '1000', idempotencyKey: 'start' })
  const events = Array.from({ length: 100 }, (_, index) => ({ customerId, idempotencyKey: `e${index}`, value: '2' }))
  const [known] = await recordUsage(stack, events.slice(40, 41))
  const bad = { customerId, idempotencyKey: 'e70', value: '-1' }

  const results = await recordUsage(stack, events.with(70, bad))

  expect(tally(results.map(({ status }) => status))).toEqual({ RECORDED: 98, DUPLICATE: 1, REJECTED: 1 })
  expect(results.map(({ idempotencyKey }) => idempotencyKey)).toEqual(
    events.map(({ idempotencyKey }) => idempotencyKey),
  )
  expect(results[40]).toEqual({ ...known, status: 'DUPLICATE' })
  expect(results[70]).toMatchObject({ status: 'REJECTED', error: { code: 'INVALID_INPUT', field: 'value' } })
  expect(await available(stack, customerId)).toBe('802')
})

test('a key that occurs twice in one batch counts once', async () => {
  const customerId = await signUp(stack, 'twice')
  const event = { customerId, idempotencyKey: 'same', value: '2' }
  const results = await recordUsage(stack, [event, event, { ...event, value: '3' }])
  expect(results.map(({ status, error }) => error?.code ?? status)).toEqual([
    'RECORDED',
    'DUPLICATE',
    'IDEMPOTENCY_CONFLICT',
  ])
  expect(await available(stack, customerId)).toBe('3')
})

test('B20 negative, zero and unreadable amounts are refused with their field, and write nothing', async () => {
  const customerId = await signUp(stack, 'b20')
  const before = await countOwnRows(stack.database)
  for (const quantity of ['-1', '0', '0.0000000001', '1e3', '', 'NaN', 0.5]) {
    const asked = stack.query(`mutation ($input: ConsumeInput!) { consume(input: $input) { decision { allowed } } }`, {
      input: { customerId, meter: 'character_generation', quantity, idempotencyKey: `b20 ${quantity}` },
    })
    expect(await faultOf(asked), `quantity ${quantity}`).toBe('INVALID_INPUT quantity')
    const amount = stack.query(`mutation ($input: GrantCreditsInput!) { grantCredits(input: $input) { id } }`, {
      input: { customerId, creditType: 'credits', amount: quantity, idempotencyKey: `b20 ${quantity}` },
    })
    expect(await faultOf(amount), `amount ${quantity}`).toBe('INVALID_INPUT amount')
  }
  for (const value of ['-1', '0.0000000001', '1e3', 'NaN', 0.5]) {
    const [result] = await recordUsage(stack, [{ customerId, idempotencyKey: `b20 ${value}`, value }])
    expect(result, `value ${value}`).toMatchObject({ status: 'REJECTED', error: { code: 'INVALID_INPUT' } })
  }
  expect(await countOwnRows(stack.database)).toEqual(before)
})

test('B20 dust below what a price can charge is exact: 1,000 draws of 0.003 at one credit a unit are 3', async () => {
  const customerId = await signUp(stack, 'dust')
  const events = Array.from({ length: 1000 }, (_, index) => ({
    customerId,
    idempotencyKey: `d${index}`,
    value: '0.003',
  }))
  await recordUsage(stack, events)
  expect(await available(stack, customerId)).toBe('2')
})

test('B22 a customer without a card that rates the meter is not allowed, and nothing is spent', async () => {
  const customerId = await signUp(stack, 'b22')
  const input = { code: 'images', eventName: 'image', aggregation: 'COUNT' }
  await dataOf(stack.query(`mutation ($input: MeterInput!) { defineMeter(input: $input) { code } }`, { input }))
  const asked = await dataOf(
    stack.query<{ check: { allowed: boolean; reason: string } }>(
      `query ($customerId: ID!) { check(customerId: $customerId, meter: "images") { allowed reason } }`,
      { customerId },
    ),
  )
  expect(asked.check).toEqual({ allowed: false, reason: 'NO_SUBSCRIPTION' })
  const consumed = await consume(stack, { customerId, meter: 'images', idempotencyKey: 'one' })
  expect(consumed).toMatchObject({ decision: { allowed: false, reason: 'NO_SUBSCRIPTION' }, usage: null })
  const [recorded] = await recordUsage(stack, [{ customerId, eventName: 'image', idempotencyKey: 'two' }])
  expect(recorded).toMatchObject({ status: 'RECORDED', credits: '0', uncovered: '1' })
  expect(await available(stack, customerId)).toBe('5')
})

test('usage beyond the grants is uncovered where the card blocks, and overage where it charges', async () => {
  const customerId = await signUp(stack, 'uncovered')
  const [result] = await recordUsage(stack, [{ customerId, idempotencyKey: 'big', value: '7' }])
  expect(result).toMatchObject({ credits: '5', overage: '0', uncovered: '2', available: '0' })
  const { balances } = await billingState(stack, customerId)
  expect(balances).toMatchObject([{ available: '0', used: '5', overage: '0', uncovered: '2' }])
})

test('an event feeds every meter that matches, in one step', async () => {
  for (const property of ['input', 'output']) {
    const input = { code: `${property}-tokens`, eventName: 'tokens', aggregation: 'SUM', property }
    await dataOf(stack.query(`mutation ($input: MeterInput!) { defineMeter(input: $input) { code } }`, { input }))
  }
  const rate = (code: string, amount: string) => ({
    ...{ code, name: code, meter: `${code}-tokens`, creditType: 'credits' },
    creditCost: { flat: { amount } },
  })
  const usageRates = [rate('input', '0.001'), rate('output', '0.004')]
  await publishRateCard(stack, { code: 'tokens', name: 'Tokens', usageRates })
  const customerId = await signUp(stack, 'tokens', 'tokens')
  await grantCredits(stack, { customerId, amount: '10', idempotencyKey: 'start' })
  const event = {
    customerId,
    eventName: 'tokens',
    idempotencyKey: 'chat',
    properties: { input: '1000', output: '500' },
  }
  const [result] = await recordUsage(stack, [event])
  expect(result).toMatchObject({ status: 'RECORDED', credits: '3', available: '7' })
  const half = { ...event, idempotencyKey: 'half', properties: { input: '1000' } }
  const [rejected] = await recordUsage(stack, [half])
  expect(rejected).toMatchObject({ status: 'REJECTED', error: { code: 'INVALID_INPUT', field: 'properties.output' } })
  expect(await available(stack, customerId)).toBe('7')
})

test('an empty batch and one of 1,001 events are refused, and one of 1,000 is not', async () => {
  const customerId = await signUp(stack, 'sizes', 'prepaid')
  const events = Array.from({ length: 1001 }, (_, index) => ({ customerId, idempotencyKey: `s${index}`, value: '1' }))
  const before = await countOwnRows(stack.database)
  expect(await faultOf(askRecordUsage(stack, []))).toBe('INVALID_INPUT events')
  expect(await faultOf(askRecordUsage(stack, events))).toBe('INVALID_INPUT events')
  expect(await countOwnRows(stack.database)).toEqual(before)
  const results = await recordUsage(stack, events.slice(1))
  expect(tally(results.map(({ status }) => status))).toEqual({ RECORDED: 1000 })
})
