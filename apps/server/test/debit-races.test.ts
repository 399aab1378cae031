import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tally, until } from './at-once.ts'
import { available, consume } from './calls.ts'
import { debitOnPage, EMPTY_ACCOUNT, GOOD_ACCOUNT, letBanksAnswer, takeDebits } from './debiting.ts'
import { newestInvoice, openInvoiceCheckout } from './invoice-links.ts'
import { advanceBy, advanceToPeriodEnd, balanceOf, DAY, putOnFile, start, subscriptionOf } from './living.ts'
import { confirmCheckout, GOOD_CARD, openCardPage, payCheckout, typeCard } from './pay-checkout.ts'
import { openSetup } from './paying-methods.ts'
import { deliver, eventOf, moneyAt, referenceOf } from './provider.ts'
import { quiet } from './refunding.ts'
import { changeRateCard, openBundleCheckout, tokenOf, URLS } from './selling.ts'
import { type Peer, type Stack, startStack } from './stack.ts'
import { attemptsOf, setAutoTopUp, standing } from './top-ups.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

let stack: Stack
let other: Peer

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  await takeDebits(stack)
  other = await stack.addPeer()
})
afterAll(() => stack.close())

const attempts = (customerId: string) => attemptsOf(stack, customerId)
const untilAttempts = (customerId: string, ...wanted: string[]) =>
  until(
    () => attempts(customerId),
    (made) => made.join() === wanted.join(),
  )
test.each([GOOD_ACCOUNT, EMPTY_ACCOUNT])(
  'a renewal that is debited, and paid with a card on a page that was open before: the debit changes nothing any more (from %s)',
  async (iban) => {
    const bounces = iban === EMPTY_ACCOUNT
    const customerId = `page-first-${iban}`
    await start(stack, customerId, 'euro')
    await putOnFile(stack, customerId, 'pm_card_visa_chargeDeclinedInsufficientFunds')
    await advanceToPeriodEnd(stack, customerId)
    const token = await openInvoiceCheckout(stack, (await newestInvoice(stack, customerId)).token)
    const page = await openCardPage(stack, token)
    const setup = await openSetup(stack, customerId, { makeDefault: true })
    await debitOnPage(stack, setup, iban)
    await confirmCheckout(stack, setup)
    await until(
      () => attempts(customerId),
      (made) => made.at(-1) === '10000 PROCESSING',
    )
    await typeCard(page, GOOD_CARD)
    expect(await confirmCheckout(stack, token)).toMatchObject({ status: 'COMPLETED' })
    expect(await balanceOf(stack, customerId)).toBe('105 of 105, 0 used')
    await letBanksAnswer(stack)
    await until(
      () => attempts(customerId),
      (made) => made.includes(bounces ? '10000 FAILED' : '10000 REFUNDED') && !made.includes('10000 PROCESSING'),
    )
    await advanceBy(stack, 9 * DAY)
    expect(tally(await attempts(customerId))).toEqual({
      '10000 SUCCEEDED': 2,
      '10000 FAILED': bounces ? 2 : 1,
      ...(bounces ? {} : { '10000 REFUNDED': 1 }),
    })
    expect((await subscriptionOf(stack, customerId)).status).toBe('ACTIVE')
  },
)

test('an upgrade whose debit takes longer than the period: it goes back, the old plan goes on, and the upgrade can be ordered again', async () => {
  await signUp(stack, 'upgrades', 'free-euro')
  const { id: subscriptionId } = await subscriptionOf(stack, 'upgrades')
  const order = () => changeRateCard(stack, { subscriptionId, rateCard: 'euro', checkout: URLS }).then(tokenOf)
  const token = await order()
  await debitOnPage(stack, token)
  await confirmCheckout(stack, token)
  await expect(order()).rejects.toThrow('the bank takes days')
  await advanceToPeriodEnd(stack, 'upgrades')
  expect(await available(stack, 'upgrades')).toBe('5')
  await letBanksAnswer(stack)
  await untilAttempts('upgrades', '10000 REFUNDED')
  expect(await confirmCheckout(stack, token)).toMatchObject({ status: 'REFUNDED' })
  expect(await payCheckout(stack, await order())).toMatchObject({ status: 'COMPLETED' })
  expect(await balanceOf(stack, 'upgrades')).toBe('105 of 105, 0 used')
})

