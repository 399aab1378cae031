import { afterAll, beforeAll, expect, test } from 'vitest'
import { atOnce, tally } from './at-once.ts'
import { available, dataOf, faultOf, grantCredits, recordUsage } from './calls.ts'
import { keyOf } from './rows.ts'
import { type Stack, startStack } from './stack.ts'
import { publishRateCard, publishWorkedExample, signUp } from './worked-example.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  await defineMeter({ code: 'seats', eventName: 'seen', aggregation: 'UNIQUE', property: 'user' })
  await defineMeter({ ...EDITORS, filters: { role: 'editor' } })
  const rate = (meter: string) => ({ code: meter, name: meter, meter, creditType: 'credits' })
  const usageRates = [rate('seats'), rate('editors'), rate('character_generation')]
  await publishRateCard(stack, { code: 'team', name: 'Team', interval: 'DAY', usageRates })
})
afterAll(() => stack.close())

const EDITORS = { code: 'editors', eventName: 'edited', aggregation: 'UNIQUE', property: 'user' }

async function defineMeter(input: object): Promise<void> {
  await dataOf(stack.query(`mutation ($input: MeterInput!) { defineMeter(input: $input) { code } }`, { input }))
}

async function teamWith(credits: string, id: string): Promise<string> {
  const customerId = await signUp(stack, id, 'team')
  await grantCredits(stack, { customerId, amount: credits, idempotencyKey: 'start' })
  return customerId
}

const seen = (customerId: string, user: unknown, idempotencyKey: string, more: object = {}) => ({
  ...{ customerId, eventName: 'seen', idempotencyKey, properties: { user } },
  ...more,
})

interface Counted {
  readonly decision: { readonly allowed: boolean; readonly cost: string }
  readonly usage: { readonly quantity: string; readonly credits: string } | null
}

const CONSUME = `mutation ($input: ConsumeInput!) { consume(input: $input) {
  decision { allowed cost } usage { quantity credits } } }`

const askConsume = (customerId: string, properties: object, idempotencyKey: string, more: object = {}) => {
  const input = { customerId, meter: 'seats', properties, idempotencyKey, ...more }
  return stack.query<{ consume: Counted }>(CONSUME, { input })
}

const consumeSeat = async (...asked: Parameters<typeof askConsume>) => (await dataOf(askConsume(...asked))).consume

/** What the running period has counted of the seats. */
async function seatsOf(customerId: string): Promise<string | undefined> {
  const document = `query ($customerId: ID!) { billingState(customerId: $customerId) { meters { meter quantity } } }`
  const { billingState } = await dataOf(
    stack.query<{ billingState: { meters: { meter: string; quantity: string }[] } }>(document, { customerId }),
  )
  return billingState.meters.find(({ meter }) => meter === 'seats')?.quantity
}

test('a value draws one the first time, and nothing after it: in a batch, in a later one and by consume', async () => {
  const customerId = await teamWith('10', 'once')
  const batch = ['ada', 'grace', 'ada'].map((user, index) => seen(customerId, user, `batch ${index}`))
  expect((await recordUsage(stack, batch)).map(({ credits }) => credits)).toEqual(['1', '1', '0'])
  const later = ['ada', 'alan'].map((user, index) => seen(customerId, user, `later ${index}`))
  expect((await recordUsage(stack, later)).map(({ credits }) => credits)).toEqual(['0', '1'])
  expect(await consumeSeat(customerId, { user: 'grace' }, 'known')).toEqual({
    decision: { allowed: true, cost: '0' },
    usage: { quantity: '0', credits: '0' },
  })
  expect(await seatsOf(customerId)).toBe('3')
  expect(await available(stack, customerId)).toBe('7')
})

test('consume counts the value and not the quantity, and needs the value', async () => {
  const customerId = await teamWith('1', 'consumed')
  expect(await faultOf(askConsume(customerId, {}, 'none'))).toBe('INVALID_INPUT properties.user')
  expect(await faultOf(askConsume(customerId, { user: 0.5 }, 'a part'))).toBe('INVALID_INPUT properties.user')
  const first = await consumeSeat(customerId, { user: 'ada' }, 'first', { quantity: '5' })
  expect(first).toEqual({ decision: { allowed: true, cost: '1' }, usage: { quantity: '1', credits: '1' } })
  const refused = await consumeSeat(customerId, { user: 'grace' }, 'refused')
  expect(refused).toEqual({ decision: { allowed: false, cost: '1' }, usage: null })
  expect((await consumeSeat(customerId, { user: 'ada' }, 'again')).usage).toEqual({ quantity: '0', credits: '0' })
  await grantCredits(stack, { customerId, amount: '1', idempotencyKey: 'more' })
  // What was refused has not been seen.
  expect((await consumeSeat(customerId, { user: 'grace' }, 'allowed')).usage).toEqual({ quantity: '1', credits: '1' })
})

