import { afterAll, beforeAll, expect, test } from 'vitest'
import { atOnce } from './at-once.ts'
import { customerToken, dataOf, faultOf, recordUsage, upsertCustomer } from './calls.ts'
import { newestInvoice, openInvoiceCheckout } from './invoice-links.ts'
import { advanceToPeriodEnd, putOnFile, start, subscriptionOf } from './living.ts'
import { askPayCheckout, type Choice, confirmCheckout, openCardPage, typeCard } from './pay-checkout.ts'
import { methodsOf, namesOf } from './paying-methods.ts'
import { openBundleCheckout } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { setAutoTopUp, toppedUp } from './top-ups.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

// An invoice's link lives long and is passed on, to somebody in accounting or to anybody else. What may who has it do?

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())

const BROKE = 'pm_card_visa_chargeDeclinedInsufficientFunds'
const OTHER_CARD = '5555555555554444'

/** A customer whose renewal was declined: the token of the invoice, and by now the card on file is good again. */
async function fallBehind(customerId: string): Promise<string> {
  await start(stack, customerId, 'premium')
  await putOnFile(stack, customerId, BROKE)
  await advanceToPeriodEnd(stack, customerId)
  await putOnFile(stack, customerId, 'pm_card_visa')
  return (await newestInvoice(stack, customerId)).token
}

/** A customer who left, and owes overage: no further attempt is made by itself. */
async function leaveOwing(customerId: string): Promise<string> {
  await start(stack, customerId, 'premium')
  await recordUsage(stack, [{ customerId, idempotencyKey: 'all', value: '113' }])
  await putOnFile(stack, customerId, BROKE)
  const { id } = await subscriptionOf(stack, customerId)
  const cancel = `mutation ($id: ID!) { cancelSubscription(input: { subscriptionId: $id, at: NOW }) { status } }`
  await dataOf(stack.query(cancel, { id }))
  return (await newestInvoice(stack, customerId)).token
}

interface Page {
  readonly status: string
  readonly paymentMethod: { readonly last4: string } | null
  readonly saveMethod: boolean | null
}

async function pageOf(token: string): Promise<Page> {
  const document = `query ($token: String!) { checkout(token: $token) { status paymentMethod { last4 } saveMethod } }`
  return (await dataOf(stack.query<{ checkout: Page }>(document, { token }, null))).checkout
}

const cardsOf = async (customerId: string) => namesOf(await methodsOf(stack, customerId))

/** Pays with another card than the one on file. */
async function payWithOther(token: string, choice: Choice = {}): Promise<void> {
  await typeCard(await openCardPage(stack, token, choice), OTHER_CARD)
  expect(await confirmCheckout(stack, token)).toMatchObject({ status: 'COMPLETED' })
}

test('who has the link alone is not told of the method on file, and charges a new one only', async () => {
  const token = await openInvoiceCheckout(stack, await fallBehind('linked'))
  expect(await pageOf(token)).toEqual({ status: 'OPEN', paymentMethod: null, saveMethod: true })
  expect(await faultOf(askPayCheckout(stack, token, { method: 'CARD_ON_FILE' }))).toBe('FORBIDDEN method')
  expect(await newestInvoice(stack, 'linked')).toMatchObject({ status: 'OPEN' })
  await payWithOther(token)
  expect(await newestInvoice(stack, 'linked')).toMatchObject({ status: 'PAID' })
})

test.each([
  ['left as the page proposes it, since the next attempt would fail again', 'proposed', {}, '4444 default, 4242'],
  ['which the payer agrees to', 'agreed', { saveMethod: true }, '4444 default, 4242'],
  ['which the payer does not want', 'declined', { saveMethod: false }, '4242 default'],
])('a past due invoice proposes to keep the card: %s', async (_, customerId, choice, cards) => {
  const token = await openInvoiceCheckout(stack, await fallBehind(customerId))
  await payWithOther(token, choice)
  expect(await cardsOf(customerId)).toBe(cards)
  expect((await subscriptionOf(stack, customerId)).status).toBe('ACTIVE')
})

test.each([
  ['nobody keeps it', 'owes', {}, '4242 default'],
  ['who pays may keep it', 'owes-and-keeps', { saveMethod: true }, '4444 default, 4242'],
])('the card that pays an invoice of nobody who is past due: %s', async (_, customerId, choice, cards) => {
  const token = await openInvoiceCheckout(stack, await leaveOwing(customerId))
  expect(await pageOf(token)).toMatchObject({ saveMethod: false })
  await payWithOther(token, choice)
  expect(await cardsOf(customerId)).toBe(cards)
})

