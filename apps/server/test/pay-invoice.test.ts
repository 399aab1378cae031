import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from './at-once.ts'
import { available, billingState, customerToken, dataOf, faultOf, recordUsage } from './calls.ts'
import { askPayInvoice, newestInvoice, openInvoiceCheckout } from './invoice-links.ts'
import { advanceBy, advanceToPeriodEnd, balanceOf, DAY, putOnFile, start, subscriptionOf } from './living.ts'
import {
  answerBank,
  CHALLENGED_CARD,
  confirmCheckout,
  GOOD_CARD,
  openCardPage,
  payCheckout,
  typeCard,
} from './pay-checkout.ts'
import { type Stack, startStack } from './stack.ts'
import { watchBillingState } from './watch-billing-state.ts'
import { publishWorkedExample } from './worked-example.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())

const BROKE = 'pm_card_visa_chargeDeclinedInsufficientFunds'
const ASKS_FIRST = 'pm_card_authenticationRequired'

/** A customer whose renewal was not paid, and the token of the invoice that is open since. */
async function fallBehind(customerId: string, card = BROKE): Promise<string> {
  await start(stack, customerId, 'premium')
  await putOnFile(stack, customerId, card)
  await advanceToPeriodEnd(stack, customerId)
  const invoice = await newestInvoice(stack, customerId)
  expect(invoice).toMatchObject({ status: 'OPEN', amountDue: '100.00' })
  return invoice.token
}

const statusOf = async (customerId: string) => (await subscriptionOf(stack, customerId)).status

/** What became of the customer's payments that were not declined: the start, the renewal, and what was given back. */
async function payments(customerId: string): Promise<string[]> {
  const rows = await stack.database.query<{ status: string }>(
    `select p.status::text from payment p join customer c on c.pk = p.customer_pk
     where c.id = $1 and p.status <> 'FAILED' order by p.id`,
    [customerId],
  )
  return rows.map(({ status }) => status)
}

test('paid on its page, the subscription goes on, and no attempt follows', async () => {
  const token = await fallBehind('on-page')
  const checkout = await openInvoiceCheckout(stack, token)
  expect(await payCheckout(stack, checkout, GOOD_CARD)).toMatchObject({
    status: 'COMPLETED',
    invoice: { total: '100.00' },
  })
  expect(await newestInvoice(stack, 'on-page')).toMatchObject({ status: 'PAID', amountDue: '0.00' })
  expect(await statusOf('on-page')).toBe('ACTIVE')
  expect(await balanceOf(stack, 'on-page')).toBe('105 of 105, 0 used')
  await advanceBy(stack, 8 * DAY)
  expect(await payments('on-page')).toEqual(['SUCCEEDED', 'SUCCEEDED'])
})

test('a retry that is paid while the customer types a card: the second payment goes back', async () => {
  const token = await fallBehind('both')
  const checkout = await openInvoiceCheckout(stack, token)
  const cardPage = await openCardPage(stack, checkout)
  await putOnFile(stack, 'both', 'pm_card_visa')
  await advanceBy(stack, DAY)
  expect(await newestInvoice(stack, 'both')).toMatchObject({ status: 'PAID' })
  await typeCard(cardPage, GOOD_CARD)
  expect(await confirmCheckout(stack, checkout)).toMatchObject({ status: 'REFUNDED', failure: { code: 'superseded' } })
  expect(await statusOf('both')).toBe('ACTIVE')
  expect(await balanceOf(stack, 'both')).toBe('105 of 105, 0 used')
  expect(await payments('both')).toEqual(['SUCCEEDED', 'SUCCEEDED', 'REFUNDED'])
})

