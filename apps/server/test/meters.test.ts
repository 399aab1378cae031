import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { customerToken, dataOf, faultOf, recordUsage } from './calls.ts'
import { advanceTo, advanceToPeriodEnd, DAY, live, subscriptionOf } from './living.ts'
import { subscribe } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { publishRateCard, publishWorkedExample } from './worked-example.ts'

let stack: Stack

const LARGE = { code: 'large', eventName: 'call', aggregation: 'COUNT', filters: { model: ['large', 'huge'] } }

const tryMeter = (input: object) =>
  stack.query(`mutation ($input: MeterInput!) { defineMeter(input: $input) { code } }`, { input })
const defineMeter = (input: object) => dataOf(tryMeter(input))

/** A customer in a time zone, on a card that costs nothing and rates one meter. */
async function customerOf(id: string, rateCard: string, timezone = 'UTC'): Promise<string> {
  const document = `mutation ($input: CustomerInput!) { upsertCustomer(input: $input) { id } }`
  await dataOf(stack.query(document, { input: { id, timezone } }))
  await subscribe(stack, { customerId: id, rateCard })
  return id
}

beforeAll(async () => {
  stack = await startStack({ clockOffsetMs: Date.parse('2027-03-20T12:00:00Z') - Date.now() })
  await publishWorkedExample(stack)
  const meters = [
    { code: 'peak', eventName: 'seats', aggregation: 'MAX', property: 'count' },
    { code: 'stored', eventName: 'storage', aggregation: 'LATEST', property: 'gigabytes' },
    LARGE,
  ]
  for (const meter of meters) await defineMeter(meter)
  const rates = meters.map(({ code }) => ({ code, name: code, meter: code, creditType: 'credits' }))
  const allowances = [{ creditType: 'credits', amount: '1000' }]
  await publishRateCard(stack, { code: 'metered', name: 'Metered', usageRates: rates, allowances })
})
afterAll(() => stack.close())

/** Records one event after the other, and answers what each drew. */
async function draws(customerId: string, eventName: string, events: readonly object[]): Promise<(string | null)[]> {
  const drawn: (string | null)[] = []
  for (const [index, properties] of events.entries()) {
    const [result] = await recordUsage(stack, [
      { customerId, eventName, idempotencyKey: `${eventName} ${index}`, properties },
    ])
    drawn.push(result?.error?.code ?? result?.credits ?? null)
  }
  return drawn
}

describe('quantities that are no sums draw by difference', () => {
  test('MAX: a new peak draws what it adds, a lower value nothing, and a new period begins at nothing', async () => {
    await customerOf('peak', 'metered')
    expect(await draws('peak', 'seats', [{ count: 3 }, { count: 2 }, { count: '3.5' }, { count: 5 }])).toEqual([
      '3',
      '0',
      '0.5',
      '1.5',
    ])
    await advanceToPeriodEnd(stack, 'peak')
    const [again] = await recordUsage(stack, [
      { customerId: 'peak', eventName: 'seats', idempotencyKey: 'again', properties: { count: 2 } },
    ])
    expect(again?.credits).toBe('2')
  })

  test('LATEST: what goes up draws the rise, what goes down gives nothing back, negative values are fine', async () => {
    await customerOf('stored', 'metered')
    const values = [{ gigabytes: 10 }, { gigabytes: 4 }, { gigabytes: -1 }, { gigabytes: 12 }]
    expect(await draws('stored', 'storage', values)).toEqual(['10', '0', '0', '2'])
  })

  test('filters: only events that match count', async () => {
    await customerOf('large', 'metered')
    expect(await draws('large', 'call', [{ model: 'large' }, { model: 'small' }, { model: 'huge' }, {}])).toEqual([
      '1',
      'NO_METER',
      '1',
      'NO_METER',
    ])
  })
})

interface Bucket {
  readonly start: string
  readonly end: string
  readonly quantity: string
  readonly credits: string
  readonly group: string | null
}

async function usage(customerId: string, query: object): Promise<Bucket[]> {
  const document = `query ($id: ID!, $meter: String!, $from: DateTime!, $to: DateTime!, $granularity: Granularity!, $groupBy: String) {
    usage(customerId: $id, meter: $meter, from: $from, to: $to, granularity: $granularity, groupBy: $groupBy) {
      start end quantity credits group } }`
  return (await dataOf(stack.query<{ usage: Bucket[] }>(document, { id: customerId, ...query }))).usage
}

test('an event may come 35 days late, not 36, and not from the future', async () => {
  await customerOf('tardy', 'metered')
  const { at } = await live(stack, 'tardy')
  const event = (days: number) => ({
    customerId: 'tardy',
    eventName: 'call',
    idempotencyKey: `${days}`,
    properties: { model: 'large' },
    timestamp: new Date(Date.parse(at) - days * DAY + 60_000).toISOString(),
  })
  const results = await recordUsage(stack, [event(35), event(36), event(-1)])
  expect(results.map(({ status, error }) => `${status} ${error?.code ?? ''} ${error?.field ?? ''}`.trim())).toEqual([
    'RECORDED',
    'REJECTED INVALID_INPUT timestamp',
    'REJECTED INVALID_INPUT timestamp',
  ])
})

