import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from './at-once.ts'
import { dataOf, recordUsage } from './calls.ts'
import { DISPUTED_ACCOUNT, debitOnPage, EMPTY_ACCOUNT, letBanksAnswer, takeDebits } from './debiting.ts'
import { newestInvoice, openInvoiceCheckout } from './invoice-links.ts'
import { advanceBy, advanceToPeriodEnd, balanceOf, bills, DAY, start, subscriptionOf, told } from './living.ts'
import { confirmCheckout } from './pay-checkout.ts'
import { openSetup } from './paying-methods.ts'
import { breakProvider, moneyAt, repairProvider, stripeAt } from './provider.ts'
import { creditsOf, disputeAt, providerPaymentOf, quiet } from './refunding.ts'
import { openBundleCheckout, subscribe, tokenOf, URLS } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { attemptsOf } from './top-ups.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

// Money that takes days, and what happens meanwhile.

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  await takeDebits(stack)
})
afterAll(() => stack.close())

const attempts = (customerId: string) => attemptsOf(stack, customerId)
const untilBalance = (customerId: string, wanted: string) =>
  until(
    () => balanceOf(stack, customerId),
    (balance) => balance === wanted,
  )
const untilAttempts = (customerId: string, ...wanted: string[]) =>
  until(
    () => attempts(customerId),
    (made) => made.join() === wanted.join(),
  )

/** A customer of the plan for 100.00 EUR, with the next period's debit on its way. */
async function waiting(customerId: string): Promise<void> {
  await start(stack, customerId, 'euro')
  await saveAccount(customerId)
  await advanceToPeriodEnd(stack, customerId)
  expect(await attempts(customerId)).toEqual(['10000 SUCCEEDED', '10000 PROCESSING'])
}

async function saveAccount(customerId: string, iban?: string): Promise<void> {
  const token = await openSetup(stack, customerId, { makeDefault: true })
  await debitOnPage(stack, token, iban)
  await confirmCheckout(stack, token)
}

const credit = (invoiceId: string, amount: string) =>
  dataOf(
    stack.query(`mutation ($input: CreditNoteInput!) { createCreditNote(input: $input) { number } }`, {
      input: { invoiceId, amount, reason: 'Sorry', idempotencyKey: invoiceId },
    }),
  )
const cancelNow = async (customerId: string) =>
  dataOf(
    stack.query(`mutation ($input: CancelSubscriptionInput!) { cancelSubscription(input: $input) { status } }`, {
      input: { subscriptionId: (await subscriptionOf(stack, customerId)).id, at: 'NOW' },
    }),
  )

describe('a renewal whose debit is on its way', () => {
  test('and whose invoice is lowered meanwhile: the debit goes back, and what is due by now is collected', async () => {
    await waiting('lowered')
    await credit((await newestInvoice(stack, 'lowered')).id, '20.00')
    await letBanksAnswer(stack)
    await untilAttempts('lowered', '10000 SUCCEEDED', '10000 REFUNDED', '8000 PROCESSING')
    await letBanksAnswer(stack)
    await untilBalance('lowered', '105 of 105, 0 used')
    expect(await attempts('lowered')).toEqual(['10000 SUCCEEDED', '10000 REFUNDED', '8000 SUCCEEDED'])
  })

  test('and whose invoice is credited in full meanwhile: the period comes at once, and the debit goes back', async () => {
    await waiting('forgiven')
    await credit((await newestInvoice(stack, 'forgiven')).id, '100.00')
    expect(await balanceOf(stack, 'forgiven')).toBe('105 of 105, 0 used')
    await letBanksAnswer(stack)
    await untilAttempts('forgiven', '10000 SUCCEEDED', '10000 REFUNDED')
    await advanceToPeriodEnd(stack, 'forgiven')
    expect(await attempts('forgiven')).toEqual(['10000 SUCCEEDED', '10000 REFUNDED', '10000 PROCESSING'])
  })

  test('and that is cancelled NOW: the money goes back once, and only the overage is billed', async () => {
    await waiting('canceled')
    await recordUsage(stack, [
      { customerId: 'canceled', eventName: 'character_generation', value: '10', idempotencyKey: 'o' } as never,
    ])
    await cancelNow('canceled')
    await letBanksAnswer(stack)
    await until(
      () => attempts('canceled'),
      (made) => made[1] === '10000 REFUNDED',
    )
    await quiet(stack)
    expect((await subscriptionOf(stack, 'canceled').catch(() => ({ status: 'gone' }))).status).toMatch(/CANCELED|gone/)
    expect((await bills(stack, 'canceled')).slice(0, 2).map(told)).toEqual([
      '9.00 OPEN: Generations: overage 9.00',
      '100.00 VOID: Euro: Premium 100.00',
    ])
  })

  test('for two periods: nothing is billed meanwhile, and each period is billed once, in order', async () => {
    await waiting('months')
    await advanceBy(stack, 70 * DAY)
    expect(await attempts('months')).toEqual(['10000 SUCCEEDED', '10000 PROCESSING'])
    await letBanksAnswer(stack)
    await untilAttempts('months', '10000 SUCCEEDED', '10000 SUCCEEDED', '10000 PROCESSING')
    await letBanksAnswer(stack)
    await untilAttempts('months', '10000 SUCCEEDED', '10000 SUCCEEDED', '10000 SUCCEEDED', '10000 PROCESSING')
    await letBanksAnswer(stack)
    await untilBalance('months', '105 of 105, 0 used')
    const billed = await bills(stack, 'months')
    expect(new Set(billed.map(({ periodStart }) => periodStart)).size).toBe(4)
    expect(billed.map(({ periodStart }) => periodStart)).toEqual(
      billed
        .map(({ periodEnd }) => periodEnd)
        .slice(1)
        .concat(billed.at(-1)?.periodStart as string),
    )
  })

  test('that the customer makes on the page, whose invoice is lowered meanwhile: it goes back, and the schedule goes on', async () => {
    await start(stack, 'own', 'euro')
    await saveAccount('own', EMPTY_ACCOUNT)
    await advanceToPeriodEnd(stack, 'own')
    await letBanksAnswer(stack)
    await untilAttempts('own', '10000 SUCCEEDED', '10000 FAILED')
    const token = await openInvoiceCheckout(stack, (await newestInvoice(stack, 'own')).token)
    await debitOnPage(stack, token)
    expect(await confirmCheckout(stack, token)).toMatchObject({ status: 'PENDING' })
    await credit((await newestInvoice(stack, 'own')).id, '30.00')
    await advanceBy(stack, 10 * DAY)
    expect(await attempts('own')).toEqual(['10000 SUCCEEDED', '10000 FAILED', '10000 PROCESSING'])
    await letBanksAnswer(stack)
    await untilAttempts('own', '10000 SUCCEEDED', '10000 FAILED', '10000 REFUNDED', '7000 PROCESSING')
    expect(await confirmCheckout(stack, token)).toMatchObject({ status: 'REFUNDED' })
  })
})

