import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from './at-once.ts'
import { consume, dataOf, faultOf, recordUsage, voidUsage } from './calls.ts'
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
import { payCheckout } from './pay-checkout.ts'
import { breakProvider, moneyAt, repairProvider } from './provider.ts'
import { CHANGE_RATE_CARD, changeRateCard, tokenOf, URLS } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { PREMIUM, publishRateCard, publishWorkedExample, STARTER } from './worked-example.ts'

// Money and usage that end in the wrong place, without anybody's bad will.

let stack: Stack

const BROKE = 'pm_card_visa_chargeDeclinedInsufficientFunds'
const NOTE = `mutation ($input: CreditNoteInput!) { createCreditNote(input: $input) { number } }`
const CANCEL = `mutation ($id: ID!) { cancelSubscription(input: { subscriptionId: $id, at: NOW }) { status } }`
const PAUSE = `mutation ($input: PauseSubscriptionInput!) { pauseSubscription(input: $input) { status } }`
const RESUME = `mutation ($id: ID!) { resumeSubscription(subscriptionId: $id) { status } }`
const ADVANCE = `mutation ($to: DateTime!) { advanceClock(to: $to) }`
const YEARLY = {
  ...PREMIUM,
  code: 'yearly',
  name: 'Yearly',
  interval: 'YEAR',
  fixedRates: [{ code: 'base', name: 'Yearly', price: { flat: { amount: '1000.00' } } }],
}
const DEARER = { ...PREMIUM.usageRates[0], overagePrice: { flat: { amount: '5.00' } } }

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  await publishRateCard(stack, YEARLY)
  await publishRateCard(stack, { ...PREMIUM, code: 'max', name: 'Max', usageRates: [DEARER] })
})
afterAll(() => stack.close())

const creditOf = async (customerId: string) => Number((await live(stack, customerId)).accountCredit?.amount ?? 0)
const cancelNow = async (customerId: string) =>
  dataOf(stack.query(CANCEL, { id: (await subscriptionOf(stack, customerId)).id }))
const use = (customerId: string, idempotencyKey: string, value: string, timestamp?: number) =>
  recordUsage(stack, [
    { customerId, idempotencyKey, value, ...(timestamp && { timestamp: new Date(timestamp).toISOString() }) },
  ])

async function creditNewest(customerId: string, amount?: string): Promise<void> {
  const invoiceId = (await bills(stack, customerId))[0]?.id
  await dataOf(stack.query(NOTE, { input: { invoiceId, amount, reason: 'Sorry', idempotencyKey: `${amount}` } }))
}

/** The renewal of a month is declined. */
async function decline(customerId: string): Promise<void> {
  await putOnFile(stack, customerId, BROKE)
  await advanceToPeriodEnd(stack, customerId)
}

/** Takes a customer out of the way of the tests that follow. */
async function park(customerId: string): Promise<void> {
  await stack.database.query(
    `update subscription set status = 'CANCELED', due_at = null where customer_pk = (select pk from customer where id = $1)`,
    [customerId],
  )
}

describe('account credit', () => {
  test('is never more than was paid: a period that a credit note gave back gives nothing back again', async () => {
    await start(stack, 'noted', 'premium')
    await creditNewest('noted')
    await change(stack, 'noted', 'free')
    expect(await creditOf('noted')).toBe(100)
  })

  test('does not come from a renewal that was forgiven', async () => {
    await start(stack, 'forgiven', 'premium')
    await decline('forgiven')
    await creditNewest('forgiven')
    await change(stack, 'forgiven', 'free')
    expect(await creditOf('forgiven')).toBe(0)
  })

  test('comes back from an unpaid renewal that brought nothing', async () => {
    await start(stack, 'kept', 'premium')
    await creditNewest('kept', '40.00')
    await decline('kept')
    await cancelNow('kept')
    expect(await creditOf('kept')).toBe(40)
  })

  test('gives back the tax that was paid, not the tax of today', async () => {
    await start(stack, 'taxed', 'premium')
    const tax = `mutation { upsertCustomer(input: { id: "taxed", taxRate: { name: "VAT", percent: "19" } }) { id } }`
    await dataOf(stack.query(tax))
    await change(stack, 'taxed', 'free')
    const credit = await creditOf('taxed')
    expect(credit).toBeLessThanOrEqual(100)
    expect(credit).toBeGreaterThan(99)
  })
})

