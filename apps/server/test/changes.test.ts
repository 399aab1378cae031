import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from './at-once.ts'
import { consume, dataOf, faultOf, grantCredits, recordUsage } from './calls.ts'
import { advanceTo, advanceToPeriodEnd, balanceOf, bills, change, live, start, subscriptionOf, told } from './living.ts'
import { breakProvider, moneyAt, repairProvider } from './provider.ts'
import { CHANGE_RATE_CARD } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { publishRateCard, publishWorkedExample, STARTER, YEARLY } from './worked-example.ts'

let stack: Stack

const TEAM = {
  ...STARTER,
  code: 'team',
  name: 'Team',
  fixedRates: [{ code: 'seats', name: 'Seats', price: { flat: { amount: '8.00' } }, defaultQuantity: 2 }],
}

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  for (const card of [YEARLY, TEAM]) await publishRateCard(stack, card)
})
afterAll(() => stack.close())

/** Moves the clock to the middle of the customer's period. */
async function middle(customerId: string): Promise<void> {
  const { currentPeriodStart, currentPeriodEnd } = await subscriptionOf(stack, customerId)
  await advanceTo(stack, (Date.parse(currentPeriodStart) + Date.parse(currentPeriodEnd)) / 2)
}

const spend = (customerId: string, quantity: string, idempotencyKey: string) =>
  consume(stack, { customerId, idempotencyKey, quantity })

