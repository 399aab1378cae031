import { afterAll, beforeAll, expect, test } from 'vitest'
import { atOnce, inTurn, tally } from './at-once.ts'
import { customerToken, dataOf, faultOf, grantCredits, voidUsage } from './calls.ts'
import { captureHold, createHold, releaseHold } from './holding.ts'
import { bills, start } from './living.ts'
import {
  askRefundPayment,
  buy,
  buyer,
  creditsOf,
  entriesOf,
  newestPayment,
  payments,
  refund,
  refundsAt,
  spend,
  textsOf,
} from './refunding.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())

test('R01 a refund of 1,000 credits of which 50 were spent takes 950 back; the next top-up settles the other 50', async () => {
  const customerId = await buyer(stack, 'r01', { spent: '50' })
  expect(await refund(stack, customerId, 'back')).toMatchObject({ status: 'SUCCEEDED', amount: '100.00' })
  expect(await creditsOf(stack, customerId)).toBe('0 of 50, 50 used, 50 owed')
  expect(await entriesOf(stack, customerId, 1)).toEqual(['VOID -950'])
  expect(await newestPayment(stack, customerId)).toMatchObject({
    status: 'REFUNDED',
    refunded: '100.00',
    refundable: '0.00',
    purpose: '10 × 100 credits',
    grant: { remaining: '0', owed: '50' },
  })
  await buy(stack, customerId, { packs: 10, key: 'again' })
  expect(await creditsOf(stack, customerId)).toBe('950 of 1000, 50 used')
  expect(await entriesOf(stack, customerId, 2)).toEqual(['GRANT 1000', 'DRAW -50'])
  expect(await textsOf(stack, customerId, 3)).toEqual([
    'Refunded: 950 for 100.00 of 100.00 USD',
    'Granted: 10 × 100 credits',
    'Settles the debt of a refunded payment',
  ])
})

test('a top-up smaller than the debt settles a part of it, and the next one the rest', async () => {
  const customerId = await buyer(stack, 'slowly', { packs: 3, spent: '250' })
  await refund(stack, customerId, 'back')
  expect(await creditsOf(stack, customerId)).toBe('0 of 250, 250 used, 250 owed')
  await buy(stack, customerId, { key: 'second' })
  expect(await creditsOf(stack, customerId)).toBe('0 of 250, 250 used, 150 owed')
  await grantCredits(stack, { customerId, amount: '30', idempotencyKey: 'gift' })
  expect(await creditsOf(stack, customerId)).toBe('30 of 280, 250 used, 150 owed')
  await buy(stack, customerId, { packs: 2, key: 'third' })
  expect(await creditsOf(stack, customerId)).toBe('80 of 230, 150 used')
})

test('R03 two refunds of 80 of a payment of 100 at once: one succeeds, the other says what is left', async () => {
  const customerId = await buyer(stack, 'r03')
  const { id: paymentId } = await newestPayment(stack, customerId)
  const answers = await atOnce(2, (index) =>
    askRefundPayment(stack, { paymentId, amount: '80.00', idempotencyKey: `r03-${index}` }),
  )
  const told = answers.map(({ data, errors }) => data?.refundPayment.status ?? errors[0]?.extensions.code ?? 'nothing')
  expect(tally(told)).toEqual({ SUCCEEDED: 1, INVALID_INPUT: 1 })
  expect(await refundsAt(stack, customerId)).toEqual([8_000])
  expect(await creditsOf(stack, customerId)).toBe('200 of 200, 0 used')
  expect(await newestPayment(stack, customerId)).toMatchObject({ status: 'PARTIALLY_REFUNDED', refundable: '20.00' })
})

test('R03 twenty refunds of 7.00 at once never pass the 100.00 that were paid', async () => {
  const customerId = await buyer(stack, 'r03-many')
  const { id: paymentId } = await newestPayment(stack, customerId)
  await atOnce(20, (index) => askRefundPayment(stack, { paymentId, amount: '7', idempotencyKey: `r03-${index}` }))
  expect(await refundsAt(stack, customerId)).toEqual(Array(14).fill(700))
  expect(await creditsOf(stack, customerId)).toBe('20 of 20, 0 used')
})

test.each(['0', '-1.00', '1.001', '100.01', 'all'])('%s is no amount of a payment of 100.00', async (amount) => {
  const customerId = await signUp(stack, `amount${amount.length}${amount.charCodeAt(0)}`, 'prepaid')
  await buy(stack, customerId, { packs: 10 })
  const { id: paymentId } = await newestPayment(stack, customerId)
  const refused = askRefundPayment(stack, { paymentId, amount, idempotencyKey: 'bad' })
  expect(await faultOf(refused)).toMatch(/^INVALID_INPUT/)
  expect(await refundsAt(stack, customerId)).toEqual([])
})