describe('overage', () => {
  test('is owed also by who cancels after the period end, before the renewal was collected', async () => {
    await start(stack, 'quick', 'premium')
    await use('quick', 'all', '1105')
    const { currentPeriodEnd } = await subscriptionOf(stack, 'quick')
    const claim = (until: string) =>
      stack.database.query(
        `update subscription set claimed_until = ${until} where customer_pk = (select pk from customer where id = 'quick')`,
      )
    await claim(`now() + interval '1 hour'`)
    const { at } = await live(stack, 'quick')
    // The period ends, and reading renews; nobody collects.
    await stack.database.query(`update project set clock_offset_ms = clock_offset_ms + $2 where id = $1`, [
      stack.project.id,
      Date.parse(currentPeriodEnd) - Date.parse(at) + 1,
    ])
    await until(
      () => live(stack, 'quick'),
      (state) => state.balances[0]?.overage === '0',
    )
    await cancelNow('quick')
    await claim('null')
    await advanceBy(stack, DAY)
    expect((await bills(stack, 'quick')).map(told)).toContain('900.00 PAID: Generations: overage 900.00')
  })

  test('of before is not lost when a new version, NOW, allows none', async () => {
    await publishRateCard(stack, { ...PREMIUM, code: 'strict', name: 'Strict' })
    await start(stack, 'strict', 'strict')
    await use('strict', 'all', '115')
    const { usageRates } = STARTER
    await publishRateCard(stack, { ...PREMIUM, code: 'strict', name: 'Strict', usageRates, migrate: 'NOW' })
    await advanceToPeriodEnd(stack, 'strict')
    const amounts = (await bills(stack, 'strict')).flatMap(({ lines }) => lines.map(({ amount }) => amount))
    expect(amounts).toContain('9.00')
  })

  test('is corrected at the price that it was invoiced at, also under another subscription', async () => {
    await start(stack, 'moved', 'premium')
    await use('moved', 'allowance', '105')
    await use('moved', 'mistake', '10')
    await cancelNow('moved')
    await advanceBy(stack, DAY)
    await start(stack, 'moved', 'max')
    await voidUsage(stack, 'moved', 'mistake')
    await advanceToPeriodEnd(stack, 'moved')
    expect((await bills(stack, 'moved'))[0]).toMatchObject({ total: '91.00' })
  })
})

describe('late usage', () => {
  test('of a period that was cancelled takes nothing from the next subscription', async () => {
    await start(stack, 'tardy', 'premium')
    const { currentPeriodStart } = await subscriptionOf(stack, 'tardy')
    await advanceBy(stack, 5 * DAY)
    await cancelNow('tardy')
    await advanceBy(stack, DAY)
    await start(stack, 'tardy', 'starter')
    await use('tardy', 'late', '3', Date.parse(currentPeriodStart) + DAY)
    expect(await balanceOf(stack, 'tardy')).toBe('25 of 25, 0 used')
  })

  test('of a pause takes nothing from the period after it', async () => {
    await start(stack, 'rested', 'premium')
    const { id, currentPeriodEnd } = await subscriptionOf(stack, 'rested')
    await dataOf(stack.query(PAUSE, { input: { subscriptionId: id } }))
    await advanceTo(stack, Date.parse(currentPeriodEnd) + 3 * DAY)
    await dataOf(stack.query(RESUME, { id }))
    await use('rested', 'paused', '10', Date.parse(currentPeriodEnd) + DAY)
    expect(await balanceOf(stack, 'rested')).toBe('105 of 105, 0 used')
  })
})

test('resuming too early is refused without forgetting when the pause ends by itself', async () => {
  await start(stack, 'early', 'premium')
  await use('early', 'all', '115')
  const { id, currentPeriodEnd } = await subscriptionOf(stack, 'early')
  const resumesAt = new Date(Date.parse(currentPeriodEnd) + 5 * DAY).toISOString()
  await dataOf(stack.query(PAUSE, { input: { subscriptionId: id, resumesAt } }))
  await decline('early')
  expect(await faultOf(stack.query(RESUME, { id }))).toBe('CONFLICT subscriptionId')
  await putOnFile(stack, 'early', 'pm_card_visa')
  await advanceBy(stack, 6 * DAY)
  expect(await subscriptionOf(stack, 'early')).toMatchObject({ status: 'ACTIVE' })
})

test('a change goes through while its customer goes on using what they have', async () => {
  await start(stack, 'busy', 'premium')
  await consume(stack, { customerId: 'busy', idempotencyKey: 'half', quantity: '50' })
  const { id } = await subscriptionOf(stack, 'busy')
  await breakProvider(stack, { match: 'POST /v1/payment_intents', fault: 'delay', delayMs: 700, times: 1 })
  const changing = stack.query(CHANGE_RATE_CARD, { input: { subscriptionId: id, rateCard: 'yearly' } })
  const pending = () => stack.database.query(`select 1 from payment where status = 'PENDING'`)
  await until(pending, (rows) => rows.length > 0)
  await use('busy', 'more', '5')
  expect((await changing).text).toContain('SubscriptionSuccess')
  expect((await moneyAt(stack)).refunded).toEqual([])
})

