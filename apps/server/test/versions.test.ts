import { afterAll, beforeAll, expect, test } from 'vitest'
import { consume, dataOf } from './calls.ts'
import { advanceToPeriodEnd, balanceOf, bills, start, subscriptionOf, told } from './living.ts'
import { type Stack, startStack } from './stack.ts'
import { publishRateCard, publishWorkedExample, STARTER } from './worked-example.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())

/** The starter card under another code, so that tests don't move each other's subscribers. */
const cardOf = (code: string, price: string, credits: string, more: object = {}) => ({
  ...STARTER,
  code,
  name: code,
  fixedRates: [{ code: 'base', name: code, price: { flat: { amount: price } } }],
  allowances: [{ creditType: 'credits', amount: credits }],
  ...more,
})

test('AT_RENEWAL: nothing now, the newest version with the next period', async () => {
  await publishRateCard(stack, cardOf('renews', '20.00', '25'))
  await start(stack, 'renews', 'renews')
  await publishRateCard(stack, cardOf('renews', '25.00', '30'))
  await publishRateCard(stack, cardOf('renews', '30.00', '40'))
  expect((await subscriptionOf(stack, 'renews')).rateCard.version).toBe(1)
  await advanceToPeriodEnd(stack, 'renews')
  expect((await subscriptionOf(stack, 'renews')).rateCard.version).toBe(3)
  expect((await bills(stack, 'renews'))[0]).toMatchObject({ total: '30.00', status: 'PAID' })
  expect(await balanceOf(stack, 'renews')).toBe('40 of 40, 0 used')
})

test('S04 NOW: the difference of allowances for everybody, what was used stays used, money with the next invoice', async () => {
  await publishRateCard(stack, cardOf('now', '20.00', '25'))
  const customers = ['now-1', 'now-2', 'now-3']
  for (const id of customers) {
    await start(stack, id, 'now')
    await consume(stack, { customerId: id, idempotencyKey: 'five', quantity: '5' })
  }
  await publishRateCard(stack, cardOf('now', '30.00', '40', { migrate: 'NOW' }))
  await publishRateCard(stack, cardOf('now', '30.00', '40', { migrate: 'NOW' }))
  for (const id of customers) {
    expect(await balanceOf(stack, id)).toBe('35 of 40, 5 used')
    expect(await bills(stack, id)).toHaveLength(1)
  }
  await advanceToPeriodEnd(stack, 'now-1')
  expect((await bills(stack, 'now-1'))[0]).toMatchObject({ total: '30.00', status: 'PAID' })
})

test('NEVER: subscribers stay, newcomers get the new version', async () => {
  await publishRateCard(stack, cardOf('stays', '20.00', '25'))
  await start(stack, 'stays', 'stays')
  await publishRateCard(stack, cardOf('stays', '50.00', '60', { migrate: 'NEVER' }))
  await start(stack, 'comes', 'stays')
  await advanceToPeriodEnd(stack, 'stays')
  expect((await subscriptionOf(stack, 'stays')).rateCard.version).toBe(1)
  expect((await subscriptionOf(stack, 'comes')).rateCard.version).toBe(2)
  expect((await bills(stack, 'stays'))[0]).toMatchObject({ total: '20.00' })
})

test('a preview says who is affected and by how much, and publishes nothing', async () => {
  await publishRateCard(stack, cardOf('looked', '20.00', '25'))
  for (const id of ['looked-1', 'looked-2', 'looked-3']) await start(stack, id, 'looked')
  const document = `query ($input: RateCardInput!, $first: Int, $after: String) {
    previewRateCardMigration(input: $input, first: $first, after: $after) { rateCard { version } migrate subscribers
      periodBefore { amount } periodAfter { amount } moves { pageInfo { hasNextPage endCursor } nodes {
        customerId fromVersion effectiveAt periodBefore { amount } periodAfter { amount } allowances { before after } } } } }`
  const input = cardOf('looked', '30.00', '40')
  type Answer = { previewRateCardMigration: { moves: { pageInfo: { endCursor: string } } } }
  const page = await dataOf(stack.query<Answer>(document, { input, first: 2 }))
  const { currentPeriodEnd } = await subscriptionOf(stack, 'looked-1')
  expect(page.previewRateCardMigration).toMatchObject({
    rateCard: { version: 2 },
    migrate: 'AT_RENEWAL',
    subscribers: 3,
    periodBefore: { amount: '60.00' },
    periodAfter: { amount: '90.00' },
    moves: {
      pageInfo: { hasNextPage: true },
      nodes: [
        {
          customerId: 'looked-1',
          fromVersion: 1,
          effectiveAt: currentPeriodEnd,
          periodBefore: { amount: '20.00' },
          periodAfter: { amount: '30.00' },
          allowances: [{ before: '25', after: '40' }],
        },
        { customerId: 'looked-2' },
      ],
    },
  })
  const { endCursor } = page.previewRateCardMigration.moves.pageInfo
  const rest = await dataOf(stack.query<Answer>(document, { input, first: 2, after: endCursor }))
  expect(rest.previewRateCardMigration.moves).toMatchObject({ nodes: [{ customerId: 'looked-3' }] })
  const never = await dataOf(stack.query<Answer>(document, { input: { ...input, migrate: 'NEVER' } }))
  expect(never.previewRateCardMigration).toMatchObject({ subscribers: 0, moves: { nodes: [] } })
  expect((await subscriptionOf(stack, 'looked-1')).rateCard.version).toBe(1)
})

test('another interval begins at the renewal: a new period, a new anchor, and the whole allowance', async () => {
  await publishRateCard(stack, cardOf('longer', '20.00', '25'))
  await start(stack, 'longer', 'longer')
  await consume(stack, { customerId: 'longer', idempotencyKey: 'five', quantity: '5' })
  await publishRateCard(stack, cardOf('longer', '200.00', '300', { interval: 'YEAR' }))
  const { currentPeriodEnd } = await subscriptionOf(stack, 'longer')
  await advanceToPeriodEnd(stack, 'longer')
  const yearly = await subscriptionOf(stack, 'longer')
  expect(yearly).toMatchObject({ rateCard: { version: 2 }, currentPeriodStart: currentPeriodEnd })
  const [begins, ends] = [new Date(yearly.currentPeriodStart), new Date(yearly.currentPeriodEnd)]
  expect(ends.getUTCFullYear()).toBe(begins.getUTCFullYear() + 1)
  expect(yearly.currentPeriodEnd.slice(4)).toBe(yearly.currentPeriodStart.slice(4))
  expect((await bills(stack, 'longer')).map(told)).toEqual(['200.00 PAID: longer 200.00', '20.00 PAID: longer 20.00'])
  expect(await balanceOf(stack, 'longer')).toBe('300 of 300, 0 used')
})

test('another currency, and another interval at once, are refused by name', async () => {
  await publishRateCard(stack, cardOf('fixed', '20.00', '25'))
  await expect(
    publishRateCard(stack, cardOf('fixed', '20.00', '25', { currency: 'EUR', bundles: [] })),
  ).rejects.toThrow(/"field":"currency"/)
  await expect(
    publishRateCard(stack, cardOf('fixed', '20.00', '25', { interval: 'YEAR', migrate: 'NOW' })),
  ).rejects.toThrow(/"field":"migrate"/)
})