test('the customer, by their own token, pays with the method on file; nobody else does', async () => {
  const invoice = await fallBehind('owner')
  const [own, others] = [await customerToken(stack, 'owner'), await customerToken(stack, await signUp(stack, 'other'))]
  const { secretKey } = await stack.addProject('SANDBOX')
  const byLink = await openInvoiceCheckout(stack, invoice)
  for (const stranger of [others, `${own}x`, `Bearer ${secretKey}`]) {
    expect(await openInvoiceCheckout(stack, invoice, stranger)).toBe(byLink)
  }
  const token = await openInvoiceCheckout(stack, invoice, own)
  expect(token).not.toBe(byLink)
  expect(await pageOf(token)).toEqual({ status: 'OPEN', paymentMethod: { last4: '4242' }, saveMethod: true })
  const step = await dataOf(askPayCheckout(stack, token, { method: 'CARD_ON_FILE' }))
  expect(step).toMatchObject({ payCheckout: { __typename: 'CheckoutDone' } })
  expect(await newestInvoice(stack, 'owner')).toMatchObject({ status: 'PAID' })
})

test('so does the backend, which may charge it anyway', async () => {
  const token = await openInvoiceCheckout(stack, await fallBehind('backed'), `Bearer ${stack.secretKey}`)
  expect(await pageOf(token)).toMatchObject({ paymentMethod: { last4: '4242' } })
})

test('whoever thinks twice about the card has one card page, which does as they said last', async () => {
  const token = await openInvoiceCheckout(stack, await fallBehind('thinks'))
  const first = await openCardPage(stack, token, { saveMethod: true })
  const second = await openCardPage(stack, token, { saveMethod: false })
  expect((await typeCard(first, OTHER_CARD)).status).toBe(410)
  expect(await pageOf(token)).toMatchObject({ saveMethod: false })
  expect(await openCardPage(stack, token)).toBe(second)
  await typeCard(second, OTHER_CARD)
  expect(await confirmCheckout(stack, token)).toMatchObject({ status: 'COMPLETED' })
  expect(await cardsOf('thinks')).toBe('4242 default')
})

test('two tabs that say otherwise at once: one page can be paid, and the card is kept as it said', async () => {
  const token = await openInvoiceCheckout(stack, await fallBehind('tabs'))
  const answers = await atOnce(2, (index) => askPayCheckout(stack, token, { saveMethod: index === 0 }))
  const pages = answers.flatMap(({ data }) => data?.payCheckout.url ?? [])
  expect(pages.length).toBeGreaterThan(0)
  const typed = []
  for (const page of pages) typed.push((await typeCard(page, OTHER_CARD)).status)
  expect(typed.filter((status) => status !== 410)).toHaveLength(1)
  expect(await confirmCheckout(stack, token)).toMatchObject({ status: 'COMPLETED' })
  const { saveMethod } = await pageOf(token)
  expect(await cardsOf('tabs')).toBe(saveMethod ? '4444 default, 4242' : '4242 default')
})

test('what is bought keeps what pays for it: there is no choice to make', async () => {
  const token = await openBundleCheckout(stack, await signUp(stack, 'buys'))
  expect(await pageOf(token)).toMatchObject({ saveMethod: null })
  expect(await faultOf(askPayCheckout(stack, token, { saveMethod: false }))).toBe('INVALID_INPUT saveMethod')
})

test('the link of a top-up that failed is mailed as well, and charges a new card only', async () => {
  const customerId = await upsertCustomer(stack, 'tops-up')
  await signUp(stack, customerId)
  await setAutoTopUp(stack, customerId, { bundle: 'pack-100' })
  const { actionUrl } = await toppedUp(stack, customerId)
  const response = await fetch(actionUrl as string, { redirect: 'manual' })
  const token = response.headers.get('location')?.split('/').at(-1) as string
  expect(await pageOf(token)).toEqual({ status: 'OPEN', paymentMethod: null, saveMethod: true })
  expect(await faultOf(askPayCheckout(stack, token, { method: 'CARD_ON_FILE' }))).toBe('FORBIDDEN method')
  await payWithOther(token, { saveMethod: false })
  expect(await cardsOf(customerId)).toBe('')
})