describe('an order from an account on file', () => {
  const payOnFile = (token: string) =>
    dataOf(
      stack.query(
        `mutation ($token: String!) { payCheckout(token: $token, method: CARD_ON_FILE) { __typename } }`,
        { token },
        null,
      ),
    )

  test('that comes to another amount by the time the money is there: it goes back, and the same can be ordered again', async () => {
    await start(stack, 'dearer', 'euro')
    await saveAccount('dearer')
    await cancelNow('dearer')
    const order = () => subscribe(stack, { customerId: 'dearer', rateCard: 'euro', checkout: URLS }).then(tokenOf)
    const token = await order()
    await payOnFile(token)
    expect(await confirmCheckout(stack, token)).toMatchObject({ status: 'PENDING' })
    // Account credit pays a part of it by now.
    await credit((await newestInvoice(stack, 'dearer')).id, '10.00')
    await letBanksAnswer(stack)
    await untilAttempts('dearer', '10000 SUCCEEDED', '10000 REFUNDED')
    expect(await confirmCheckout(stack, token)).toMatchObject({ status: 'REFUNDED' })
    const again = await order()
    expect(again).not.toBe(token)
    await payOnFile(again)
    await letBanksAnswer(stack)
    await untilBalance('dearer', '105 of 105, 0 used')
    expect(await attempts('dearer')).toEqual(['10000 SUCCEEDED', '10000 REFUNDED', '9000 SUCCEEDED'])
  })
})

describe('P06 news that money went back, before the news that it had come', () => {
  const story = async (customerId: string, iban: string | undefined, goesBack: () => Promise<unknown>) => {
    await signUp(stack, customerId, 'free-euro')
    const token = await openBundleCheckout(stack, customerId)
    await debitOnPage(stack, token, iban)
    expect(await confirmCheckout(stack, token)).toMatchObject({ status: 'PENDING' })
    await quiet(stack)
    await breakProvider(stack, { match: 'GET /v1/checkout/sessions/*', fault: 'drop_before', times: 1_000 })
    await letBanksAnswer(stack)
    await goesBack()
    await until(
      () => stack.database.query(`select 1 from provider_event where processed_at is null and last_error is null`),
      (untried) => untried.length === 0,
    )
    expect(await creditsOf(stack, customerId)).toBe('5 of 5, 0 used')
    await repairProvider(stack)
  }
  const retryNow = () =>
    stack.database.query(`update provider_event set next_attempt_at = now() where processed_at is null`)
  const untilRetried = (customerId: string, told: string) =>
    until(
      async () => {
        await retryNow()
        return creditsOf(stack, customerId)
      },
      (credits) => credits === told,
    )

  test('a refund on the provider’s own pages takes the credits with the money', async () => {
    await story('early-refund', undefined, async () => {
      const payment_intent = await providerPaymentOf(stack, 'early-refund')
      await stripeAt(stack).refunds.create({ payment_intent, amount: 400 })
    })
    await untilRetried('early-refund', '65 of 65, 0 used')
  })

  test('a dispute freezes what the money brings', async () => {
    await story('early-dispute', DISPUTED_ACCOUNT, () => disputeAt(stack, 'early-dispute'))
    await untilRetried('early-dispute', '5 of 105, 0 used, 100 frozen')
  })
})

test('money was asked for once for each thing that was bought', async () => {
  await quiet(stack)
  const { charged, refunded } = await moneyAt(stack)
  const rows = await stack.database.query<{ status: string; sum: number }>(
    `select status::text, sum(amount_minor)::int8 as sum from payment group by 1`,
  )
  const sumOf = (status: string) => rows.find((row) => row.status === status)?.sum ?? 0
  const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0)
  const [{ refunds = 0 } = {}] = await stack.database.query<{ refunds: number }>(
    `select sum(amount_minor)::int8 as refunds from refund where status = 'SUCCEEDED'`,
  )
  expect(sum(refunded)).toBe(sumOf('REFUNDED') + refunds)
  expect(sum(charged)).toBe(sumOf('SUCCEEDED') + sumOf('REFUNDED'))
})
