import { afterAll, beforeAll, expect, test } from 'vitest'
import { atOnce, tally } from './at-once.ts'
import { available, consume, faultOf, grantCredits, ledger, upsertCustomer, voidUsage } from './calls.ts'
import {
  askCaptureHold,
  askCreateHold,
  askExtendHold,
  askReleaseHold,
  captureHold,
  createHold,
  extendHold,
  holding,
  holdOf,
  releaseHold,
} from './holding.ts'
import { advanceTo, advanceToPeriodEnd } from './living.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())

let customers = 0

/** A new customer with so many credits and nothing else. */
async function prepaid(credits: string, more: object = {}): Promise<string> {
  const customerId = await signUp(stack, `holder-${++customers}`, 'prepaid')
  await grantCredits(stack, { customerId, amount: credits, idempotencyKey: 'start', ...more })
  return customerId
}

const clock = async () => Date.parse((await stack.query<{ clock: string }>('{ clock }')).data?.clock ?? '')

test('B23 a hold of all leaves nothing to draw; captured for less, the rest is back; it is settled once', async () => {
  const customerId = await prepaid('100')
  const hold = await holdOf(stack, { customerId, quantity: '100', idempotencyKey: 'h' })
  expect(await holding(stack, customerId)).toMatchObject({
    available: '0',
    held: '100',
    holds: [{ id: hold.id, status: 'OPEN' }],
  })
  const refused = await consume(stack, { customerId, quantity: '1', idempotencyKey: 'c' })
  expect(refused.decision.reason).toBe('INSUFFICIENT_CREDITS')
  const captured = await captureHold(stack, hold.id, '37')
  expect(captured.usage).toMatchObject({ status: 'RECORDED', credits: '37', available: '63' })
  expect(await holding(stack, customerId)).toMatchObject({ available: '63', held: '0', used: '37', holds: [] })
  expect(await captureHold(stack, hold.id, '37')).toEqual(captured)
  expect(await faultOf(askCaptureHold(stack, hold.id, '38'))).toBe('CONFLICT quantity')
  expect(await faultOf(askReleaseHold(stack, hold.id))).toBe('CONFLICT holdId')
  expect(await faultOf(askExtendHold(stack, hold.id, '1', 'e'))).toBe('CONFLICT holdId')
  const kinds = (await ledger(stack, customerId)).map(({ kind, amount }) => `${kind} ${amount}`)
  expect(kinds).toEqual(['DRAW -37', 'RELEASE 100', 'HOLD -100', 'GRANT 100'])
})

test('B22 a hold on what the customer is not entitled to is refused, and nothing is held', async () => {
  const customerId = await upsertCustomer(stack, 'nobody')
  const { decision, hold } = await createHold(stack, { customerId, quantity: '1', idempotencyKey: 'h' })
  expect([decision.allowed, decision.reason, hold]).toEqual([false, 'NO_SUBSCRIPTION', null])
})

test('of 16 holds at once on credits for 3, 3 are given', async () => {
  const customerId = await prepaid('30')
  const answers = await atOnce(16, (n) => createHold(stack, { customerId, quantity: '10', idempotencyKey: `h${n}` }))
  expect(tally(answers.map(({ decision }) => decision.reason))).toEqual({ COVERED: 3, INSUFFICIENT_CREDITS: 13 })
  expect(await holding(stack, customerId)).toMatchObject({ available: '0', held: '30' })
})

test('a retry gets the first answer, also after a top-up; another input is a conflict', async () => {
  const customerId = await prepaid('5')
  const ask = { customerId, quantity: '8', idempotencyKey: 'h' }
  const first = await createHold(stack, ask)
  await grantCredits(stack, { customerId, amount: '100', idempotencyKey: 'more' })
  expect(await createHold(stack, ask)).toEqual(first)
  expect(await faultOf(askCreateHold(stack, { ...ask, quantity: '9' }))).toBe('IDEMPOTENCY_CONFLICT idempotencyKey')
  const given = await atOnce(8, () => createHold(stack, { ...ask, idempotencyKey: 'k' }))
  expect(new Set(given.map(({ hold }) => hold?.id)).size).toBe(1)
  expect(await available(stack, customerId)).toBe('97')
})

test('a stream extends until it is told to stop, and is captured for what it used', async () => {
  const customerId = await prepaid('100')
  const hold = await holdOf(stack, { customerId, quantity: '40', idempotencyKey: 'h', ttlSeconds: 60 })
  const more = await extendHold(stack, hold.id, '40', 'e1')
  expect(more.hold).toMatchObject({ quantity: '80', credits: '80' })
  expect(await extendHold(stack, hold.id, '40', 'e1')).toEqual(more)
  const stop = await extendHold(stack, hold.id, '40', 'e2')
  expect([stop.decision.allowed, stop.decision.reason]).toEqual([false, 'INSUFFICIENT_CREDITS'])
  expect(stop.hold).toMatchObject({ status: 'OPEN', quantity: '80', credits: '80', expiresAt: more.hold?.expiresAt })
  expect((await captureHold(stack, hold.id, '75.5')).usage?.available).toBe('24.5')
})