test('R09 an invoice whose payment was refunded in full does not look paid', async () => {
  const customerId = await start(stack, 'r09', 'premium')
  expect(await invoiceOf(customerId)).toMatchObject({ status: 'PAID', paid: '100.00', amountRefunded: '0.00' })
  await refund(stack, customerId, 'a', '30.00')
  expect(await invoiceOf(customerId)).toMatchObject({ amountRefunded: '30.00', amountDue: '0.00' })
  await refund(stack, customerId, 'b')
  expect(await invoiceOf(customerId)).toMatchObject({ paid: '100.00', amountRefunded: '100.00' })
  expect(await newestPayment(stack, customerId)).toMatchObject({ status: 'REFUNDED', grant: null })
  expect(await creditsOf(stack, customerId)).toBe('105 of 105, 0 used')
  const { pageUrl } = await invoiceOf(customerId)
  expect((await fetch(`${pageUrl}.pdf`)).status).toBe(200)
})

test('what a credit note gave back is not refunded as well, and what was refunded is not credited', async () => {
  const note = `mutation ($input: CreditNoteInput!) { createCreditNote(input: $input) { amount } }`
  const noting = (input: object) =>
    stack.query<{ createCreditNote: object }>(note, { input: { reason: 'Sorry', ...input } })
  const customerId = await start(stack, 'once', 'premium')
  const { id: paymentId, invoiceId } = await newestPayment(stack, customerId)
  await dataOf(noting({ invoiceId, amount: '30.00', idempotencyKey: 'a' }))
  expect(await newestPayment(stack, customerId)).toMatchObject({ refundable: '70.00' })
  const more = askRefundPayment(stack, { paymentId, amount: '70.01', idempotencyKey: 'more' })
  expect(await faultOf(more)).toBe('INVALID_INPUT amount')
  await refund(stack, customerId, 'b', '50.00')
  expect(await faultOf(noting({ invoiceId, amount: '20.01', idempotencyKey: 'c' }))).toBe('INVALID_INPUT amount')
  expect(await dataOf(noting({ invoiceId, idempotencyKey: 'd' }))).toEqual({ createCreditNote: { amount: '20.00' } })
  expect(await newestPayment(stack, customerId)).toMatchObject({ refundable: '0.00' })
  const none = askRefundPayment(stack, { paymentId, idempotencyKey: 'none' })
  expect(await faultOf(none)).toBe('CONFLICT paymentId')
})

test('a credit note and a refund at once give no more back than was paid', async () => {
  const note = `mutation ($input: CreditNoteInput!) { createCreditNote(input: $input) { amount } }`
  const customerId = await start(stack, 'raced', 'premium')
  const { id: paymentId, invoiceId } = await newestPayment(stack, customerId)
  const answers = await Promise.all([
    stack.query(note, { input: { invoiceId, amount: '80.00', reason: 'Twice', idempotencyKey: 'n' } }),
    askRefundPayment(stack, { paymentId, amount: '80.00', idempotencyKey: 'r' }),
  ])
  expect(answers.filter(({ errors }) => errors.length === 0)).toHaveLength(1)
})

async function invoiceOf(customerId: string): Promise<{ pageUrl: string }> {
  const document = `query ($id: ID!) { invoices(customerId: $id, first: 1) { nodes {
    status total paid amountDue amountRefunded pageUrl } } }`
  const answer = stack.query<{ invoices: { nodes: { pageUrl: string }[] } }>(document, { id: customerId })
  return (await dataOf(answer)).invoices.nodes[0] as { pageUrl: string }
}

test('R10 100 paid and 50 promotional, 60 spent promotional first: a full refund takes 90, and 10 are owed', async () => {
  const customerId = await signUp(stack, 'r10', 'prepaid')
  await grantCredits(stack, { customerId, amount: '50', idempotencyKey: 'promo', priority: 1 })
  await buy(stack, customerId)
  await spend(stack, customerId, '60')
  await refund(stack, customerId, 'back')
  expect(await creditsOf(stack, customerId)).toBe('0 of 10, 10 used, 10 owed')
  expect(await entriesOf(stack, customerId, 1)).toEqual(['VOID -90'])
})

test('R10 promotional credits that are left stay when the payment goes back', async () => {
  const customerId = await signUp(stack, 'r10-kept', 'prepaid')
  await buy(stack, customerId)
  await grantCredits(stack, { customerId, amount: '50', idempotencyKey: 'promo' })
  await spend(stack, customerId, '60')
  await refund(stack, customerId, 'back')
  expect(await creditsOf(stack, customerId)).toBe('50 of 110, 60 used, 60 owed')
})

test('what account credit paid for stays: the payment alone goes back, and the credits that it had bought', async () => {
  const customerId = await signUp(stack, 'credit', 'prepaid')
  await buy(stack, customerId, { packs: 4, key: 'first' })
  const invoiceId = (await bills(stack, customerId))[0]?.id
  const note = `mutation ($input: CreditNoteInput!) { createCreditNote(input: $input) { id } }`
  const input = { invoiceId, amount: '4.00', reason: 'Sorry', idempotencyKey: 'note' }
  await dataOf(stack.query(note, { input }))
  await spend(stack, customerId, '400')
  await buy(stack, customerId, { key: 'second' })
  expect(await newestPayment(stack, customerId)).toMatchObject({ amount: '6.00' })
  await refund(stack, customerId, 'back')
  expect(await creditsOf(stack, customerId)).toBe('40 of 40, 0 used')
})