test('P18 a renewal whose bank wants the customer: a link in every open browser, one charge, and the plan goes on', async () => {
  expect((await billingState(stack, await start(stack, 'asked', 'premium'))).actionUrl).toBeNull()
  const browser = watchBillingState(stack, 'asked', await customerToken(stack, 'asked'))
  await putOnFile(stack, 'asked', ASKS_FIRST)
  await advanceToPeriodEnd(stack, 'asked')
  expect(await statusOf('asked')).toBe('PAST_DUE')
  const { pageUrl, token } = await newestInvoice(stack, 'asked')
  await until(browser.newest, (state) => state?.actionUrl === pageUrl)

  const checkout = await openInvoiceCheckout(stack, token)
  const challenge = await typeCard(await openCardPage(stack, checkout), CHALLENGED_CARD)
  await answerBank(challenge.location as string, 'complete')
  expect(await confirmCheckout(stack, checkout)).toMatchObject({ status: 'COMPLETED' })
  await until(browser.newest, (state) => state?.actionUrl === null)
  browser.close()
  expect(await statusOf('asked')).toBe('ACTIVE')
  expect(await balanceOf(stack, 'asked')).toBe('105 of 105, 0 used')
  expect(await payments('asked')).toEqual(['SUCCEEDED', 'SUCCEEDED'])
})

test('what is owed for a subscription that has ended can be paid, and brings nothing back', async () => {
  await start(stack, 'left', 'premium')
  await recordUsage(stack, [{ customerId: 'left', idempotencyKey: 'all', value: '113' }])
  await putOnFile(stack, 'left', BROKE)
  const { id } = await subscriptionOf(stack, 'left')
  const cancel = `mutation ($id: ID!) { cancelSubscription(input: { subscriptionId: $id, at: NOW }) { status } }`
  await dataOf(stack.query(cancel, { id }))
  const owed = await newestInvoice(stack, 'left')
  expect(owed).toMatchObject({ status: 'OPEN', amountDue: '7.20' })
  await payCheckout(stack, await openInvoiceCheckout(stack, owed.token))
  expect(await newestInvoice(stack, 'left')).toMatchObject({ status: 'PAID' })
  expect((await billingState(stack, 'left')).subscriptions).toEqual([])
  expect(await available(stack, 'left')).toBe('0')
})

test('pressing pay again opens the same checkout, which leads back to the invoice', async () => {
  const token = await fallBehind('twice')
  const { id } = await newestInvoice(stack, 'twice')
  const input = { invoiceId: id, amount: '15.00', reason: 'An hour without service', idempotencyKey: 'sorry' }
  const note = `mutation ($input: CreditNoteInput!) { createCreditNote(input: $input) { number } }`
  await dataOf(stack.query(note, { input }))
  const [one, two] = await Promise.all([openInvoiceCheckout(stack, token), openInvoiceCheckout(stack, token)])
  expect(two).toBe(one)
  const document = `query ($token: String!) { checkout(token: $token) { title successUrl cancelUrl dueNow { amount } lines { description amount } } }`
  const { checkout } = await dataOf(stack.query<{ checkout: object }>(document, { token: one }, null))
  const { number, pageUrl } = await newestInvoice(stack, 'twice')
  expect(checkout).toEqual({
    title: `Invoice ${number}`,
    successUrl: pageUrl,
    cancelUrl: pageUrl,
    dueNow: { amount: '85.00' },
    lines: [
      { description: 'Premium', amount: '100.00' },
      { description: 'Credit notes', amount: '-15.00' },
    ],
  })
})

test('an invoice that is paid or uncollectible is CONFLICT, an unknown one NOT_FOUND', async () => {
  const token = await fallBehind('gives-up')
  await advanceBy(stack, 7 * DAY)
  expect(await newestInvoice(stack, 'gives-up')).toMatchObject({ status: 'UNCOLLECTIBLE' })
  expect(await faultOf(askPayInvoice(stack, token))).toBe('CONFLICT')
  await start(stack, 'paid-up', 'starter')
  const paid = await newestInvoice(stack, 'paid-up')
  expect(await faultOf(askPayInvoice(stack, paid.token))).toBe('CONFLICT')
  expect(await faultOf(askPayInvoice(stack, `${paid.token.slice(0, -1)}-`))).toBe('NOT_FOUND token')
})