test('releasing leaves no net effect, however often', async () => {
  const customerId = await prepaid('10', { expiresAt: new Date((await clock()) + 3_600_000).toISOString() })
  await grantCredits(stack, { customerId, amount: '10', idempotencyKey: 'second' })
  const before = await holding(stack, customerId)
  const hold = await holdOf(stack, { customerId, quantity: '15', idempotencyKey: 'h' })
  const released = await atOnce(4, () => releaseHold(stack, hold.id))
  expect(new Set(released.map(({ status }) => status))).toEqual(new Set(['RELEASED']))
  const after = await holding(stack, customerId)
  expect({ ...after, version: 0 }).toEqual({ ...before, version: 0 })
  expect(await faultOf(askCaptureHold(stack, hold.id, '1'))).toBe('CONFLICT holdId')
})

test('G18 settling above the hold draws what there is, and the rest is recorded by the card', async () => {
  const customerId = await signUp(stack, 'above-block', 'prepaid')
  await grantCredits(stack, { customerId, amount: '120', idempotencyKey: 'start' })
  const hold = await holdOf(stack, { customerId, quantity: '100', idempotencyKey: 'h' })
  const { decision, usage } = await captureHold(stack, hold.id, '130')
  expect(usage).toMatchObject({ credits: '120', overage: '0', uncovered: '10', available: '0' })
  expect(decision).toMatchObject({ allowed: false, reason: 'INSUFFICIENT_CREDITS', cost: '130', available: '120' })
})

test('G03 a provider that says zero costs nothing, and the hold is back', async () => {
  const customerId = await prepaid('10')
  const hold = await holdOf(stack, { customerId, quantity: '10', idempotencyKey: 'h' })
  expect((await captureHold(stack, hold.id, '0')).usage).toMatchObject({
    status: 'RECORDED',
    credits: '0',
    available: '10',
  })
})

test('a captured hold can be voided like any usage', async () => {
  const customerId = await prepaid('10')
  const hold = await holdOf(stack, { customerId, quantity: '8', idempotencyKey: 'h' })
  const { usage } = await captureHold(stack, hold.id, '6')
  expect(await voidUsage(stack, customerId, usage?.idempotencyKey ?? '')).toMatchObject({ status: 'VOIDED' })
  expect(await available(stack, customerId)).toBe('10')
})

test('bad input is refused with its field', async () => {
  const customerId = await prepaid('10')
  const ask = { customerId, quantity: '1', idempotencyKey: 'h' }
  expect(await faultOf(askCreateHold(stack, { ...ask, quantity: '0' }))).toBe('INVALID_INPUT quantity')
  expect(await faultOf(askCreateHold(stack, { ...ask, ttlSeconds: 0 }))).toBe('INVALID_INPUT ttlSeconds')
  expect(await faultOf(askCreateHold(stack, { ...ask, meter: 'none' }))).toBe('NOT_FOUND meter')
  expect(await faultOf(askCaptureHold(stack, 'hold_00000000000000000000000000000000', '1'))).toBe('NOT_FOUND holdId')
  expect(await faultOf(askCaptureHold(stack, 'x', '1'))).toBe('NOT_FOUND holdId')
  const hold = await holdOf(stack, ask)
  expect(await faultOf(askCaptureHold(stack, hold.id, '-1'))).toBe('INVALID_INPUT quantity')
  expect(await faultOf(askExtendHold(stack, hold.id, '0', 'e'))).toBe('INVALID_INPUT quantity')
})

test('time: a hold ends at its instant by itself, and is captured after the end of the grant it holds of', async () => {
  const soon = new Date((await clock()) + 100_000).toISOString()
  const customerId = await prepaid('10', { expiresAt: soon })
  const short = await holdOf(stack, { customerId, quantity: '4', idempotencyKey: 'short', ttlSeconds: 60 })
  const long = await holdOf(stack, { customerId, quantity: '5', idempotencyKey: 'long', ttlSeconds: 7_200 })
  await advanceTo(stack, Date.parse(short.expiresAt))
  expect(await holding(stack, customerId)).toMatchObject({ available: '5', held: '5', holds: [{ id: long.id }] })
  expect(await faultOf(askCaptureHold(stack, short.id, '1'))).toBe('CONFLICT holdId')
  expect((await releaseHold(stack, short.id)).status).toBe('EXPIRED')
  await advanceTo(stack, Date.parse(soon) + 1_000)
  expect((await captureHold(stack, long.id, '3')).usage).toMatchObject({ credits: '3', uncovered: '0' })
  expect(await holding(stack, customerId)).toMatchObject({ available: '0', held: '0' })
  const kinds = (await ledger(stack, customerId)).map(({ kind, amount }) => `${kind} ${amount}`)
  expect(kinds.slice(0, 3)).toEqual(['EXPIRE -2', 'DRAW -3', 'RELEASE 5'])
})

test('what a hold keeps of an allowance is held also after its period', async () => {
  const customerId = await signUp(stack, 'over-the-edge', 'free')
  await advanceToPeriodEnd(stack, customerId, -60_000)
  await holdOf(stack, { customerId, quantity: '3', idempotencyKey: 'h' })
  await advanceToPeriodEnd(stack, customerId)
  expect(await holding(stack, customerId)).toMatchObject({ available: '5', held: '3', used: '0' })
})
