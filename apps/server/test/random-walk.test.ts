import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { auditLedger } from '../src/modules/audit/audit-ledger.ts'
import { consume, recordUsage, upsertCustomer, VOID_USAGE } from './calls.ts'
import { advanceBy, bills, DAY, live, putOnFile } from './living.ts'
import { GOOD_CARD, payCheckout } from './pay-checkout.ts'
import { stripeAt } from './provider.ts'
import { CHANGE_RATE_CARD, PURCHASE_BUNDLE, type Sold, SUBSCRIBE, URLS } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { PREMIUM, publishRateCard, publishWorkedExample } from './worked-example.ts'

// One customer does anything, for months, and after each step the books are looked at as a finance person would.
// When it fails, fast-check prints the seed and the steps: give it to `fc.assert` as `seed`.

let stack: Stack
let customers = 0

const YEARLY = {
  ...PREMIUM,
  code: 'yearly',
  name: 'Yearly',
  interval: 'YEAR',
  fixedRates: [{ code: 'base', name: 'Yearly', price: { flat: { amount: '1000.00' } } }],
  allowances: [{ creditType: 'credits', amount: '1260', rollover: 'CAPPED', rolloverCap: '100' }],
}
const CARDS = ['free', 'starter', 'premium', 'yearly', 'tried'] as const
const BRINGS: Record<string, number> = { free: 5, starter: 25, premium: 105, yearly: 1260, tried: 105 }
const BROKE = 'pm_card_visa_chargeDeclinedInsufficientFunds'

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  await publishRateCard(stack, YEARLY)
  await publishRateCard(stack, { ...PREMIUM, code: 'tried', name: 'Tried', trialDays: 14 })
})
afterAll(() => stack.close())

const card = fc.constantFrom(...CARDS)
const behavior = fc.constantFrom('RATE_DIFFERENCE', 'PRORATE', 'AT_PERIOD_END')
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('change' as const), card, behavior }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('spend' as const), quantity: fc.integer({ min: 1, max: 60 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('record' as const),
      quantity: fc.integer({ min: 1, max: 200 }),
      daysAgo: fc.nat(30),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 900 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('subscribe' as const), card }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), at: fc.constantFrom('NOW', 'PERIOD_END') }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('resume' as const, 'pause' as const, 'buy' as const, 'undo' as const) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('bank' as const), says: fc.constantFrom('pm_card_visa', BROKE) }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

/** Does a step. Refusals are part of life; a failure of the server is not. */
async function take(customerId: string, key: string, one: Step): Promise<void> {
  const { at, subscriptions } = await live(stack, customerId)
  const subscriptionId = subscriptions[0]?.id
  switch (one.do) {
    case 'change':
      return sell(CHANGE_RATE_CARD, { subscriptionId, rateCard: one.card, behavior: one.behavior, checkout: URLS })
    case 'subscribe':
      return sell(SUBSCRIBE, { customerId, rateCard: one.card, checkout: URLS })
    case 'spend':
      return void (await consume(stack, { customerId, idempotencyKey: key, quantity: String(one.quantity) }))
    case 'record': {
      const timestamp = new Date(Date.parse(at) - one.daysAgo * DAY).toISOString()
      return void (await recordUsage(stack, [
        { customerId, idempotencyKey: key, value: String(one.quantity), timestamp },
      ]))
    }
    case 'wait':
      return advanceBy(stack, (one.hours * DAY) / 24)
    case 'cancel':
      return ask(
        `mutation ($id: ID!, $at: CancelAt!) { cancelSubscription(input: { subscriptionId: $id, at: $at }) { id } }`,
        {
          id: subscriptionId,
          at: one.at,
        },
      )
    case 'resume':
      return ask(`mutation ($id: ID!) { resumeSubscription(subscriptionId: $id) { id } }`, { id: subscriptionId })
    case 'pause':
      return ask(`mutation ($id: ID!) { pauseSubscription(input: { subscriptionId: $id }) { id } }`, {
        id: subscriptionId,
      })
    case 'undo':
      return ask(VOID_USAGE, { customerId, idempotencyKey: await newestKey(customerId) })
    case 'buy':
      return sell(PURCHASE_BUNDLE, { customerId, idempotencyKey: key, bundle: 'pack-100', checkout: URLS })
    case 'bank':
      return putOnFile(stack, customerId, one.says)
  }
}

