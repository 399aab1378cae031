import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { consume, dataOf, faultOf, grantCredits, recordUsage, upsertCustomer } from './calls.ts'
import {
  advanceBy,
  advanceTo,
  advanceToPeriodEnd,
  balanceOf,
  bills,
  change,
  DAY,
  live,
  putOnFile,
  start,
  subscriptionOf,
  told,
} from './living.ts'
import { purchaseBundle, subscribe, URLS } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { PREMIUM, publishRateCard, publishWorkedExample, STARTER } from './worked-example.ts'

let stack: Stack

const TRIED = { ...PREMIUM, code: 'tried', name: 'Tried', trialDays: 14 }
const allowance = (terms: object) => [{ creditType: 'credits', amount: '25', ...terms }]

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  await publishRateCard(stack, TRIED)
})
afterAll(() => stack.close())

const spend = (customerId: string, quantity: string, idempotencyKey: string) =>
  consume(stack, { customerId, idempotencyKey, quantity })

const resume = (id: string) =>
  dataOf(stack.query(`mutation ($id: ID!) { resumeSubscription(subscriptionId: $id) { status } }`, { id }))
const PAUSE = `mutation ($input: PauseSubscriptionInput!) { pauseSubscription(input: $input) { status pauseAtPeriodEnd } }`
const CANCEL = `mutation ($id: ID!, $at: CancelAt!) { cancelSubscription(input: { subscriptionId: $id, at: $at }) { status } }`

describe('a trial', () => {
  test('S20 brings the allowance at once, bills none of its usage, and begins the first period at its end', async () => {
    await upsertCustomer(stack, 's20')
    const sold = await subscribe(stack, { customerId: 's20', rateCard: 'tried' })
    expect(sold).toMatchObject({ __typename: 'SubscriptionSuccess', subscription: { status: 'TRIALING' } })
    const { currentPeriodStart, trialEndsAt } = await subscriptionOf(stack, 's20')
    expect(Date.parse(trialEndsAt ?? '') - Date.parse(currentPeriodStart)).toBe(14 * DAY)
    await recordUsage(stack, [{ customerId: 's20', idempotencyKey: 'all', value: '115' }])
    expect((await live(stack, 's20')).balances).toMatchObject([{ available: '0', overage: '0', uncovered: '10' }])
    const { decision } = await spend('s20', '1', 'more')
    expect(decision).toMatchObject({ allowed: false, reason: 'INSUFFICIENT_CREDITS' })

    // A card on file, as the portal would have put it there.
    await purchaseBundleWithCard('s20')
    await advanceTo(stack, trialEndsAt as string)
    const [bill] = await bills(stack, 's20')
    expect(told(bill as never)).toBe('100.00 PAID: Tried: Premium 100.00')
    expect(await subscriptionOf(stack, 's20')).toMatchObject({ status: 'ACTIVE', currentPeriodStart: trialEndsAt })
  })

  test('that ends without a card is PAST_DUE, and ends after the last retry', async () => {
    await upsertCustomer(stack, 'no-card')
    await subscribe(stack, { customerId: 'no-card', rateCard: 'tried' })
    await advanceToPeriodEnd(stack, 'no-card')
    expect(await subscriptionOf(stack, 'no-card')).toMatchObject({ status: 'PAST_DUE' })
    expect(await balanceOf(stack, 'no-card')).toBe('0 of 0, 0 used')
    await advanceBy(stack, 7 * DAY)
    expect((await live(stack, 'no-card')).subscriptions).toEqual([])
  })

  test('comes once: whoever cancelled in it pays the next time', async () => {
    await upsertCustomer(stack, 'again')
    const first = await subscribe(stack, { customerId: 'again', rateCard: 'tried' })
    await dataOf(stack.query(CANCEL, { id: first.subscription?.id, at: 'NOW' }))
    expect(await balanceOf(stack, 'again')).toBe('0 of 0, 0 used')
    const second = await subscribe(stack, { customerId: 'again', rateCard: 'tried', checkout: URLS })
    expect(second.__typename).toBe('CheckoutRequired')
  })

  test('cancelled at its end costs nothing', async () => {
    await upsertCustomer(stack, 'looked')
    const sold = await subscribe(stack, { customerId: 'looked', rateCard: 'tried' })
    await dataOf(stack.query(CANCEL, { id: sold.subscription?.id, at: 'PERIOD_END' }))
    await advanceToPeriodEnd(stack, 'looked')
    expect((await live(stack, 'looked')).subscriptions).toEqual([])
    expect(await bills(stack, 'looked')).toEqual([])
  })

  test('ends at once with a change to a card without a trial', async () => {
    await start(stack, 'eager', 'tried')
    await change(stack, 'eager', 'starter')
    expect((await bills(stack, 'eager')).map(told)).toEqual(['20.00 PAID: Starter 20.00'])
    expect(await subscriptionOf(stack, 'eager')).toMatchObject({ status: 'ACTIVE' })
    expect(await balanceOf(stack, 'eager')).toBe('25 of 25, 0 used')
  })
})

