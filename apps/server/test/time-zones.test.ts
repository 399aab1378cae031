import { afterAll, beforeAll, expect, test } from 'vitest'
import { dataOf } from './calls.ts'
import { advanceTo, bills, start, subscriptionOf } from './living.ts'
import { type Stack, startStack } from './stack.ts'
import { publishRateCard, publishWorkedExample, STARTER } from './worked-example.ts'

// Renewals as a customer's wall clock and calendar see them, over the edges of summer time and of the date line.

let stack: Stack

// The clock only moves forward: the tests stand in the order of their years.
beforeAll(async () => {
  stack = await startStack({ clockOffsetMs: Date.parse('2011-12-27T20:00:00Z') - Date.now() })
  await publishWorkedExample(stack)
  await publishRateCard(stack, { ...STARTER, code: 'daily', name: 'Daily', interval: 'DAY' })
})
afterAll(() => stack.close())

/** A subscriber who lives in a time zone. */
async function startIn(timezone: string, rateCard: string): Promise<string> {
  const id = `${timezone.replace('/', '-')}-${rateCard}`
  const document = `mutation ($id: ID!, $timezone: String!) { upsertCustomer(input: { id: $id, timezone: $timezone }) { id } }`
  await dataOf(stack.query(document, { id, timezone }))
  return start(stack, id, rateCard)
}

/** An instant on a wall in a time zone: "2027-02-28 13:30:05". */
function wall(instant: string, timeZone: string): string {
  const parts = { dateStyle: 'short', timeStyle: 'medium', timeZone } as const
  return new Intl.DateTimeFormat('sv-SE', parts).format(new Date(instant))
}

/** The starts of the customer's periods, oldest first; each begins where the one before it ended. */
async function startsOf(customerId: string): Promise<string[]> {
  const periods = [...(await bills(stack, customerId))].reverse()
  periods.slice(1).forEach(({ periodStart }, index) => {
    expect(periodStart).toBe(periods[index]?.periodEnd)
  })
  const { currentPeriodEnd, previousPeriodStart } = await subscriptionOf(stack, customerId)
  expect(periods.at(-1)?.periodEnd).toBe(currentPeriodEnd)
  expect(previousPeriodStart).toBe(periods.at(-2)?.periodStart ?? null)
  return periods.map(({ periodStart }) => periodStart as string)
}

/** Ends what renews every day, so that later tests don't wait for it. */
async function end(customerId: string): Promise<void> {
  const { id } = await subscriptionOf(stack, customerId)
  const document = `mutation ($id: ID!) { cancelSubscription(input: { subscriptionId: $id, at: NOW }) { status } }`
  await dataOf(stack.query(document, { id }))
}

test('S12 the day that Apia left out is billed by nobody, and the days around it once', async () => {
  const id = await startIn('Pacific/Apia', 'daily')
  await advanceTo(stack, '2012-01-01T21:00:00Z')
  const days = (await startsOf(id)).map((instant) => wall(instant, 'Pacific/Apia').slice(0, 10))
  expect(days).toEqual(['2011-12-27', '2011-12-28', '2011-12-29', '2011-12-31', '2012-01-01', '2012-01-02'])
  await end(id)
})

test('a month begins on its 31st, or the last day before it, at the same time on the wall', async () => {
  await advanceTo(stack, '2012-01-31T08:30:00Z') // the 31st in all three places
  const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe']
  for (const timezone of zones) await startIn(timezone, 'starter')
  await advanceTo(stack, '2012-03-10T07:30:00Z')
  const daily = await startIn('America/New_York', 'daily')
  await advanceTo(stack, '2012-03-14T00:00:00Z')
  // Half past two in the morning, which New York leaves out on 11 March.
  const days = (await startsOf(daily)).map((instant) => wall(instant, 'America/New_York').slice(5, 16))
  expect(days).toEqual(['03-10 02:30', '03-11 03:30', '03-12 02:30', '03-13 02:30'])
  await end(daily)
  await advanceTo(stack, '2013-03-05T00:00:00Z')
  for (const timezone of zones) {
    const starts = (await startsOf(`${timezone.replace('/', '-')}-starter`)).map((instant) => wall(instant, timezone))
    expect(new Set(starts.map((start) => start.slice(11))).size).toBe(1)
    expect(starts.map((start) => start.slice(2, 10))).toEqual([
      '12-01-31',
      '12-02-29',
      '12-03-31',
      '12-04-30',
      '12-05-31',
      '12-06-30',
      '12-07-31',
      '12-08-31',
      '12-09-30',
      '12-10-31',
      '12-11-30',
      '12-12-31',
      '13-01-31',
      '13-02-28',
    ])
  }
})
