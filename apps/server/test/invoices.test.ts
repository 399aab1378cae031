import { afterAll, beforeAll, expect, test } from 'vitest'
import { dataOf, faultOf, recordUsage } from './calls.ts'
import {
  advanceBy,
  advanceToPeriodEnd,
  balanceOf,
  bills,
  change,
  DAY,
  live,
  putOnFile,
  start,
  subscriptionOf,
} from './living.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample } from './worked-example.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())

const CREDIT = `mutation ($input: CreditNoteInput!) { createCreditNote(input: $input) { number amount tax reason } }`
const VOID = `mutation ($id: ID!) { voidInvoice(invoiceId: $id) { status amountDue } }`
const GIVE_UP = `mutation ($id: ID!) { markInvoiceUncollectible(invoiceId: $id) { status amountDue } }`

interface Note {
  readonly number: string
  readonly amount: string
}

const note = async (input: object) =>
  (await dataOf(stack.query<{ createCreditNote: Note }>(CREDIT, { input }))).createCreditNote

/** A customer of Premium whose renewal is declined: its invoice is open. */
async function declined(
  customerId: string,
  beforehand: (id: string) => Promise<unknown> = async () => {},
): Promise<string> {
  await start(stack, customerId, 'premium')
  await beforehand(customerId)
  await putOnFile(stack, customerId, 'pm_card_visa_chargeDeclinedInsufficientFunds')
  await advanceToPeriodEnd(stack, customerId)
  const [bill] = await bills(stack, customerId)
  expect(bill).toMatchObject({ status: 'OPEN' })
  return bill?.id as string
}

test('a credit note on a paid invoice is account credit, once for its key, and never more than the invoice', async () => {
  await start(stack, 'noted', 'premium')
  const invoiceId = (await bills(stack, 'noted'))[0]?.id
  const input = { invoiceId, amount: '30.00', reason: 'The service was down', idempotencyKey: 'down' }
  const first = await note(input)
  expect(first).toEqual({ number: 'CN-000001', amount: '30.00', tax: '0.00', reason: 'The service was down' })
  expect(await note(input)).toEqual(first)
  expect((await live(stack, 'noted')).accountCredit?.amount).toBe('30.00')
  expect(await faultOf(stack.query(CREDIT, { input: { ...input, amount: '70.01', idempotencyKey: 'more' } }))).toBe(
    'INVALID_INPUT amount',
  )
  expect(await note({ invoiceId, reason: 'All of it', idempotencyKey: 'rest' })).toMatchObject({
    number: 'CN-000002',
    amount: '70.00',
  })
  expect(await faultOf(stack.query(CREDIT, { input: { ...input, idempotencyKey: 'none left' } }))).toBe(
    'CONFLICT invoiceId',
  )
})

test('R03 two notes at once of 80 over 100: one of them', async () => {
  await start(stack, 'r03', 'premium')
  const invoiceId = (await bills(stack, 'r03'))[0]?.id
  const answers = await Promise.all(
    ['a', 'b'].map((idempotencyKey) =>
      stack.query(CREDIT, { input: { invoiceId, amount: '80.00', reason: 'Twice', idempotencyKey } }),
    ),
  )
  expect(answers.filter(({ errors }) => errors.length === 0)).toHaveLength(1)
  expect((await live(stack, 'r03')).accountCredit?.amount).toBe('80.00')
})

test('a credit note over all that is due settles the renewal, and its allowance comes', async () => {
  const invoiceId = await declined('forgiven')
  expect(await subscriptionOf(stack, 'forgiven')).toMatchObject({ status: 'PAST_DUE' })
  await note({ invoiceId, amount: '40.00', reason: 'A part', idempotencyKey: 'part' })
  expect((await bills(stack, 'forgiven'))[0]).toMatchObject({ status: 'OPEN', amountDue: '60.00' })
  await note({ invoiceId, reason: 'The rest', idempotencyKey: 'rest' })
  expect((await bills(stack, 'forgiven'))[0]).toMatchObject({ status: 'PAID', amountDue: '0.00' })
  expect(await subscriptionOf(stack, 'forgiven')).toMatchObject({ status: 'ACTIVE' })
  expect(await balanceOf(stack, 'forgiven')).toBe('105 of 105, 0 used')
})

test('R07 a voided invoice gives back the account credit that it used, and nobody collects it', async () => {
  // A downgrade and an upgrade leave credit that the declined renewal uses.
  const invoiceId = await declined('voided', async (id) => {
    const paid = (await bills(stack, id))[0]?.id
    await note({ invoiceId: paid, amount: '40.00', reason: 'Credit', idempotencyKey: id })
  })
  expect((await bills(stack, 'voided'))[0]).toMatchObject({ total: '100.00', amountDue: '60.00' })
  expect((await live(stack, 'voided')).accountCredit).toBeNull()
  const { voidInvoice } = await dataOf(stack.query<{ voidInvoice: object }>(VOID, { id: invoiceId }))
  expect(voidInvoice).toEqual({ status: 'VOID', amountDue: '0.00' })
  expect((await live(stack, 'voided')).accountCredit?.amount).toBe('40.00')
  expect(await subscriptionOf(stack, 'voided')).toMatchObject({ status: 'ACTIVE' })
  expect(await balanceOf(stack, 'voided')).toBe('0 of 0, 0 used')
  await advanceBy(stack, 8 * DAY)
  expect(await subscriptionOf(stack, 'voided')).toMatchObject({ status: 'ACTIVE' })
  expect(await faultOf(stack.query(GIVE_UP, { id: invoiceId }))).toBe('CONFLICT invoiceId')
})

test('an uncollectible invoice still says what is owed', async () => {
  const invoiceId = await declined('owes')
  const { markInvoiceUncollectible } = await dataOf(
    stack.query<{ markInvoiceUncollectible: object }>(GIVE_UP, { id: invoiceId }),
  )
  expect(markInvoiceUncollectible).toEqual({ status: 'UNCOLLECTIBLE', amountDue: '100.00' })
})

test('a paid invoice is not voided, and the remedy is named', async () => {
  await start(stack, 'paid', 'premium')
  const id = (await bills(stack, 'paid'))[0]?.id
  const { errors } = await stack.query(VOID, { id })
  expect(errors[0]?.message).toContain('credit note')
})

test('an invoice that comes to nothing is issued, because something was bought', async () => {
  await start(stack, 'nothing', 'premium')
  await change(stack, 'nothing', 'starter')
  await change(stack, 'nothing', 'premium')
  const totals = (await bills(stack, 'nothing')).map(
    ({ total, amountDue, status }) => `${total} ${amountDue} ${status}`,
  )
  expect(totals).toEqual(['80.00 0.00 PAID', '-80.00 0.00 PAID', '100.00 0.00 PAID'])
  await recordUsage(stack, [{ customerId: 'nothing', idempotencyKey: 'some', value: '1' }])
})
