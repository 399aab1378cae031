import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { atOnce, tally, until } from './at-once.ts'
import { available, consume, customerToken, grantCredits, invoices, recordUsage } from './calls.ts'
import { advanceTo } from './living.ts'
import { moneyAt } from './provider.ts'
import { keyOf } from './rows.ts'
import { type Stack, startStack } from './stack.ts'
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

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  await publishPacks(stack)
  await listen(stack)
})
afterAll(() => stack.close())

/** A customer with so many credits and a card that works. */
async function customer(id: string, amount: string): Promise<string> {
  await signUp(stack, id, 'metered')
  await putCard(stack, id)
  await grantCredits(stack, { customerId: id, amount, idempotencyKey: 'start' })
  return id
}

const spend = (customerId: string, quantity: string, idempotencyKey: string) =>
  consume(stack, { customerId, quantity, idempotencyKey })

describe('the switch', () => {
  it('is shown in the live state, and grows its version', async () => {
    const id = await customer('shown', '100')
    const set = await setAutoTopUp(stack, id, { maxPerMonth: 3, maxSpendPerMonth: '40' })
    expect(set).toEqual({
      enabled: true,
      threshold: '10',
      bundle: { code: 'pack-50' },
      maxPerMonth: 3,
      maxSpendPerMonth: '40.00',
      state: 'READY',
      actionUrl: null,
      nextAttemptAt: null,
    })
    const before = await toppedUp(stack, id)
    expect(before.topUp).toEqual(set)
    await setAutoTopUp(stack, id, { maxPerMonth: 4 })
    const after = await toppedUp(stack, id)
    expect(after.topUp.maxPerMonth).toBe(4)
    expect(after.version).toBeGreaterThan(before.version)
    expect(await attemptsOf(stack, id)).toEqual([])
  })

  it("is the customer's own: they turn it on and off", async () => {
    const id = await customer('own', '60')
    const token = await customerToken(stack, id)
    expect((await setAutoTopUp(stack, id, { threshold: '20' }, token)).state).toBe('READY')
    expect(await setAutoTopUp(stack, id, { threshold: '20', enabled: false }, token)).toMatchObject({
      enabled: false,
      state: 'OFF',
    })
    await spend(id, '55', 'all but five')
    await setAutoTopUp(stack, id, { threshold: '2' })
    expect(await standing(stack, id)).toBe('READY with 5')
    expect(await attemptsOf(stack, id)).toEqual([])
  })

  it('buys at once when it is turned on below the threshold', async () => {
    const id = await customer('late', '7')
    expect((await setAutoTopUp(stack, id)).state).toBe('READY')
    expect(await standing(stack, id)).toBe('READY with 57')
    expect(await invoices(stack, id)).toMatchObject([{ status: 'PAID', total: '5.00' }])
    expect(await eventsOf(stack, id)).toMatchObject([
      {
        type: 'succeeded',
        data: { customerId: id, creditType: 'credits', bundle: 'pack-50', automatic: true, quantity: 1, credits: '50' },
      },
    ])
  })

  it('goes off with a bundle that is no longer on offer', async () => {
    const id = await customer('withdrawn', '60')
    await setAutoTopUp(stack, id)
    await stack.database.query(`update auto_top_up set bundle_code = 'pack-25000' where customer_pk = $1`, [
      await keyOf(stack.database, id),
    ])
    expect((await setAutoTopUp(stack, id, { bundle: 'pack-25000', enabled: false })).state).toBe('OFF')
  })

  it('needs the customer from the start where no card is on file', async () => {
    const id = await signUp(stack, 'cardless', 'metered')
    await grantCredits(stack, { customerId: id, amount: '100', idempotencyKey: 'start' })
    const { state, actionUrl } = await setAutoTopUp(stack, id)
    expect(state).toBe('NEEDS_CUSTOMER')
    expect(actionUrl).toContain('/top-ups/tu_')
    expect((await toppedUp(stack, id)).actionUrl).toBe(actionUrl)
    expect(await eventsOf(stack, id)).toMatchObject([
      { type: 'needs_customer', data: { reason: 'no_card', actionUrl } },
    ])

    await putCard(stack, id)
    await until(
      () => standing(stack, id),
      (told) => told === 'READY with 100',
    )
    expect((await toppedUp(stack, id)).actionUrl).toBeNull()
  })
})