test('the number 42 and the text "42" are one value, sent as a property or as `value`', async () => {
  const customerId = await teamWith('10', 'numbers')
  const events = [
    seen(customerId, 42, 'number'),
    seen(customerId, '42', 'text'),
    seen(customerId, undefined, 'shorthand', { value: '42' }),
    seen(customerId, '042', 'another'),
  ]
  expect((await recordUsage(stack, events)).map(({ credits }) => credits)).toEqual(['1', '0', '0', '1'])
  const bad = await recordUsage(stack, [seen(customerId, undefined, 'none'), seen(customerId, '', 'empty')])
  expect(bad.map(({ error }) => `${error?.code} ${error?.field}`)).toEqual(
    Array(2).fill('INVALID_INPUT properties.user'),
  )
})

test('a filter counts values of matching events only, and values of meters and customers are apart', async () => {
  const customerId = await teamWith('10', 'filters')
  const edited = (user: string, role: string) => ({
    ...seen(customerId, user, `${user} ${role}`),
    ...{ eventName: 'edited', properties: { user, role } },
  })
  const results = await recordUsage(stack, [edited('ada', 'viewer'), edited('ada', 'editor'), edited('ada', 'editor')])
  expect(results.map(({ credits, error }) => error?.code ?? credits)).toEqual(['NO_METER', '1', '1'])
  const others = [seen(customerId, 'ada', 'seat'), seen(await teamWith('1', 'others'), 'ada', 'seat')]
  expect((await recordUsage(stack, others)).map(({ credits }) => credits)).toEqual(['1', '1'])
})

test('32 parallel calls with one new value over two processes: it draws once', async () => {
  const customerId = await teamWith('100', 'parallel')
  const other = await stack.addPeer()
  const results = await atOnce(32, (index) =>
    recordUsage(index % 2 === 0 ? stack : other, [seen(customerId, 'ada', `${index}`)]),
  )
  expect(tally(results.flat().map(({ credits }) => credits ?? 'none'))).toEqual({ 0: 31, 1: 1 })
  expect(await available(stack, customerId)).toBe('99')
})

test('values are kept by their digest, and only those that a card rates', async () => {
  const unrated = await signUp(stack, 'unrated', 'prepaid')
  const [kept] = await recordUsage(stack, [seen(unrated, 'ada@example.com', 'kept')])
  expect(kept).toMatchObject({ status: 'RECORDED', credits: '0', uncovered: '1' })
  const customerId = await teamWith('1', 'digests')
  await recordUsage(stack, [seen(customerId, 'ada@example.com', 'kept')])
  const rows = await stack.database.query<{ customer_pk: number; digest: string }>(
    `select customer_pk, digest from unique_value where customer_pk = any($1)`,
    [[await keyOf(stack.database, unrated), await keyOf(stack.database, customerId)]],
  )
  expect(rows).toEqual([{ customer_pk: await keyOf(stack.database, customerId), digest: expect.any(String) }])
  expect(rows[0]?.digest).toMatch(/^[\w-]{22}$/)
})

test('check answers as for a new value', async () => {
  const customerId = await teamWith('1', 'checked')
  await recordUsage(stack, [seen(customerId, 'ada', 'first')])
  const document = `query ($customerId: ID!, $properties: JSON) {
    check(customerId: $customerId, meter: "seats", properties: $properties) { allowed cost } }`
  for (const properties of [undefined, { user: 'ada' }, { user: 'grace' }]) {
    const { check } = await dataOf(stack.query<{ check: object }>(document, { customerId, properties }))
    expect(check).toEqual({ allowed: false, cost: '1' })
  }
})

// Last: it moves the clock of the project.
test('a new period counts every value anew, and a late event still belongs to its own', async () => {
  const customerId = await teamWith('10', 'periods')
  await recordUsage(stack, [seen(customerId, 'ada', 'yesterday')])
  const { clock } = await dataOf(stack.query<{ clock: string }>('{ clock }'))
  const to = new Date(Date.parse(clock) + 86_400_000).toISOString()
  await dataOf(stack.query('mutation ($to: DateTime!) { advanceClock(to: $to) }', { to }))
  expect(await seatsOf(customerId)).toBe('0')
  const events = [
    seen(customerId, 'ada', 'today'),
    seen(customerId, 'ada', 'late', { timestamp: clock }),
    seen(customerId, 'grace', 'late and new', { timestamp: clock }),
    seen(customerId, 'grace', 'not late'),
  ]
  expect((await recordUsage(stack, events)).map(({ credits }) => credits)).toEqual(['1', '0', '1', '1'])
  expect(await seatsOf(customerId)).toBe('2')
})
