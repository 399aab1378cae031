import { afterAll, beforeAll, expect, test } from 'vitest'
import { atOnce, until } from './at-once.ts'
import { dataOf, faultOf } from './calls.ts'
import { newestInvoice, openInvoiceCheckout } from './invoice-links.ts'
import { advanceBy, advanceToPeriodEnd, balanceOf, DAY, putOnFile, start, subscriptionOf } from './living.ts'
import { addressOf, type MailServer, startMailServer } from './mail-server.ts'
import { confirmCheckout, GOOD_CARD, openCardPage, typeCard } from './pay-checkout.ts'
import { breakProvider, deliver, eventOf, moneyAt, referenceOf, repairProvider, stripeAt } from './provider.ts'
import { quiet } from './refunding.ts'
import { keyOf } from './rows.ts'
import { changeRateCard, openBundleCheckout, subscribe, tokenOf, URLS } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { attemptsOf, putCard } from './top-ups.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

// Payments that came too late for what they were to pay: the money goes back, once, and nobody is told that it failed.

let mails: MailServer
let stack: Stack

beforeAll(async () => {
  mails = await startMailServer()
  stack = await startStack({ smtpUrl: mails.url })
  await publishWorkedExample(stack)
})
afterAll(async () => {
  await stack.close()
  await mails.close()
})

const person = (id: string) =>
  dataOf(
    stack.query(`mutation ($input: CustomerInput!) { upsertCustomer(input: $input) { id } }`, {
      input: { id, email: `${id}@example.com` },
    }),
  )
const attempts = (customerId: string) => attemptsOf(stack, customerId)
const untilAttempts = (customerId: string, ...wanted: string[]) =>
  until(
    () => attempts(customerId),
    (made) => made.join() === wanted.join(),
  )
const lowerNewest = async (customerId: string, amount: string) =>
  dataOf(
    stack.query(`mutation ($input: CreditNoteInput!) { createCreditNote(input: $input) { number } }`, {
      input: { invoiceId: (await newestInvoice(stack, customerId)).id, amount, reason: 'Sorry', idempotencyKey: 'n' },
    }),
  )
const cancelNow = async (customerId: string) =>
  dataOf(
    stack.query(`mutation ($input: CancelSubscriptionInput!) { cancelSubscription(input: $input) { status } }`, {
      input: { subscriptionId: (await subscriptionOf(stack, customerId)).id, at: 'NOW' },
    }),
  )
/** The kinds of mails that were written for a customer, once none waits. */
async function mailsTo(customerId: string): Promise<string[]> {
  const rows = await until(
    () =>
      stack.database.query<{ kind: string; status: string }>(
        `select e.kind::text, e.status::text from email e join customer c on c.pk = e.customer_pk where c.id = $1 order by e.id`,
        [customerId],
      ),
    (all) => all.every(({ status }) => status !== 'PENDING' && status !== 'SENDING'),
  )
  expect(mails.received.filter((mail) => addressOf(mail).includes(`${customerId}@`))).toHaveLength(rows.length)
  return rows.map(({ kind }) => kind)
}

test('a renewal whose charge was not known while its invoice was lowered: it goes back, and what is due is charged', async () => {
  await person('lowered')
  await start(stack, 'lowered', 'premium')
  const { currentPeriodEnd } = await subscriptionOf(stack, 'lowered')
  await breakProvider(stack, { match: 'POST /v1/payment_intents', fault: 'drop_after', times: 3 })
  await breakProvider(stack, { match: 'GET /v1/payment_intents', fault: 'drop_before', times: 1_000 })
  const advance = () => stack.query(`mutation ($to: DateTime!) { advanceClock(to: $to) }`, { to: currentPeriodEnd })
  expect(await faultOf(advance())).toBe('PAYMENT_PROVIDER_UNAVAILABLE')
  await lowerNewest('lowered', '20.00')
  await repairProvider(stack)
  await dataOf(advance())
  await untilAttempts('lowered', '10000 SUCCEEDED', '10000 REFUNDED', '8000 SUCCEEDED')
  expect((await subscriptionOf(stack, 'lowered')).status).toBe('ACTIVE')
  expect(await balanceOf(stack, 'lowered')).toBe('105 of 105, 0 used')
  expect(await mailsTo('lowered')).toEqual(['RECEIPT', 'RECEIPT'])
})

