import { afterAll, beforeAll, expect, test } from 'vitest'
import { dataOf } from './calls.ts'
import { advanceToPeriodEnd, bills, DAY, live, putOnFile, start, subscriptionOf } from './living.ts'
import { moneyAt } from './provider.ts'
import { CHANGE_RATE_CARD } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample } from './worked-example.ts'

// Several hands at one subscription at once. Whoever wins, money is taken once, and what can't be done goes back.

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())

const CANCEL = `mutation ($id: ID!) { cancelSubscription(input: { subscriptionId: $id, at: NOW }) { status } }`
const ADVANCE = `mutation ($to: DateTime!) { advanceClock(to: $to) }`
const VOID = `mutation ($id: ID!) { voidInvoice(invoiceId: $id) { status } }`
const NOTE = `mutation ($input: CreditNoteInput!) { createCreditNote(input: $input) { number } }`

const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0)

/** What the provider has of all customers, and what their invoices say was paid, in cents. */
async function expectMoneyToAgree(): Promise<void> {
  const { charged, refunded } = await moneyAt(stack)
  const [row] = await stack.database.query<{ paid: number }>(`select sum(paid_minor)::int as paid from invoice`)
  expect(sum(charged) - sum(refunded)).toBe(row?.paid)
}

test('upgrades, a downgrade and a cancellation at once end in one of them, and the rest is paid back', async () => {
  for (const customerId of ['race-1', 'race-2', 'race-3']) {
    await start(stack, customerId, 'starter')
    const { id } = await subscriptionOf(stack, customerId)
    const ask = (input: object) => stack.query(CHANGE_RATE_CARD, { input: { subscriptionId: id, ...input } })
    const answers = await Promise.all([
      ask({ rateCard: 'premium' }),
      ask({ rateCard: 'free' }),
      ask({ rateCard: 'premium', behavior: 'PRORATE' }),
      stack.query(CANCEL, { id }),
    ])
    const codes = answers.flatMap(({ errors }) => errors.map(({ extensions }) => extensions.code))
    expect(codes.filter((code) => code !== 'CONFLICT')).toEqual([])
    const { accountCredit, subscriptions } = await live(stack, customerId)
    expect(subscriptions).toEqual([])
    expect(Number(accountCredit?.amount ?? 0)).toBeLessThanOrEqual(20)
  }
  await expectMoneyToAgree()
})

test('a retry, a second clock, a void and two credit notes at once settle an open invoice one way', async () => {
  for (const customerId of ['open-1', 'open-2', 'open-3']) {
    await start(stack, customerId, 'premium')
    await putOnFile(stack, customerId, 'pm_card_visa_chargeDeclinedInsufficientFunds')
    await advanceToPeriodEnd(stack, customerId)
    await putOnFile(stack, customerId, 'pm_card_visa')
    const id = (await bills(stack, customerId))[0]?.id
    const { clock } = await dataOf(stack.query<{ clock: string }>(`{ clock }`))
    const to = new Date(Date.parse(clock) + DAY + 60_000).toISOString()
    const note = (idempotencyKey: string) =>
      stack.query(NOTE, { input: { invoiceId: id, amount: '60.00', reason: 'Late', idempotencyKey } })
    const answers = await Promise.all([
      stack.query(ADVANCE, { to }),
      stack.query(ADVANCE, { to }),
      stack.query(VOID, { id }),
      note('a'),
      note('b'),
    ])
    const codes = answers.flatMap(({ errors }) => errors.map(({ extensions }) => extensions.code))
    expect(codes).not.toContain('INTERNAL')
    const [bill] = await bills(stack, customerId)
    expect(bill).toMatchObject({ status: expect.stringMatching(/PAID|VOID/), amountDue: '0.00' })
    const [balance] = (await live(stack, customerId)).balances
    expect(balance?.available).toBe(bill?.status === 'PAID' ? '105' : '0')
  }
  await expectMoneyToAgree()
})