describe('a change at once', () => {
  test('S01 an upgrade grants the difference, never the sum', async () => {
    await start(stack, 's01', 'starter')
    await spend('s01', '3', 'three')
    await change(stack, 's01', 'premium')
    expect(await balanceOf(stack, 's01')).toBe('102 of 105, 3 used')
    expect((await bills(stack, 's01')).map(told)).toEqual([
      '80.00 PAID: Premium 100.00, Starter (credited) -20.00',
      '20.00 PAID: Starter 20.00',
    ])
  })

  test('PRORATE charges and grants in proportion to the time left', async () => {
    await start(stack, 'half', 'starter')
    await middle('half')
    await change(stack, 'half', 'premium', { behavior: 'PRORATE' })
    const [bill] = await bills(stack, 'half')
    expect(Math.abs(Number(bill?.total) - 40)).toBeLessThan(0.01)
    expect(bill?.lines.map(({ proration }) => proration)).toEqual([true, true])
    const [balance] = (await live(stack, 'half')).balances
    expect(Math.abs(Number(balance?.granted) - 65)).toBeLessThan(0.01)
  })

  test('a downgrade gives back at most the unspent share, as account credit that the next invoice uses', async () => {
    await start(stack, 'down', 'premium')
    await spend('down', '84', 'most') // a fifth of 105 is left
    await change(stack, 'down', 'starter')
    expect((await live(stack, 'down')).accountCredit).toEqual({ amount: '20.00', currency: 'USD' })
    expect((await bills(stack, 'down')).map(told)[0]).toBe('-20.00 PAID: Starter 20.00, Premium (credited) -40.00')
    // Of the 21 left, 80 would go: the rest of the allowance.
    expect(await balanceOf(stack, 'down')).toBe('0 of 84, 84 used')

    await advanceToPeriodEnd(stack, 'down')
    expect((await bills(stack, 'down'))[0]).toMatchObject({ total: '20.00', status: 'PAID', amountDue: '0.00' })
    expect((await live(stack, 'down')).accountCredit).toBeNull()
    expect(await balanceOf(stack, 'down')).toBe('25 of 25, 0 used')
  })

  test('purchased and promotional credits are never touched', async () => {
    await start(stack, 'gift', 'premium')
    await grantCredits(stack, { customerId: 'gift', amount: '50', idempotencyKey: 'gift' })
    await change(stack, 'gift', 'starter')
    const [balance] = (await live(stack, 'gift')).balances
    expect(balance?.grants.map(({ kind, remaining }) => `${kind} ${remaining}`).sort()).toEqual([
      'ALLOWANCE 25',
      'PROMOTIONAL 50',
    ])
  })

  test('S02 ten rounds of upgrade, spend, downgrade leave no free credits and no debt', async () => {
    await start(stack, 's02', 'starter')
    for (let round = 0; round < 10; round++) {
      await change(stack, 's02', 'premium')
      const { decision } = await spend('s02', '1', `round-${round}`)
      expect(decision.allowed).toBe(true)
      await change(stack, 's02', 'starter')
    }
    const paid = (await bills(stack, 's02')).reduce((sum, { total }) => sum + Math.round(Number(total) * 100), 0)
    const { accountCredit, balances } = await live(stack, 's02')
    // Ten credits were used; what is left and was used is never more than what Premium brings, and Starter stays paid.
    expect(Number(balances[0]?.granted)).toBeLessThanOrEqual(105)
    expect(paid).toBeGreaterThanOrEqual(2000)
    expect(Number(accountCredit?.amount ?? 0)).toBeGreaterThanOrEqual(0)
    expect(balances[0]?.used).toBe('10')
  })

  test('S05 two tabs at once: one change, one invoice, one grant', async () => {
    await start(stack, 's05', 'starter')
    const { id } = await subscriptionOf(stack, 's05')
    const input = { subscriptionId: id, rateCard: 'premium' }
    await Promise.all([1, 2].map(() => stack.query(CHANGE_RATE_CARD, { input })))
    expect((await bills(stack, 's05')).map(({ total }) => total)).toEqual(['80.00', '20.00'])
    expect(await balanceOf(stack, 's05')).toBe('105 of 105, 0 used')
  })

  test('a change of interval credits the unused share and begins a period of its own', async () => {
    await start(stack, 'year', 'premium')
    await middle('year')
    await change(stack, 'year', 'premium-yearly')
    const [bill] = await bills(stack, 'year')
    expect(Math.abs(Number(bill?.total) - 950)).toBeLessThan(0.01)
    const { currentPeriodStart, currentPeriodEnd } = await subscriptionOf(stack, 'year')
    expect((Date.parse(currentPeriodEnd) - Date.parse(currentPeriodStart)) / 86_400_000).toBeGreaterThanOrEqual(365)
    expect(await balanceOf(stack, 'year')).toBe('1260 of 1260, 0 used')
  })

  test('overage is invoiced with the change where the new card has no price for it', async () => {
    await start(stack, 'over', 'premium')
    await recordUsage(stack, [{ customerId: 'over', idempotencyKey: 'all', value: '115' }])
    await change(stack, 'over', 'starter')
    expect((await bills(stack, 'over')).map(told)[0]).toBe(
      '9.00 PAID: Generations: overage 9.00, Starter 20.00, Premium (credited) -20.00',
    )
    await advanceToPeriodEnd(stack, 'over')
    expect((await bills(stack, 'over')).map(told)[0]).toBe('20.00 PAID: Starter 20.00')
  })

  test('more seats are a change of quantities on the same card', async () => {
    await start(stack, 'seats', 'team')
    await change(stack, 'seats', 'team', { quantities: [{ code: 'seats', quantity: 5 }] })
    expect((await subscriptionOf(stack, 'seats')).quantities).toEqual([{ code: 'seats', quantity: 5 }])
    expect((await bills(stack, 'seats')).map(({ total }) => total)).toEqual(['24.00', '16.00'])
    await advanceToPeriodEnd(stack, 'seats')
    expect((await bills(stack, 'seats')).map(({ total }) => total)).toEqual(['40.00', '24.00', '16.00'])
  })
})

