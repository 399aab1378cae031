import { amountOf, formatAmount } from '@florin/core'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from './at-once.ts'
import { consume, dataOf, grantCredits, recordUsage, voidUsage } from './calls.ts'
import { balanceAt, explainBalance } from './explaining.ts'
import { askCaptureHold, askReleaseHold, createHold } from './holding.ts'
import { advanceBy, DAY, live, start } from './living.ts'
import { GOOD_CARD, payCheckout } from './pay-checkout.ts'
import { refund } from './refunding.ts'
import { CHANGE_RATE_CARD, PURCHASE_BUNDLE, type Sold, URLS } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample } from './worked-example.ts'

// One customer does anything, for weeks. Whatever was on the screen at a moment is what the past says of it afterwards.

let stack: Stack
let customers = 0

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())

const quantity = fc.integer({ min: 1, max: 40 })
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('spend' as const), quantity }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('record' as const), quantity, daysAgo: fc.nat(30) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('hold' as const), quantity, hours: fc.integer({ min: 1, max: 20 }) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('capture' as const, 'release' as const), quantity }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('grant' as const),
      quantity,
      priority: fc.integer({ min: 99, max: 101 }),
      begins: fc.integer({ min: -2, max: 4 }),
      lasts: fc.option(fc.integer({ min: 5, max: 20 })),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 400 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('undo' as const, 'void' as const, 'buy' as const, 'refund' as const) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('change' as const), card: fc.constantFrom('free', 'starter', 'premium') }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

interface Walk {
  readonly customerId: string
  readonly used: string[]
  readonly holds: string[]
  readonly grants: string[]
}

async function take({ customerId, used, holds, grants }: Walk, key: string, one: Step): Promise<unknown> {
  const { at, subscriptions } = await live(stack, customerId)
  const now = Date.parse(at)
  switch (one.do) {
    case 'spend':
      used.push(key)
      return consume(stack, { customerId, idempotencyKey: key, quantity: String(one.quantity) })
    case 'record': {
      used.push(key)
      const timestamp = new Date(now - one.daysAgo * DAY).toISOString()
      return recordUsage(stack, [{ customerId, idempotencyKey: key, value: String(one.quantity), timestamp }])
    }
    case 'hold': {
      const asked = { customerId, quantity: String(one.quantity), idempotencyKey: key, ttlSeconds: one.hours * 3600 }
      const { hold } = await createHold(stack, asked)
      return hold && holds.push(hold.id)
    }
    case 'capture':
      return holds.length > 0 && askCaptureHold(stack, holds.pop() as string, String(one.quantity))
    case 'release':
      return holds.length > 0 && askReleaseHold(stack, holds.pop() as string)
    case 'grant': {
      const span = {
        effectiveAt: new Date(now + one.begins * DAY).toISOString(),
        expiresAt: one.lasts === null ? null : new Date(now + one.lasts * DAY).toISOString(),
      }
      const amount = String(one.quantity)
      const asked = { customerId, amount, priority: one.priority, idempotencyKey: key, ...span }
      return grants.push((await grantCredits(stack, asked)).id)
    }
    case 'wait':
      return advanceBy(stack, (one.hours * DAY) / 24)
    case 'undo':
      return used.length > 0 && voidUsage(stack, customerId, used.pop() as string).catch(() => {})
    case 'void':
      return stack.query(
        `mutation ($id: ID!, $key: String!) { voidGrant(grantId: $id, idempotencyKey: $key) { id } }`,
        {
          id: grants.pop() ?? 'none',
          key,
        },
      )
    case 'buy':
      return sell(PURCHASE_BUNDLE, { customerId, idempotencyKey: key, bundle: 'pack-100', checkout: URLS })
    case 'refund':
      return refund(stack, customerId, key).catch(() => {})
    case 'change':
      return sell(CHANGE_RATE_CARD, {
        subscriptionId: subscriptions[0]?.id ?? 'none',
        rateCard: one.card,
        checkout: URLS,
      })
  }
}

async function sell(document: string, input: Record<string, unknown>): Promise<void> {
  const { data } = await stack.query<Record<string, Sold>>(document, { input })
  const token = Object.values(data ?? {})[0]?.token
  if (token) await payCheckout(stack, token, GOOD_CARD)
}

/** What the customer's screen shows, and when: the next thing happens after that millisecond. */
async function see(customerId: string): Promise<{ at: string; available: string }> {
  const { at, balances } = await live(stack, customerId)
  await until(
    async () => (await dataOf(stack.query<{ clock: string }>('{ clock }'))).clock,
    (clock) => clock > at,
  )
  return { at, available: balances.find(({ creditType }) => creditType === 'credits')?.available ?? '0' }
}

interface Entry {
  readonly amount: string
  readonly effective_at: number
}

/** The ledger, replayed until an instant. */
function replay(entries: readonly Entry[], at: number): string {
  const until = entries.filter(({ effective_at }) => effective_at <= at)
  return formatAmount(until.reduce((total, { amount }) => total + amountOf(amount), 0n))
}

test('the balance at any moment is what was seen then, and the ledger replayed until then', {
  timeout: 300_000,
}, async () => {
  const walk = fc.asyncProperty(fc.array(step, { minLength: 25, maxLength: 35 }), async (steps) => {
    const customerId = await start(stack, `walker-${++customers}`, 'starter')
    const path: Walk = { customerId, used: [], holds: [], grants: [] }
    const seen: { at: string; available: string }[] = []
    for (const [index, one] of steps.entries()) {
      await take(path, `${index}`, one)
      seen.push(await see(customerId))
    }
    for (const { at, available } of seen) expect([at, await balanceAt(stack, customerId, at)]).toEqual([at, available])
    const entries = await stack.database.query<Entry>(
      `select e.amount, e.effective_at from ledger_entry e join customer c on c.pk = e.customer_pk where c.id = $1 order by e.pk`,
      [customerId],
    )
    const instants = [...new Set(entries.flatMap(({ effective_at: at }) => [at - 1, at]))]
    for (const at of instants) {
      const { available, remaining, grants, held } = await explainBalance(stack, customerId, at)
      expect([at, available]).toEqual([at, replay(entries, at)])
      expect(remaining, 'the grants sum to the balance').toBe(available)
      expect(await balanceAt(stack, customerId, at)).toBe(available)
      const sum = (field: 'remaining' | 'held') =>
        formatAmount(grants.reduce((total, { grant }) => total + amountOf(grant[field]), 0n))
      expect([sum('remaining'), sum('held')]).toEqual([remaining, held])
    }
  })
  await fc.assert(walk, { numRuns: 4, endOnFailure: true, verbose: 1 })
})