test('a dearer card with fewer credits takes back only what is left when it is paid', async () => {
  await publishRateCard(stack, {
    ...STARTER,
    code: 'slim',
    allowances: [{ creditType: 'credits', amount: '2' }],
  })
  await start(stack, 'slims', 'free')
  const { id } = await subscriptionOf(stack, 'slims')
  const sold = await changeRateCard(stack, { subscriptionId: id, rateCard: 'slim', checkout: URLS })
  await consume(stack, { customerId: 'slims', quantity: '4', idempotencyKey: 'meanwhile' })
  expect(await payCheckout(stack, tokenOf(sold))).toMatchObject({ status: 'COMPLETED' })
  expect(await balanceOf(stack, 'slims')).toBe('0 of 4, 4 used')
})

test('quantities that no card can be charged for are refused before the period end, too', async () => {
  await publishRateCard(stack, { code: 'team', name: 'Team', fixedRates: STARTER.fixedRates })
  await start(stack, 'many', 'team')
  const { id } = await subscriptionOf(stack, 'many')
  const quantities = [{ code: 'base', quantity: 1_000_000 }]
  const input = { subscriptionId: id, rateCard: 'team', behavior: 'AT_PERIOD_END', quantities }
  expect(await faultOf(stack.query(CHANGE_RATE_CARD, { input }))).toBe('INVALID_INPUT quantities')
})

test('a preview of what is published already moves nobody', async () => {
  await start(stack, 'same', 'starter')
  const document = `query ($input: RateCardInput!) { previewRateCardMigration(input: $input) { rateCard { version } subscribers } }`
  const { previewRateCardMigration } = await dataOf(
    stack.query<{ previewRateCardMigration: object }>(document, { input: STARTER }),
  )
  expect(previewRateCardMigration).toEqual({ rateCard: { version: 1 }, subscribers: 0 })
})

test('the clock does not pass by a renewal whose payment was unknown', async () => {
  await start(stack, 'unknown', 'premium')
  const to = (await subscriptionOf(stack, 'unknown')).currentPeriodEnd
  await breakProvider(stack, { match: 'POST /v1/payment_intents', fault: 'drop_before', times: 20 })
  expect(await faultOf(stack.query(ADVANCE, { to }))).toBe('PAYMENT_PROVIDER_UNAVAILABLE')
  await repairProvider(stack)
  await advanceTo(stack, to)
  expect(await balanceOf(stack, 'unknown')).toBe('105 of 105, 0 used')
})

describe('the server does not fail', () => {
  test('when a card changes whose allowance an operator has voided', async () => {
    await start(stack, 'voided', 'starter')
    const grants = `{ billingState(customerId: "voided") { balances { grants { id } } } }`
    type Grants = { billingState: { balances: { grants: { id: string }[] }[] } }
    const id = (await dataOf(stack.query<Grants>(grants))).billingState.balances[0]?.grants[0]?.id
    await dataOf(stack.query(`mutation ($id: ID!) { voidGrant(grantId: $id, idempotencyKey: "v") { id } }`, { id }))
    await change(stack, 'voided', 'premium').finally(() => park('voided'))
  })

  test('when a subscriber of a monthly version meets a newer yearly one, NOW', async () => {
    const grows = (interval: string, amount: string, migrate: string) =>
      publishRateCard(stack, {
        ...STARTER,
        code: 'grows',
        interval,
        allowances: [{ creditType: 'credits', amount }],
        migrate,
      })
    await grows('MONTH', '25', 'AT_RENEWAL')
    await start(stack, 'grows', 'grows')
    await grows('YEAR', '300', 'AT_RENEWAL')
    await expect(grows('YEAR', '310', 'NOW')).rejects.toThrow('AT_RENEWAL or NEVER, or publish another code')
    expect(await balanceOf(stack, 'grows')).toBe('25 of 25, 0 used')
    await advanceToPeriodEnd(stack, 'grows').finally(() => park('grows'))
  })

  test('when usage comes to more money than there is', async () => {
    await start(stack, 'absurd', 'premium')
    await use('absurd', 'all', '9'.repeat(30))
    await advanceToPeriodEnd(stack, 'absurd').finally(() => park('absurd'))
  })
})