test('credits for each seat come and go with the seats', async () => {
  const allowances = [{ creditType: 'credits', amount: '300', perQuantityOf: 'seats' }]
  await publishRateCard(stack, { ...TEAM, code: 'pooled', name: 'Pooled', allowances })
  await start(stack, 'pooled', 'pooled')
  await spend('pooled', '100', 'some')
  await change(stack, 'pooled', 'pooled', { quantities: [{ code: 'seats', quantity: 5 }] })
  expect(await balanceOf(stack, 'pooled')).toBe('1400 of 1500, 100 used')
  const fewer = { quantities: [{ code: 'seats', quantity: 3 }], behavior: 'AT_PERIOD_END' }
  await change(stack, 'pooled', 'pooled', fewer)
  await advanceToPeriodEnd(stack, 'pooled')
  expect(await balanceOf(stack, 'pooled')).toBe('900 of 900, 0 used')
  await expect(
    publishRateCard(stack, { ...TEAM, code: 'typo', allowances: [{ ...allowances[0], perQuantityOf: 'seat' }] }),
  ).rejects.toThrow('allowances.0.perQuantityOf')
})

describe('a change is refused, and nothing is written', () => {
  const ask = async (customerId: string, input: object) =>
    faultOf(
      stack.query(CHANGE_RATE_CARD, {
        input: { subscriptionId: (await subscriptionOf(stack, customerId)).id, ...input },
      }),
    )

  test('to the same card with the same quantities', async () => {
    await start(stack, 'same', 'starter')
    expect(await ask('same', { rateCard: 'starter' })).toBe('CONFLICT rateCard')
  })

  test('while the payment of another change is being made', async () => {
    await start(stack, 'slow', 'starter')
    await breakProvider(stack, { match: 'POST /v1/payment_intents', fault: 'delay', delayMs: 600 })
    const first = change(stack, 'slow', 'premium')
    await until(
      () => stack.database.query(`select 1 from payment where status = 'PENDING'`),
      (pending) => pending.length === 1,
    )
    expect(await ask('slow', { rateCard: 'premium-yearly' })).toBe('CONFLICT')
    expect(await first).toMatchObject({ __typename: 'SubscriptionSuccess' })
    await repairProvider(stack)
    expect(await balanceOf(stack, 'slow')).toBe('105 of 105, 0 used')
  })

  test('S24 when it was paid but can no longer be carried out: the money goes back', async () => {
    await start(stack, 's24', 'starter')
    const { id } = await subscriptionOf(stack, 's24')
    await breakProvider(stack, { match: 'POST /v1/payment_intents', fault: 'delay', delayMs: 600 })
    const asked = stack.query<object>(CHANGE_RATE_CARD, { input: { subscriptionId: id, rateCard: 'premium' } })
    await until(
      () => stack.database.query(`select 1 from payment where status = 'PENDING'`),
      (pending) => pending.length === 1,
    )
    await dataOf(
      stack.query(`mutation ($id: ID!) { cancelSubscription(input: { subscriptionId: $id, at: NOW }) { status } }`, {
        id,
      }),
    )
    const { data } = await asked
    expect(data).toMatchObject({ changeRateCard: { __typename: 'PaymentFailed', code: 'superseded' } })
    await repairProvider(stack)
    expect((await moneyAt(stack)).refunded).toContain(8000)
    expect((await bills(stack, 's24')).map(({ total }) => total)).toEqual(['20.00'])
  })

  test('to a card in another currency', async () => {
    await publishRateCard(stack, { ...STARTER, code: 'euro', name: 'Euro', currency: 'EUR', bundles: [] })
    await start(stack, 'euro', 'starter')
    expect(await ask('euro', { rateCard: 'euro' })).toBe('CONFLICT rateCard')
    expect(await ask('euro', { rateCard: 'euro', behavior: 'AT_PERIOD_END' })).toBe('CONFLICT rateCard')
  })

  test('of a subscription that is paused, and takes back a pause with AT_PERIOD_END', async () => {
    await start(stack, 'rest', 'starter')
    const { id } = await subscriptionOf(stack, 'rest')
    await dataOf(
      stack.query(`mutation ($id: ID!) { pauseSubscription(input: { subscriptionId: $id }) { status } }`, { id }),
    )
    await change(stack, 'rest', 'premium', { behavior: 'AT_PERIOD_END' })
    expect(await subscriptionOf(stack, 'rest')).toMatchObject({
      pauseAtPeriodEnd: false,
      pendingRateCard: { code: 'premium' },
    })
  })
})