async function ask(document: string, variables: Record<string, unknown>): Promise<void> {
  if (variables.id === undefined && variables.customerId === undefined) return
  const { errors } = await stack.query(document, variables)
  expect(errors.map(({ extensions }) => extensions.code)).not.toContain('INTERNAL')
}

async function sell(document: string, input: Record<string, unknown>): Promise<void> {
  if (input.subscriptionId === undefined && input.customerId === undefined) return
  const { data, errors } = await stack.query<Record<string, Sold>>(document, { input })
  expect(errors.map(({ extensions }) => extensions.code)).not.toContain('INTERNAL')
  const token = Object.values(data ?? {})[0]?.token
  if (token) await payCheckout(stack, token, GOOD_CARD)
}

async function newestKey(customerId: string): Promise<string> {
  const [row] = await stack.database.query<{ key: string }>(
    `select e.key from usage_event e join customer c on c.pk = e.customer_pk where c.id = $1 order by e.timestamp desc limit 1`,
    [customerId],
  )
  return row?.key ?? 'none'
}

/** What all cards were charged, less what went back, in cents. */
async function collected(): Promise<number> {
  const stripe = stripeAt(stack)
  const all = { limit: 10_000 }
  const charges = await stripe.charges.list({ limit: 100 }).autoPagingToArray(all)
  const refunds = await stripe.refunds.list({ limit: 100 }).autoPagingToArray(all)
  const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0)
  const succeeded = charges.filter(({ status }) => status === 'succeeded')
  return sum(succeeded.map(({ amount }) => amount)) - sum(refunds.map(({ amount }) => amount))
}

const cents = (amount: string) => Math.round(Number(amount) * 100)

/** What must be so at any time, whatever was done before. */
async function look(customerId: string): Promise<void> {
  expect(await auditLedger(stack.database)).toEqual([])
  const { accountCredit, subscriptions } = await live(stack, customerId)
  const invoices = await bills(stack, customerId)
  const [money] = await stack.database.query<{ paid: number; credits: number; used: number; given: number }>(
    `select coalesce(sum(paid_minor), 0)::int as paid,
       coalesce(sum(case when total_minor < 0 then -total_minor else -credit_minor end), 0)::int as credits
     from invoice i join customer c on c.pk = i.customer_pk where c.id = $1`,
    [customerId],
  )
  expect(cents(accountCredit?.amount ?? '0'), 'account credit is what invoices gave less what they used').toBe(
    money?.credits,
  )
  expect(cents(accountCredit?.amount ?? '0'), 'account credit is never more than was paid').toBeLessThanOrEqual(
    money?.paid ?? 0,
  )
  for (const { status, total, amountDue } of invoices) {
    if (status === 'PAID') expect(amountDue).toBe('0.00')
    else expect(cents(total)).toBeGreaterThan(0)
  }
  const grants = await stack.database.query<{ amount: number; card: string }>(
    `select g.amount::float as amount, max(x.code) as card from "grant" g join customer c on c.pk = g.customer_pk
     join subscription s on s.id = g.subscription_id join rate_card_version x on x.pk = s.rate_card_version_pk
     where c.id = $1 and g.kind = 'ALLOWANCE' group by g.id`,
    [customerId],
  )
  for (const { amount } of grants) expect(amount).toBeLessThanOrEqual(Math.max(...Object.values(BRINGS)))
  for (const { currentPeriodStart, currentPeriodEnd, status } of subscriptions) {
    expect(Date.parse(currentPeriodEnd)).toBeGreaterThan(Date.parse(currentPeriodStart))
    expect(['TRIALING', 'ACTIVE', 'PAST_DUE', 'PAUSED']).toContain(status)
  }
}

test('whatever a customer does for months, the books add up after each step', { timeout: 300_000 }, async () => {
  const walk = fc.asyncProperty(fc.array(step, { minLength: 25, maxLength: 35 }), async (steps) => {
    customers += 1
    const customerId = await upsertCustomer(stack, `walker-${customers}`)
    await sell(SUBSCRIBE, { customerId, rateCard: 'starter', checkout: URLS })
    for (const [index, one] of steps.entries()) {
      await take(customerId, `${index}`, one)
      await look(customerId)
    }
    const [row] = await stack.database.query<{ paid: number }>(
      `select coalesce(sum(paid_minor), 0)::int as paid from invoice`,
    )
    expect(await collected(), 'what the provider has is what invoices say was paid').toBe(row?.paid)
  })
  await fc.assert(walk, { numRuns: 6, endOnFailure: true, verbose: 1 })
})
