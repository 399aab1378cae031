import { afterAll, beforeAll, expect, test } from 'vitest'
import { atOnce, tally } from './at-once.ts'
import { consume, dataOf, faultOf, grantCredits, recordUsage, upsertCustomer } from './calls.ts'
import { captureHold, createHold, holdOf, releaseHold } from './holding.ts'
import { GOOD_CARD, payCheckout } from './pay-checkout.ts'
import { subscribe, tokenOf, URLS } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  await stack.database.query(
    `insert into webhook_endpoint (id, project_id, url, types, secrets, disabled_at)
     values (gen_random_uuid(), $1, 'https://example.com', '{}', '[]', now())`,
    [stack.project.id],
  )
})
afterAll(() => stack.close())

interface Alert {
  readonly percent: string | null
  readonly amount: string | null
  readonly armed: boolean | null
}

const SET_ALERTS = `mutation ($input: BalanceAlertsInput!) { setBalanceAlerts(input: $input) { percent amount armed } }`
const SET_LIMIT = `mutation ($id: ID!, $limit: Decimal) { setSpendLimit(customerId: $id, limit: $limit) { id } }`

const askAlerts = (input: object) =>
  stack.query<{ setBalanceAlerts: Alert[] }>(SET_ALERTS, { input: { creditType: 'credits', ...input } })
const setAlerts = async (input: object) => (await dataOf(askAlerts(input))).setBalanceAlerts

async function prepaid(id: string, credits: string): Promise<string> {
  await signUp(stack, id, 'prepaid')
  await grantCredits(stack, { customerId: id, amount: credits, idempotencyKey: 'start' })
  return id
}

/** What was told of the customer, oldest first: the thresholds that their balance has fallen to. */
async function told(customerId: string): Promise<string[]> {
  const rows = await stack.database.query<{
    data: { percent: string | null; amount: string | null; available: string }
  }>(
    `select e.data from outbound_event e join customer c on c.pk = e.customer_pk
     where c.id = $1 and e.type = 'balance.threshold_crossed' order by e.id, e.data->>'amount'`,
    [customerId],
  )
  return rows.map(({ data }) => `${data.percent === null ? data.amount : `${data.percent} %`} at ${data.available}`)
}

async function alerts(customerId: string): Promise<Alert[]> {
  const document = `query ($id: ID!) { billingState(customerId: $id) { alerts { percent amount armed } } }`
  return (await dataOf(stack.query<{ billingState: { alerts: Alert[] } }>(document, { id: customerId }))).billingState
    .alerts
}

test('an alert tells once per crossing, of parallel draws too, and again after a refill', async () => {
  const customerId = await prepaid('alerted', '100')
  expect(await setAlerts({ customerId, thresholds: [{ amount: '20' }] })).toMatchObject([{ amount: '20', armed: true }])
  await atOnce(50, (n) => consume(stack, { customerId, quantity: '2', idempotencyKey: `c${n}` }))
  expect(await told(customerId)).toHaveLength(1)
  expect(await alerts(customerId)).toMatchObject([{ amount: '20', armed: false }])
  await grantCredits(stack, { customerId, amount: '50', idempotencyKey: 'refill' })
  expect(await alerts(customerId)).toMatchObject([{ armed: true }])
  await consume(stack, { customerId, quantity: '40', idempotencyKey: 'more' })
  expect((await told(customerId)).at(-1)).toBe('20 at 10')
})

test('one draw that jumps over several thresholds tells each of them once', async () => {
  const customerId = await prepaid('jumper', '100')
  await setAlerts({ customerId, thresholds: [{ percent: '50' }, { percent: '20' }, { amount: '0' }] })
  await consume(stack, { customerId, quantity: '90', idempotencyKey: 'jump' })
  expect((await told(customerId)).sort()).toEqual(['20 % at 10', '50 % at 10'])
  await consume(stack, { customerId, quantity: '10', idempotencyKey: 'rest' })
  expect((await told(customerId)).sort()).toEqual(['0 at 0', '20 % at 10', '50 % at 10'])
})

test('a hold crosses a threshold; what it gives back does not arm it again', async () => {
  const customerId = await prepaid('held', '100')
  await setAlerts({ customerId, thresholds: [{ amount: '20' }] })
  const hold = await holdOf(stack, { customerId, quantity: '90', idempotencyKey: 'h' })
  await releaseHold(stack, hold.id)
  await holdOf(stack, { customerId, quantity: '90', idempotencyKey: 'again' })
  expect(await told(customerId)).toEqual(['20 at 10'])
})