describe('an automatic top-up from an account', () => {
  async function toppingUp(customerId: string, iban?: string) {
    await signUp(stack, customerId, 'free-euro')
    const token = await openSetup(stack, customerId, { makeDefault: true })
    await debitOnPage(stack, token, iban)
    await confirmCheckout(stack, token)
    await setAutoTopUp(stack, customerId, { threshold: '3', bundle: 'pack-100' })
  }

  test('whose money comes while the customer has paid the same on a page, and used it up: both are theirs, no third is made', async () => {
    await toppingUp('used-up')
    await consume(stack, { customerId: 'used-up', quantity: '3', idempotencyKey: 'a' })
    await untilAttempts('used-up', '1000 PROCESSING')
    await payCheckout(stack, await openBundleCheckout(stack, 'used-up'))
    await consume(stack, { customerId: 'used-up', quantity: '101', idempotencyKey: 'b' })
    await advanceBy(stack, DAY)
    expect((await attempts('used-up')).sort()).toEqual(['1000 PROCESSING', '1000 SUCCEEDED'])
    await letBanksAnswer(stack)
    await until(
      () => standing(stack, 'used-up'),
      (now) => now === 'READY with 101',
    )
    expect(await attempts('used-up')).toEqual(['1000 SUCCEEDED', '1000 SUCCEEDED'])
  })

  test('that bounces while the switch is off: no attempt follows, and none when the clock goes on', async () => {
    await toppingUp('bounces', EMPTY_ACCOUNT)
    await consume(stack, { customerId: 'bounces', quantity: '3', idempotencyKey: 'a' })
    await untilAttempts('bounces', '1000 PROCESSING')
    await setAutoTopUp(stack, 'bounces', { enabled: false, threshold: '3', bundle: 'pack-100' })
    await letBanksAnswer(stack)
    await untilAttempts('bounces', '1000 FAILED')
    await advanceBy(stack, 2 * DAY)
    expect(await attempts('bounces')).toEqual(['1000 FAILED'])
    expect(await standing(stack, 'bounces')).toBe('OFF with 2')
  })

  test('that bounces: one attempt an hour, three a day, as with a card, counted from when the bank says so', async () => {
    await toppingUp('backs-off', EMPTY_ACCOUNT)
    await consume(stack, { customerId: 'backs-off', quantity: '3', idempotencyKey: 'a' })
    await untilAttempts('backs-off', '1000 PROCESSING')
    await letBanksAnswer(stack)
    await until(
      () => standing(stack, 'backs-off'),
      (now) => now === 'BACKING_OFF with 2',
    )
    await advanceBy(stack, 3_600_000 + 1_000)
    expect(await attempts('backs-off')).toEqual(['1000 FAILED', '1000 PROCESSING'])
  })
})

test('a plan is changed and cancelled while a debit for another order is on its way, in all orders at once', async () => {
  await start(stack, 'crowd', 'euro')
  const token = await openBundleCheckout(stack, 'crowd')
  await debitOnPage(stack, token)
  await confirmCheckout(stack, token)
  await advanceToPeriodEnd(stack, 'crowd')
  const { id: subscriptionId } = await subscriptionOf(stack, 'crowd')
  await Promise.allSettled([
    letBanksAnswer(stack),
    stack.query(`mutation ($input: CancelSubscriptionInput!) { cancelSubscription(input: $input) { status } }`, {
      input: { subscriptionId, at: 'NOW' },
    }),
    advanceBy(other, DAY),
    confirmCheckout(other, token),
    deliver(other, eventOf('evt_crowd', 'payment_intent.succeeded', referenceOf(token))),
  ])
  await quiet(stack)
  expect(await confirmCheckout(stack, token)).toMatchObject({ status: 'COMPLETED' })
  expect(await available(stack, 'crowd')).toBe('100')
})

test('what the provider holds is what the books say', async () => {
  await letBanksAnswer(stack)
  await quiet(stack)
  const { charged, refunded } = await moneyAt(stack)
  const [{ paid = 0, back = 0 } = {}] = await stack.database.query<{ paid: number; back: number }>(
    `select coalesce(sum(amount_minor) filter (where status in ('SUCCEEDED', 'REFUNDED')), 0)::int8 as paid,
       (coalesce(sum(amount_minor) filter (where status = 'REFUNDED'), 0) + (select coalesce(sum(amount_minor), 0) from refund where status = 'SUCCEEDED'))::int8 as back
     from payment`,
  )
  const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0)
  expect(sum(charged)).toBe(paid)
  expect(sum(refunded)).toBe(back)
})