async function purchaseBundleWithCard(customerId: string): Promise<void> {
  const { payCheckout } = await import('./pay-checkout.ts')
  const sold = await purchaseBundle(stack, customerId, `card of ${customerId}`)
  if (sold.token) await payCheckout(stack, sold.token)
}

describe('at the end of a period', () => {
  test('FULL rolls all of it over, and what was rolled over lives its periods', async () => {
    await publishRateCard(stack, {
      ...STARTER,
      code: 'full',
      allowances: allowance({ rollover: 'FULL', rolloverPeriods: 1 }),
    })
    await start(stack, 'full', 'full')
    await spend('full', '5', 'five')
    await advanceToPeriodEnd(stack, 'full')
    const [balance] = (await live(stack, 'full')).balances
    expect(balance?.available).toBe('45')
    // What ends first is drawn first: both end with this period.
    expect(balance?.grants.map(({ kind, remaining }) => `${kind} ${remaining}`).sort()).toEqual([
      'ALLOWANCE 25',
      'ROLLOVER 20',
    ])
    await advanceToPeriodEnd(stack, 'full')
    const kinds = (await live(stack, 'full')).balances[0]?.grants.map(({ kind, remaining }) => `${kind} ${remaining}`)
    expect(kinds?.sort()).toEqual(['ALLOWANCE 25', 'ROLLOVER 25'])
  })

  test('S18 CAPPED: never more than the cap in all, after ten renewals', async () => {
    const rolling = { ...STARTER, interval: 'DAY', allowances: allowance({ rollover: 'CAPPED', rolloverCap: '60' }) }
    await publishRateCard(stack, { ...rolling, code: 'capped', fixedRates: [] })
    await start(stack, 'capped', 'capped')
    await advanceBy(stack, 10 * DAY)
    expect(await balanceOf(stack, 'capped')).toBe('85 of 85, 0 used')
  })

  test('S17 no command that comes before the renewal loses what rolls over', async () => {
    await publishRateCard(stack, {
      ...STARTER,
      code: 'kept',
      fixedRates: [],
      allowances: allowance({ rollover: 'FULL' }),
    })
    await start(stack, 's17', 'kept')
    // The period ends a moment ago, and no worker sees it: the claim is another's.
    const ended = new Date(Date.parse((await live(stack, 's17')).at) - 1_000)
    await stack.database.query(
      `update subscription s set current_period_end = $1, due_at = $1, current_period_start = $1::timestamptz - interval '1 month',
         anchor_at = $1::timestamptz - interval '1 month', claimed_until = now() + interval '1 hour'
       from customer c where c.pk = s.customer_pk and c.id = 's17'`,
      [ended],
    )
    await stack.database.query(
      `update "grant" g set expires_at = $1, effective_at = $1::timestamptz - interval '1 month', period_start = $1::timestamptz - interval '1 month'
       from customer c where c.pk = g.customer_pk and c.id = 's17'`,
      [ended],
    )
    await grantCredits(stack, { customerId: 's17', amount: '1', idempotencyKey: 'before' })
    expect((await live(stack, 's17')).balances[0]?.available).toBe('51')
    await stack.database.query('update subscription set claimed_until = null')
  })
})

describe('a pause', () => {
  test('begins at the period end, grants and charges nothing, and ends with a period of its own', async () => {
    await start(stack, 'rest', 'starter')
    await grantCredits(stack, { customerId: 'rest', amount: '7', kind: 'PREPAID', idempotencyKey: 'bought' })
    const { id, currentPeriodEnd } = await subscriptionOf(stack, 'rest')
    const paused = await dataOf(stack.query<{ pauseSubscription: object }>(PAUSE, { input: { subscriptionId: id } }))
    expect(paused.pauseSubscription).toEqual({ status: 'ACTIVE', pauseAtPeriodEnd: true })
    expect((await spend('rest', '5', 'still')).decision.allowed).toBe(true)

    await advanceTo(stack, Date.parse(currentPeriodEnd) + 20 * DAY)
    expect(await subscriptionOf(stack, 'rest')).toMatchObject({ status: 'PAUSED' })
    expect((await live(stack, 'rest')).balances[0]?.available).toBe('7')
    expect((await spend('rest', '1', 'paused')).decision).toMatchObject({
      allowed: false,
      reason: 'NO_SUBSCRIPTION',
      remedies: [],
    })
    expect(await bills(stack, 'rest')).toHaveLength(1)

    await resume(id)
    expect(await subscriptionOf(stack, 'rest')).toMatchObject({ status: 'ACTIVE' })
    expect((await live(stack, 'rest')).balances[0]?.available).toBe('32')
    expect((await bills(stack, 'rest')).map(({ total, status }) => `${total} ${status}`)).toEqual([
      '20.00 PAID',
      '20.00 PAID',
    ])
  })

  test('ends by itself when it was told to, and its date must be after the period', async () => {
    await start(stack, 'later', 'starter')
    const { id, currentPeriodEnd } = await subscriptionOf(stack, 'later')
    const input = { subscriptionId: id, resumesAt: currentPeriodEnd }
    expect(await faultOf(stack.query(PAUSE, { input }))).toBe('INVALID_INPUT resumesAt')
    const resumesAt = new Date(Date.parse(currentPeriodEnd) + 10 * DAY).toISOString()
    await dataOf(stack.query(PAUSE, { input: { subscriptionId: id, resumesAt } }))
    await advanceTo(stack, resumesAt)
    expect(await subscriptionOf(stack, 'later')).toMatchObject({ status: 'ACTIVE', currentPeriodStart: resumesAt })
  })

  test('is taken back before it begins', async () => {
    await start(stack, 'changed-mind', 'starter')
    const { id } = await subscriptionOf(stack, 'changed-mind')
    await dataOf(stack.query(PAUSE, { input: { subscriptionId: id } }))
    await resume(id)
    expect(await subscriptionOf(stack, 'changed-mind')).toMatchObject({ pauseAtPeriodEnd: false })
  })
})