describe('a threshold that is crossed', () => {
  it('P24 by 200 parallel draws: one charge', async () => {
    const id = await customer('p24', '5100')
    await setAutoTopUp(stack, id, { threshold: '5000', bundle: 'pack-25000' })
    const before = await moneyAt(stack)
    const drawn = await atOnce(200, (draw) => spend(id, '10', `draw ${draw}`))
    expect(drawn.every(({ decision }) => decision.allowed)).toBe(true)
    await until(
      () => standing(stack, id),
      (told) => told === 'READY with 28100',
    )
    expect(await attemptsOf(stack, id)).toEqual(['25000 SUCCEEDED'])
    const after = await moneyAt(stack)
    expect(after.charged.slice(0, after.charged.length - before.charged.length)).toEqual([25_000])
    expect(await tellingsOf(stack, id)).toEqual(['succeeded'])
  })

  it('P23 by a debt: one charge of six packs, not six of one', async () => {
    const id = await customer('p23', '10')
    await owe(stack, id, 240)
    await setAutoTopUp(stack, id)
    expect((await attemptsOf(stack, id)).slice(1)).toEqual(['3000 SUCCEEDED'])
    expect(await eventsOf(stack, id)).toMatchObject([{ data: { quantity: 6, credits: '300' } }])
    expect(await standing(stack, id)).toBe('READY with 60')
  })

  it('by usage that was recorded, exactly at the threshold', async () => {
    const id = await customer('exactly', '60')
    await setAutoTopUp(stack, id)
    await recordUsage(stack, [{ customerId: id, idempotencyKey: 'one', value: '49.999999999' }])
    expect(await attemptsOf(stack, id)).toEqual([])
    await recordUsage(stack, [{ customerId: id, idempotencyKey: 'two', value: '0.000000001' }])
    await until(
      () => standing(stack, id),
      (told) => told === 'READY with 60',
    )
  })

  it('by credits that expire while the clock is moved: bought as of then', async () => {
    const id = await signUp(stack, 'expiring', 'metered')
    await putCard(stack, id)
    const { at } = await stateAt(id)
    const expiresAt = new Date(at + 3_600_000).toISOString()
    await grantCredits(stack, { customerId: id, amount: '80', idempotencyKey: 'start', expiresAt })
    await setAutoTopUp(stack, id)
    await advanceTo(stack, at + 7_200_000)
    expect(await standing(stack, id)).toBe('READY with 50')
    expect(await attemptsOf(stack, id)).toEqual(['500 SUCCEEDED'])
    const [bought] = await stack.database.query<{ effective_at: number }>(
      `select effective_at from "grant" where customer_pk = $1 and kind = 'PREPAID'`,
      [await keyOf(stack.database, id)],
    )
    expect(bought?.effective_at).toBe(Date.parse(expiresAt))
  })

  it('again and again: P27 a burst is told once', async () => {
    const id = await customer('p27', '60')
    await setAutoTopUp(stack, id)
    for (const round of [1, 2, 3, 4, 5]) {
      await spend(id, '50', `round ${round}`)
      await until(
        () => standing(stack, id),
        (told) => told === 'READY with 60',
      )
    }
    expect(await attemptsOf(stack, id)).toHaveLength(5)
    expect(tally(await tellingsOf(stack, id))).toEqual({ succeeded: 5, runaway: 1 })
    expect((await eventsOf(stack, id)).find(({ type }) => type === 'runaway')?.data).toMatchObject({ topUps: 3 })

    await advanceTo(stack, (await stateAt(id)).at + 600_001)
    for (const round of [6, 7, 8]) {
      await spend(id, '50', `round ${round}`)
      await until(
        () => standing(stack, id),
        (told) => told === 'READY with 60',
      )
    }
    expect(tally(await tellingsOf(stack, id))).toEqual({ succeeded: 8, runaway: 2 })
  })

  it('is paid from account credit as far as that goes', async () => {
    const id = await customer('credited', '60')
    const key = await keyOf(stack.database, id)
    await stack.database.query(
      `insert into account_credit (customer_pk, currency, amount_minor) values ($1, 'USD', 700)`,
      [key],
    )
    await stack.database.query(
      `insert into account_credit_entry (customer_pk, currency, amount_minor, cause_type, cause_id)
       values ($1, 'USD', 700, 'CREDIT_NOTE', gen_random_uuid())`,
      [key],
    )
    await setAutoTopUp(stack, id, { maxPerMonth: 2 })
    await spend(id, '50', 'first')
    await until(
      () => standing(stack, id),
      (told) => told === 'READY with 60',
    )
    expect(await attemptsOf(stack, id)).toEqual([])
    await spend(id, '50', 'second')
    await until(
      () => standing(stack, id),
      (told) => told === 'READY with 60',
    )
    expect(await attemptsOf(stack, id)).toEqual(['300 SUCCEEDED'])
    await spend(id, '50', 'third')
    await until(
      () => standing(stack, id),
      (told) => told === 'LIMIT_REACHED with 10',
    )
  })
})

async function stateAt(id: string): Promise<{ at: number }> {
  const { data } = await stack.query<{ billingState: { at: string } }>(
    `query ($id: ID!) { billingState(customerId: $id) { at } }`,
    { id },
  )
  return { at: Date.parse(data?.billingState.at as string) }
}

it('spends nothing while it is off', async () => {
  const id = await customer('off', '60')
  await setAutoTopUp(stack, id)
  await setAutoTopUp(stack, id, { enabled: false })
  await spend(id, '60', 'all')
  expect(await available(stack, id)).toBe('0')
  expect(await attemptsOf(stack, id)).toEqual([])
})