describe('usage over time', () => {
  test('by local day, over a night in which the clocks change, with empty days', async () => {
    await customerOf('berlin', 'metered', 'Europe/Berlin')
    await advanceTo(stack, '2027-04-22T00:00:00Z')
    const at = (timestamp: string, model: string) => ({
      customerId: 'berlin',
      eventName: 'call',
      idempotencyKey: timestamp,
      properties: { model },
      timestamp,
    })
    // 28 March 2027 has 23 hours in Berlin: it begins at 23:00 UTC, and ends at 22:00.
    await recordUsage(stack, [
      at('2027-03-27T22:59:00Z', 'large'),
      at('2027-03-27T23:00:00Z', 'large'),
      at('2027-03-28T21:59:00Z', 'huge'),
      at('2027-03-28T22:00:00Z', 'huge'),
    ])
    const range = { meter: 'large', from: '2027-03-27T12:00:00Z', to: '2027-03-30T12:00:00Z' }
    const days = await usage('berlin', { ...range, granularity: 'DAY' })
    expect(days.map(({ start, quantity }) => `${start} ${quantity}`)).toEqual([
      '2027-03-26T23:00:00.000Z 1',
      '2027-03-27T23:00:00.000Z 2',
      '2027-03-28T22:00:00.000Z 1',
      '2027-03-29T22:00:00.000Z 0',
    ])
    const groups = await usage('berlin', { ...range, granularity: 'MONTH', groupBy: 'model' })
    expect(groups.map(({ group, quantity, credits }) => `${group} ${quantity} ${credits}`).sort()).toEqual([
      'huge 2 2',
      'large 2 2',
    ])
    const hours = await usage('berlin', { ...range, to: '2027-03-28T12:00:00Z', granularity: 'HOUR' })
    expect(hours).toHaveLength(24)
  })

  test('a period of a customer in Berlin begins at the same local time on both sides of the change', async () => {
    const { currentPeriodStart, currentPeriodEnd } = await subscriptionOf(stack, 'berlin')
    const local = (instant: string) => new Date(instant).toLocaleTimeString('en', { timeZone: 'Europe/Berlin' })
    expect(local(currentPeriodStart)).toBe(local(currentPeriodEnd))
    expect((await live(stack, 'berlin')).balances[0]?.granted).toBe('1000')
  })

  test('a customer groups by what the meter names, not by what an event cost; a backend by anything', async () => {
    const range = { meter: 'large', from: '2027-03-27T12:00:00Z', to: '2027-03-30T12:00:00Z', granularity: 'MONTH' }
    const document = `query ($meter: String!, $from: DateTime!, $to: DateTime!, $granularity: Granularity!, $groupBy: String) {
      usage(customerId: "berlin", meter: $meter, from: $from, to: $to, granularity: $granularity, groupBy: $groupBy) { group } }`
    const token = await customerToken(stack, 'berlin')
    const grouped = (groupBy: string, as?: string) => stack.query(document, { ...range, groupBy }, as)
    expect(await faultOf(grouped('model', token))).toBe('INVALID_INPUT groupBy')
    await defineMeter({ ...LARGE, groupBy: ['model', 'model'] })
    expect(await faultOf(grouped('provider_cost', token))).toBe('INVALID_INPUT groupBy')
    expect((await dataOf(grouped('model', token))) as object).toEqual({
      usage: [{ group: 'large' }, { group: 'huge' }],
    })
    expect(await dataOf(grouped('provider_cost'))).toEqual({ usage: [{ group: null }] })
    expect(await faultOf(tryMeter({ ...LARGE, groupBy: [''] }))).toBe('INVALID_INPUT groupBy')
    expect(await faultOf(tryMeter({ ...LARGE, groupBy: Array.from({ length: 11 }, (_, n) => `p${n}`) }))).toBe(
      'INVALID_INPUT groupBy',
    )
  })

  test('totals name each meter that counted anything, the dearest first, also without a card that rates it', async () => {
    const document = `query ($from: DateTime!, $to: DateTime!) {
      usageTotals(customerId: "berlin", from: $from, to: $to) { meter name groupBy quantity credits } }`
    await recordUsage(stack, [
      { customerId: 'berlin', eventName: 'seats', idempotencyKey: 'seats', properties: { count: 9 } },
    ])
    const token = await customerToken(stack, 'berlin')
    const totals = (from: string, to: string) => stack.query(document, { from, to }, token)
    const { at } = await live(stack, 'berlin')
    const soon = new Date(Date.parse(at) + DAY).toISOString()
    const large = { meter: 'large', name: 'large', groupBy: ['model'], quantity: '4', credits: '4' }
    expect(await dataOf(totals('2027-03-27T00:00:00Z', soon))).toEqual({
      usageTotals: [{ meter: 'peak', name: 'peak', groupBy: [], quantity: '9', credits: '9' }, large],
    })
    expect(await dataOf(totals('2027-03-28T22:00:00Z', '2027-03-28T23:00:00Z'))).toEqual({
      usageTotals: [{ ...large, quantity: '1', credits: '1' }],
    })
    expect(await dataOf(totals('2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'))).toEqual({ usageTotals: [] })
    expect(await faultOf(totals(soon, at))).toBe('INVALID_INPUT to')
    const subscription = await subscriptionOf(stack, 'berlin')
    const cancel = `mutation { cancelSubscription(input: { subscriptionId: "${subscription.id}", at: NOW }) { status } }`
    await dataOf(stack.query(cancel))
    expect(await dataOf(totals('2027-03-27T00:00:00Z', '2027-03-30T00:00:00Z'))).toMatchObject({
      usageTotals: [{ meter: 'large' }],
    })
  })
})