test('alerts of the project reach all its customers, also those who come later', async () => {
  const early = await prepaid('early', '100')
  expect(await setAlerts({ thresholds: [{ percent: '10' }] })).toEqual([{ percent: '10', amount: null, armed: null }])
  const late = await prepaid('late', '100')
  for (const customerId of [early, late]) {
    expect(await alerts(customerId)).toMatchObject([{ percent: '10', armed: true }])
    await consume(stack, { customerId, quantity: '95', idempotencyKey: 'c' })
    expect(await told(customerId)).toEqual(['10 % at 5'])
  }
  await setAlerts({ thresholds: [] })
  expect(await alerts(late)).toEqual([])
})

test('saying the same again keeps whether an alert has told', async () => {
  const customerId = await prepaid('again', '100')
  await setAlerts({ customerId, thresholds: [{ amount: '50' }] })
  await consume(stack, { customerId, quantity: '60', idempotencyKey: 'c' })
  const said = await setAlerts({ customerId, thresholds: [{ amount: '50' }, { amount: '10' }] })
  expect(said.map(({ amount, armed }) => [amount, armed])).toEqual([
    ['50', false],
    ['10', true],
  ])
})

test('bad thresholds are refused with their field', async () => {
  const customerId = await prepaid('bad', '1')
  const bad = (thresholds: object[]) => faultOf(askAlerts({ customerId, thresholds }))
  expect(await bad([{ percent: '100' }])).toBe('INVALID_INPUT thresholds.0.percent')
  expect(await bad([{ percent: '0' }])).toBe('INVALID_INPUT thresholds.0.percent')
  expect(await bad([{ amount: '-1' }])).toBe('INVALID_INPUT thresholds.0.amount')
  expect(await bad([{ amount: '1' }, { amount: '1.0' }])).toBe('INVALID_INPUT thresholds.1')
  expect(await faultOf(askAlerts({ customerId, creditType: 'none', thresholds: [] }))).toBe('NOT_FOUND creditType')
})

/** A customer of Premium, whose overage costs 0.90 a credit, with nothing left but that. */
async function spender(id: string, limit: string | null): Promise<string> {
  await upsertCustomer(stack, id)
  await payCheckout(
    stack,
    tokenOf(await subscribe(stack, { customerId: id, rateCard: 'premium', checkout: URLS })),
    GOOD_CARD,
  )
  await consume(stack, { customerId: id, quantity: '105', idempotencyKey: 'all' })
  await dataOf(stack.query(SET_LIMIT, { id, limit }))
  return id
}

test('a spend limit refuses overage beyond it, of parallel draws too, and lets go when it is lifted', async () => {
  const customerId = await spender('limited', '9.00')
  const answers = await atOnce(20, (n) => consume(stack, { customerId, quantity: '1', idempotencyKey: `o${n}` }))
  expect(tally(answers.map(({ decision }) => decision.reason))).toEqual({ OVERAGE: 10, SPEND_LIMIT_REACHED: 10 })
  const document = `query ($id: ID!) { billingState(customerId: $id) { spendLimit overageSpend { amount currency } meters { access { reason } } } }`
  expect(await dataOf(stack.query(document, { id: customerId }))).toMatchObject({
    billingState: {
      spendLimit: '9',
      overageSpend: [{ amount: '9.00', currency: 'USD' }],
      meters: [{ access: { reason: 'SPEND_LIMIT_REACHED' } }],
    },
  })
  const rows = await stack.database.query(
    `select 1 from outbound_event e join customer c on c.pk = e.customer_pk where c.id = $1 and e.type = 'spend_limit.reached'`,
    [customerId],
  )
  expect(rows).toHaveLength(1)
  await dataOf(stack.query(SET_LIMIT, { id: customerId, limit: null }))
  expect((await consume(stack, { customerId, idempotencyKey: 'free' })).decision.reason).toBe('OVERAGE')
})

test('usage that is recorded beyond the limit is uncovered, and not charged', async () => {
  const customerId = await spender('recorded', '4.50')
  const [within, beyond] = await recordUsage(stack, [
    { customerId, value: '5', idempotencyKey: 'r1' },
    { customerId, value: '1', idempotencyKey: 'r2' },
  ])
  expect([within?.overage, within?.uncovered, beyond?.overage, beyond?.uncovered]).toEqual(['5', '0', '0', '1'])
})

test('overage that a hold has reserved counts against the limit, once', async () => {
  const customerId = await spender('reserved', '9.00')
  const hold = await holdOf(stack, { customerId, quantity: '8', idempotencyKey: 'h' })
  expect(hold).toMatchObject({ credits: '0', overage: '8' })
  expect((await createHold(stack, { customerId, quantity: '3', idempotencyKey: 'h2' })).decision.reason).toBe(
    'SPEND_LIMIT_REACHED',
  )
  expect((await captureHold(stack, hold.id, '8')).usage).toMatchObject({ overage: '8', uncovered: '0' })
  expect(await faultOf(stack.query(SET_LIMIT, { id: customerId, limit: '-1' }))).toBe('INVALID_INPUT limit')
})