test('parts of a refund are counted from their sum: thirds of 100 credits leave nothing and take no more', async () => {
  const customerId = await buyer(stack, 'thirds', { packs: 1 })
  await refund(stack, customerId, 'a', '3.33')
  expect(await creditsOf(stack, customerId)).toBe('66.7 of 66.7, 0 used')
  await spend(stack, customerId, '50.000000001')
  await refund(stack, customerId, 'b', '3.33')
  expect(await creditsOf(stack, customerId)).toBe('0 of 50.000000001, 50.000000001 used, 16.600000001 owed')
  await refund(stack, customerId, 'c')
  expect(await creditsOf(stack, customerId)).toBe('0 of 50.000000001, 50.000000001 used, 50.000000001 owed')
  expect(await refundsAt(stack, customerId)).toEqual([334, 333, 333])
})

test('usage that is voided after the refund settles the debt first', async () => {
  const customerId = await buyer(stack, 'undone', { packs: 1, spent: '60' })
  await refund(stack, customerId, 'back', '5.00')
  expect(await creditsOf(stack, customerId)).toBe('0 of 60, 60 used, 10 owed')
  await voidUsage(stack, customerId, 'spent')
  expect(await creditsOf(stack, customerId)).toBe('50 of 50, 0 used')
  expect(await textsOf(stack, customerId, 2)).toEqual([
    'Given back: 60 × character_generation',
    'Taken back: it was refunded while it was in use',
  ])
})

test('credits that are held count as spent: what a hold gives back later settles the debt, what it uses stays owed', async () => {
  const customerId = await buyer(stack, 'holds', { packs: 1 })
  const given = await createHold(stack, { customerId, quantity: '30', idempotencyKey: 'given back' })
  const used = await createHold(stack, { customerId, quantity: '20', idempotencyKey: 'used' })
  await refund(stack, customerId, 'back')
  expect(await creditsOf(stack, customerId)).toBe('0 of 50, 0 used, 50 held, 50 owed')
  await releaseHold(stack, given.hold?.id as string)
  expect(await creditsOf(stack, customerId)).toBe('0 of 20, 0 used, 20 held, 20 owed')
  await captureHold(stack, used.hold?.id as string, '15')
  expect(await creditsOf(stack, customerId)).toBe('0 of 15, 15 used, 15 owed')
  await buy(stack, customerId, { key: 'again' })
  expect(await creditsOf(stack, customerId)).toBe('85 of 100, 15 used')
})

test('a voided grant: what the operator took counts for the refund, and only what was drawn is a debt', async () => {
  const customerId = await buyer(stack, 'voided', { packs: 1, spent: '30' })
  const { grant } = await newestPayment(stack, customerId)
  const document = `mutation ($id: ID!) { voidGrant(grantId: $id, idempotencyKey: "void") { remaining } }`
  await dataOf(stack.query(document, { id: grant?.id }))
  expect(await creditsOf(stack, customerId)).toBe('0 of 0, 0 used')
  await refund(stack, customerId, 'unspent', '7.00')
  expect(await creditsOf(stack, customerId)).toBe('0 of 0, 0 used')
  await refund(stack, customerId, 'rest')
  expect((await newestPayment(stack, customerId)).grant).toMatchObject({ remaining: '0', owed: '30' })
  const again = stack.query(document.replace('"void"', '"again"'), { id: grant?.id })
  expect(await faultOf(again)).toBe('CONFLICT grantId')
})

test('a customer sees their own payments, in pages, and can refund none', async () => {
  const customerId = await buyer(stack, 'sees', { packs: 1 })
  await inTurn(2, (index) => buy(stack, customerId, { key: `more-${index}` }))
  const token = await customerToken(stack, customerId)
  expect(await payments(stack, customerId, token)).toHaveLength(3)
  const document = `query ($id: ID!, $after: String) { payments(customerId: $id, first: 2, after: $after) {
    nodes { id } pageInfo { endCursor hasNextPage } } }`
  const page = async (after: string | null) =>
    (
      await dataOf(
        stack.query<{ payments: { nodes: object[]; pageInfo: { endCursor: string; hasNextPage: boolean } } }>(
          document,
          { id: customerId, after },
          token,
        ),
      )
    ).payments
  const first = await page(null)
  expect([first.nodes.length, first.pageInfo.hasNextPage]).toEqual([2, true])
  expect(await page(first.pageInfo.endCursor)).toMatchObject({ nodes: [{}], pageInfo: { hasNextPage: false } })
  const { id } = await newestPayment(stack, customerId)
  const attack = `mutation { refundPayment(input: { paymentId: "${id}", idempotencyKey: "mine" }) { id } }`
  expect(await faultOf(stack.query(attack, {}, token))).toBe('FORBIDDEN')
})
