import { afterAll, beforeAll, expect, test } from 'vitest'
import { available, billingState, dataOf, grantCredits, recordUsage, voidUsage } from './calls.ts'
import { keyOf } from './rows.ts'
import { type Stack, startStack } from './stack.ts'
import { publishRateCard, publishWorkedExample, signUp } from './worked-example.ts'

// What meters, periods and charts count after an event was voided.

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  await defineMeter({ code: 'input', eventName: 'chat', aggregation: 'SUM', property: 'input' })
  await defineMeter({ code: 'output', eventName: 'chat', aggregation: 'SUM', property: 'output' })
  await defineMeter({ code: 'seats', eventName: 'seen', aggregation: 'UNIQUE', property: 'user' })
  const rate = (meter: string, amount: string) => ({
    ...{ code: meter, name: meter, meter, creditType: 'credits' },
    creditCost: { flat: { amount } },
  })
  const usageRates = [rate('input', '0.001'), rate('output', '0.004'), rate('seats', '1')]
  const allowances = [{ creditType: 'credits', amount: '10' }]
  await publishRateCard(stack, { code: 'daily', name: 'Daily', interval: 'DAY', usageRates, allowances })
})
afterAll(() => stack.close())

async function defineMeter(input: object): Promise<void> {
  await dataOf(stack.query(`mutation ($input: MeterInput!) { defineMeter(input: $input) { code } }`, { input }))
}

async function clock(): Promise<number> {
  return Date.parse((await dataOf(stack.query<{ clock: string }>('{ clock }'))).clock)
}

/** What the running period has counted, by meter. */
async function countedBy(customerId: string): Promise<Record<string, string>> {
  const document = `query ($customerId: ID!) { billingState(customerId: $customerId) { meters { meter quantity } } }`
  const { billingState: state } = await dataOf(
    stack.query<{ billingState: { meters: { meter: string; quantity: string }[] } }>(document, { customerId }),
  )
  return Object.fromEntries(state.meters.map(({ meter, quantity }) => [meter, quantity]))
}

/** Quantity and credits in the chart of the last two days: of all events, or of those of one model. */
async function charted(customerId: string, meter: string, model?: string): Promise<string[]> {
  const document = `query ($customerId: ID!, $meter: String!, $from: DateTime!, $to: DateTime!, $groupBy: String) {
    usage(customerId: $customerId, meter: $meter, from: $from, to: $to, groupBy: $groupBy) { quantity credits group } }`
  const now = await clock()
  const [from, to] = [now - 86_400_000, now + 3_600_000].map((instant) => new Date(instant).toISOString())
  const variables = { customerId, meter, from, to, groupBy: model ? 'model' : null }
  const { usage } = await dataOf(
    stack.query<{ usage: { quantity: string; credits: string; group: string | null }[] }>(document, variables),
  )
  return usage
    .filter(({ quantity, group }) => quantity !== '0' && group === (model ?? null))
    .map(({ quantity, credits }) => `${quantity} for ${credits}`)
}

const seen = (customerId: string, user: string, idempotencyKey: string) => ({
  ...{ customerId, eventName: 'seen', idempotencyKey },
  properties: { user },
})

test('a voided event is out of every meter that it fed, of the period and of the chart', async () => {
  const customerId = await signUp(stack, 'meters', 'daily')
  const chat = (idempotencyKey: string, input: string, output: string) => ({
    ...{ customerId, eventName: 'chat', idempotencyKey },
    properties: { input, output, model: 'large' },
  })
  await recordUsage(stack, [chat('kept', '1000', '250'), chat('gone', '2000', '500')])
  expect(await countedBy(customerId)).toEqual({ input: '3000', output: '750', seats: '0' })
  expect(await available(stack, customerId)).toBe('4')
  await voidUsage(stack, customerId, 'gone')
  expect(await countedBy(customerId)).toEqual({ input: '1000', output: '250', seats: '0' })
  expect(await available(stack, customerId)).toBe('8')
  for (const [meter, figures] of Object.entries({ input: '1000 for 1', output: '250 for 1' })) {
    expect(await charted(customerId, meter)).toEqual([figures])
    expect(await charted(customerId, meter, 'large')).toEqual([figures])
  }
})