describe('usage that comes late', () => {
  test('counts in its own period, and is a line of the next invoice', async () => {
    await start(stack, 'late', 'premium')
    await recordUsage(stack, [{ customerId: 'late', idempotencyKey: 'in time', value: '105' }])
    await advanceToPeriodEnd(stack, 'late', DAY)
    expect((await bills(stack, 'late')).map(told)[0]).toBe('100.00 PAID: Premium 100.00')
    const timestamp = new Date(Date.parse((await subscriptionOf(stack, 'late')).currentPeriodStart) - DAY).toISOString()
    // It draws on what is there now: the new allowance of 105, and then it is overage of its own period.
    await recordUsage(stack, [{ customerId: 'late', idempotencyKey: 'late', value: '115', timestamp }])
    await advanceToPeriodEnd(stack, 'late')
    const [bill] = await bills(stack, 'late')
    expect(bill && told(bill)).toBe('109.00 PAID: Generations: overage 9.00, Premium 100.00')
    expect(bill?.lines[0]?.periodEnd).toBe(bill?.lines[1]?.periodStart && (await bills(stack, 'late'))[1]?.periodStart)
  })

  test('usage taken back after its invoice is a correction on the next one', async () => {
    await start(stack, 'corrected', 'premium')
    await recordUsage(stack, [
      { customerId: 'corrected', idempotencyKey: 'allowance', value: '105' },
      { customerId: 'corrected', idempotencyKey: 'mistake', value: '10' },
    ])
    await advanceToPeriodEnd(stack, 'corrected', DAY)
    expect((await bills(stack, 'corrected')).map(told)[0]).toBe(
      '109.00 PAID: Generations: overage 9.00, Premium 100.00',
    )
    await dataOf(stack.query(`mutation { voidUsage(customerId: "corrected", idempotencyKey: "mistake") { status } }`))
    await advanceToPeriodEnd(stack, 'corrected')
    expect((await bills(stack, 'corrected')).map(told)[0]).toBe(
      '91.00 PAID: Generations: overage corrected -9.00, Premium 100.00',
    )
  })
})

describe('the end of a subscription', () => {
  test('its last overage is collected', async () => {
    await start(stack, 'ends', 'premium')
    await recordUsage(stack, [{ customerId: 'ends', idempotencyKey: 'all', value: '115' }])
    const { id } = await subscriptionOf(stack, 'ends')
    await dataOf(stack.query(CANCEL, { id, at: 'NOW' }))
    await advanceBy(stack, DAY)
    expect((await bills(stack, 'ends')).map(told)[0]).toBe('9.00 PAID: Generations: overage 9.00')
  })

  test('one that nobody pays is tried on the days of dunning, and uncollectible after the last', async () => {
    await start(stack, 'owes', 'premium')
    await recordUsage(stack, [{ customerId: 'owes', idempotencyKey: 'all', value: '115' }])
    await putOnFile(stack, 'owes', 'pm_card_visa_chargeDeclinedInsufficientFunds')
    const { id } = await subscriptionOf(stack, 'owes')
    await dataOf(stack.query(CANCEL, { id, at: 'NOW' }))
    await advanceBy(stack, 6 * DAY)
    expect((await bills(stack, 'owes'))[0]).toMatchObject({ status: 'OPEN', amountDue: '9.00' })
    await advanceBy(stack, 2 * DAY)
    expect((await bills(stack, 'owes'))[0]).toMatchObject({ status: 'UNCOLLECTIBLE', amountDue: '9.00' })
  })

  test('a free allowance ends with a subscription whose overage nobody pays', async () => {
    await publishRateCard(stack, { ...PREMIUM, code: 'free-over', name: 'Free over', fixedRates: [] })
    await start(stack, 'free-over', 'free-over')
    await recordUsage(stack, [{ customerId: 'free-over', idempotencyKey: 'all', value: '205' }])
    await advanceToPeriodEnd(stack, 'free-over', 8 * DAY)
    expect((await live(stack, 'free-over')).subscriptions).toEqual([])
    expect(await balanceOf(stack, 'free-over')).toBe('0 of 0, 0 used')
  })
})