test('a return that a person has made on the provider’s pages meanwhile is done', async () => {
  await signUp(stack, 'by-hand')
  const { id } = await subscriptionOf(stack, 'by-hand')
  const token = tokenOf(await changeRateCard(stack, { subscriptionId: id, rateCard: 'premium', checkout: URLS }))
  const page = await openCardPage(stack, token)
  await cancelNow('by-hand')
  await breakProvider(stack, { match: 'POST /v1/refunds', fault: 'drop_before', times: 6 })
  await typeCard(page, GOOD_CARD)
  await untilAttempts('by-hand', '10000 REFUNDING')
  const [row] = await stack.database.query<{ id: string }>(
    `select provider_payment_id as id from payment where customer_pk = $1`,
    [await keyOf(stack.database, 'by-hand')],
  )
  await repairProvider(stack)
  await stripeAt(stack).refunds.create({ payment_intent: row?.id as string })
  await untilAttempts('by-hand', '10000 REFUNDED')
})

test('a page that is paid after it has expired here brings what was paid for, once, whoever tells', async () => {
  await person('late')
  await signUp(stack, 'late', 'prepaid')
  const token = await openBundleCheckout(stack, 'late')
  const page = await openCardPage(stack, token)
  await stack.database.query(
    `update checkout_session set expires_at = now() - interval '1 minute', created_at = now() - interval '61 minutes'
     where customer_pk = $1`,
    [await keyOf(stack.database, 'late')],
  )
  await typeCard(page, GOOD_CARD)
  await atOnce<unknown>(6, (index) =>
    index % 2 === 0
      ? confirmCheckout(stack, token)
      : deliver(stack, eventOf(`evt_late_${index}`, 'payment_intent.succeeded', referenceOf(token))),
  )
  expect(await confirmCheckout(stack, token)).toMatchObject({ status: 'COMPLETED' })
  await quiet(stack)
  expect(await attempts('late')).toEqual(['1000 SUCCEEDED'])
  expect(await balanceOf(stack, 'late')).toBe('100 of 100, 0 used')
  expect(await mailsTo('late')).toEqual(['RECEIPT'])
})

test('a page that is paid after the customer has subscribed by other means: the page’s money goes back', async () => {
  await person('elsewhere')
  const order = { customerId: 'elsewhere', rateCard: 'premium', checkout: URLS }
  const token = tokenOf(await subscribe(stack, order))
  const page = await openCardPage(stack, token)
  await putCard(stack, 'elsewhere')
  expect((await subscribe(stack, { ...order, rateCard: 'starter' })).__typename).toBe('SubscriptionSuccess')
  await typeCard(page, GOOD_CARD)
  const told = await atOnce(4, () => confirmCheckout(stack, token))
  expect(told.map(({ status }) => status)).toEqual(Array(4).fill('REFUNDED'))
  expect((await attempts('elsewhere')).sort()).toEqual(['10000 REFUNDED', '2000 SUCCEEDED'])
  expect(await balanceOf(stack, 'elsewhere')).toBe('25 of 25, 0 used')
  expect(await mailsTo('elsewhere')).toEqual(['RECEIPT'])
})

test('an attempt with a card that is declined and a page that is paid at the same moment: one receipt, and no word of failure after it', async () => {
  await person('both')
  await start(stack, 'both', 'premium')
  await putOnFile(stack, 'both', 'pm_card_visa_chargeDeclinedInsufficientFunds')
  await advanceToPeriodEnd(stack, 'both')
  const page = await openInvoiceCheckout(stack, (await newestInvoice(stack, 'both')).token)
  await typeCard(await openCardPage(stack, page), GOOD_CARD)
  await Promise.all([advanceBy(stack, DAY), confirmCheckout(stack, page), confirmCheckout(stack, page)])
  await quiet(stack)
  const made = await attempts('both')
  expect(made.filter((one) => one.endsWith('SUCCEEDED'))).toHaveLength(2)
  expect((await subscriptionOf(stack, 'both')).status).toBe('ACTIVE')
  expect(await balanceOf(stack, 'both')).toBe('105 of 105, 0 used')
  const kinds = await mailsTo('both')
  expect(kinds.filter((kind) => kind === 'RECEIPT')).toHaveLength(2)
  // Nobody is told of a failure after the invoice was paid.
  expect(kinds.at(-1)).toBe('RECEIPT')
})

test('what was charged and is not paid for anything went back, and nothing else', async () => {
  const { charged, refunded } = await moneyAt(stack)
  const rows = await stack.database.query<{ status: string; sum: number }>(
    `select status::text, sum(amount_minor)::int8 as sum from payment group by 1`,
  )
  const sumOf = (status: string) => rows.find((row) => row.status === status)?.sum ?? 0
  const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0)
  expect(sum(refunded)).toBe(sumOf('REFUNDED'))
  expect(sum(charged) - sum(refunded)).toBe(sumOf('SUCCEEDED'))
})