test('usage beyond the grants leaves the period and the chart with its event', async () => {
  const customerId = await signUp(stack, 'beyond', 'daily')
  const chat = (idempotencyKey: string, input: string) => ({
    ...{ customerId, eventName: 'chat', idempotencyKey },
    properties: { input, output: '0' },
  })
  await recordUsage(stack, [chat('gone', '12000'), chat('kept', '3000')])
  expect((await billingState(stack, customerId)).balances).toMatchObject([{ available: '0', uncovered: '5' }])
  await voidUsage(stack, customerId, 'gone')
  expect((await billingState(stack, customerId)).balances).toMatchObject([{ available: '10', uncovered: '3' }])
  expect(await charted(customerId, 'input')).toEqual(['3000 for 3'])
  const rows = await stack.database.query(
    `select quantity::text, credits::text, overage::text, uncovered::text from meter_period p
     join meter m on m.pk = p.meter_pk where customer_pk = $1 and m.code = 'input'`,
    [await keyOf(stack.database, customerId)],
  )
  expect(rows).toEqual([{ quantity: '3000', credits: '0', overage: '0', uncovered: '3' }])
})

test('what no card rates is voided too: it drew nothing, and leaves the chart', async () => {
  const customerId = await signUp(stack, 'unrated', 'prepaid')
  const [recorded] = await recordUsage(stack, [seen(customerId, 'ada', 'gone')])
  expect(await charted(customerId, 'seats')).toEqual(['1 for 0'])
  const { version } = await billingState(stack, customerId)
  expect(await voidUsage(stack, customerId, 'gone')).toEqual({ ...recorded, status: 'VOIDED', version: version + 1 })
  expect(await charted(customerId, 'seats')).toEqual([])
})

test('a value is forgotten with the event that brought it first, and with no other', async () => {
  const customerId = await signUp(stack, 'values', 'daily')
  const drawn = async (key: string) => (await recordUsage(stack, [seen(customerId, 'ada', key)]))[0]?.credits
  expect([await drawn('first'), await drawn('second')]).toEqual(['1', '0'])
  await voidUsage(stack, customerId, 'second')
  expect(await drawn('third')).toBe('0')
  await voidUsage(stack, customerId, 'first')
  expect(await countedBy(customerId)).toMatchObject({ seats: '0' })
  expect([await drawn('fourth'), await drawn('fifth')]).toEqual(['1', '0'])
  await voidUsage(stack, customerId, 'first')
  expect(await drawn('sixth')).toBe('0')
  expect(await available(stack, customerId)).toBe('9')
})

// Last: it moves the clock of the project.
test('an event of yesterday is voided out of yesterday, and its allowance has ended', async () => {
  const customerId = await signUp(stack, 'yesterday', 'daily')
  await grantCredits(stack, { customerId, amount: '1', priority: 1, idempotencyKey: 'pack' })
  await recordUsage(
    stack,
    ['ada', 'grace', 'alan'].map((user) => seen(customerId, user, user)),
  )
  const to = new Date((await clock()) + 86_400_000).toISOString()
  await dataOf(stack.query('mutation ($to: DateTime!) { advanceClock(to: $to) }', { to }))
  await recordUsage(stack, [seen(customerId, 'ada', 'today')])
  for (const user of ['ada', 'grace']) await voidUsage(stack, customerId, user)
  expect(await countedBy(customerId)).toMatchObject({ seats: '1' })
  // The pack's credit is there again; the allowance's went with its day.
  expect(await available(stack, customerId)).toBe('10')
  const rows = await stack.database.query(
    `select quantity::text, credits::text, (select count(*) from unique_value u where u.customer_pk = p.customer_pk
       and u.meter_pk = p.meter_pk and u.period_start = p.period_start) as values
     from meter_period p where customer_pk = $1 order by period_start`,
    [await keyOf(stack.database, customerId)],
  )
  expect(rows).toEqual([
    { quantity: '1', credits: '1', values: 1 },
    { quantity: '1', credits: '1', values: 1 },
  ])
})
