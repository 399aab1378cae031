import { afterAll, beforeAll, expect, it } from 'vitest'
import { atOnce, inTurn, until } from './at-once.ts'
import { consume, dataOf, grantCredits } from './calls.ts'
import { advanceTo } from './living.ts'
import { keyOf } from './rows.ts'
import { type Peer, type Stack, startStack } from './stack.ts'
import {
  attemptsOf,
  eventsOf,
  listen,
  owe,
  publishPacks,
  putCard,
  setAutoTopUp,
  standing,
  tellingsOf,
  toppedUp,
} from './top-ups.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

let stack: Stack
let peer: Peer

// 28 February 2027, noon in Paris: the month ends there in 12 hours.
const NOON = Date.parse('2027-02-28T11:00:00Z')
const MARCH = Date.parse('2027-02-28T23:00:00Z')

beforeAll(async () => {
  stack = await startStack({ clockOffsetMs: NOON - Date.now() })
  peer = await stack.addPeer()
  await publishWorkedExample(stack)
  await publishPacks(stack)
  await listen(stack)
})
afterAll(() => stack.close())

async function customer(id: string, input: object): Promise<string> {
  await signUp(stack, id, 'metered')
  await dataOf(
    stack.query(`mutation ($id: ID!) { upsertCustomer(input: { id: $id, timezone: "Europe/Paris" }) { id } }`, { id }),
  )
  await putCard(stack, id)
  await grantCredits(stack, { customerId: id, amount: '60', idempotencyKey: 'start' })
  await setAutoTopUp(stack, id, input)
  return id
}

const spend = (customerId: string, quantity: string, idempotencyKey: string, to: Peer = stack) =>
  consume(to, { customerId, quantity, idempotencyKey })

const becomes = (id: string, wanted: string) =>
  until(
    () => standing(stack, id),
    (told) => told === wanted,
  )

it('P27 the most charges and the most money of a month are never exceeded, whoever draws wherever', async () => {
  const counted = await customer('counted', { maxPerMonth: 3 })
  const costed = await customer('costed', { maxSpendPerMonth: '17.50' })
  await atOnce(2, (process) =>
    inTurn(60, async (draw) => {
      const to = process === 0 ? stack : peer
      await Promise.all([counted, costed].map((id) => spend(id, '5', `${process} ${draw}`, to)))
    }),
  )
  await until(
    () => Promise.all([standing(stack, counted), standing(stack, costed)]),
    (told) => told.every((each) => each.startsWith('LIMIT_REACHED')),
  )
  expect(await attemptsOf(stack, counted)).toEqual(['500 SUCCEEDED', '500 SUCCEEDED', '500 SUCCEEDED'])
  expect(await attemptsOf(stack, costed)).toEqual(['500 SUCCEEDED', '500 SUCCEEDED', '500 SUCCEEDED'])
  const resetsAt = new Date(MARCH).toISOString()
  expect((await toppedUp(stack, costed)).topUp.nextAttemptAt).toBe(resetsAt)
  const document = `query ($id: ID!) { topUpMonths(customerId: $id) { creditType count spent { amount currency } resetsAt } }`
  expect(await dataOf(stack.query(document, { id: costed }))).toEqual({
    topUpMonths: [{ creditType: 'credits', count: 3, spent: { amount: '15.00', currency: 'USD' }, resetsAt }],
  })
  expect((await tellingsOf(stack, counted)).filter((type) => type === 'limit_reached')).toHaveLength(1)
  expect((await eventsOf(stack, costed)).find(({ type }) => type === 'limit_reached')?.data).toMatchObject({
    until: resetsAt,
  })
})

it('a limit with room for a part of what is needed buys the part', async () => {
  const id = await customer('part', { enabled: false })
  await owe(stack, id, 55)
  await setAutoTopUp(stack, id, { maxSpendPerMonth: '9.99' })
  expect((await attemptsOf(stack, id)).slice(1)).toEqual(['500 SUCCEEDED'])
  expect(await standing(stack, id)).toBe('LIMIT_REACHED with 0')
})

it('tax counts: two packs of 5.00 with 20 % fit into 12.00, and not into 11.99', async () => {
  const fits = await customer('fits', { maxSpendPerMonth: '12' })
  const short = await customer('short', { maxSpendPerMonth: '11.99' })
  for (const id of [fits, short]) {
    await stack.database.query(
      `update customer set tax = '{"name":"VAT","percent":"20","mode":"EXCLUSIVE"}' where pk = $1`,
      [await keyOf(stack.database, id)],
    )
    await spend(id, '50', 'first')
    await becomes(id, 'READY with 60')
    await spend(id, '50', 'second')
  }
  await becomes(fits, 'READY with 60')
  await becomes(short, 'LIMIT_REACHED with 10')
  expect(await attemptsOf(stack, fits)).toEqual(['600 SUCCEEDED', '600 SUCCEEDED'])
  expect(await attemptsOf(stack, short)).toEqual(['600 SUCCEEDED'])
})

it('a limit that is raised lets go at once, and a month ends where the customer lives', async () => {
  const raised = await customer('raised', { maxPerMonth: 1 })
  const waiting = await customer('waiting', { maxPerMonth: 1 })
  for (const id of [raised, waiting]) {
    await spend(id, '50', 'first')
    await becomes(id, 'READY with 60')
    await spend(id, '50', 'second')
    await becomes(id, 'LIMIT_REACHED with 10')
  }
  expect((await setAutoTopUp(stack, raised, { maxPerMonth: 2 })).state).toBe('READY')
  expect(await standing(stack, raised)).toBe('READY with 60')

  await advanceTo(stack, MARCH - 1_000)
  expect(await standing(stack, waiting)).toBe('LIMIT_REACHED with 10')
  await advanceTo(stack, MARCH)
  await becomes(waiting, 'READY with 60')
  expect(await attemptsOf(stack, waiting)).toEqual(['500 SUCCEEDED', '500 SUCCEEDED'])
})
