import { afterAll, beforeAll, expect, test } from 'vitest'
import { dataOf, faultOf, upsertCustomer } from './calls.ts'
import { advanceToPeriodEnd, bills, change, live, start, told } from './living.ts'
import { GOOD_CARD, payCheckout } from './pay-checkout.ts'
import { openBundleCheckout, purchaseBundle, subscribe, tokenOf, URLS } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample } from './worked-example.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())

const TAX = `mutation ($id: ID!, $tax: TaxRateInput) { upsertCustomer(input: { id: $id, taxRate: $tax }) { taxRate { name percent mode } } }`

async function taxed(id: string, tax: object): Promise<void> {
  await dataOf(stack.query(TAX, { id, tax }))
}

test('a tax on top is the last line, and is paid with the rest', async () => {
  await taxed('on-top', { name: 'VAT', percent: '19' })
  const token = tokenOf(await subscribe(stack, { customerId: 'on-top', rateCard: 'premium', checkout: URLS }))
  const page = `query ($token: String!) { checkout(token: $token) { taxRate { name mode } dueNow { amount } nextRenewal { amount } lines { description amount } } }`
  const { checkout } = await dataOf(stack.query<{ checkout: object }>(page, { token }, null))
  expect(checkout).toEqual({
    taxRate: { name: 'VAT', mode: 'EXCLUSIVE' },
    dueNow: { amount: '119.00' },
    nextRenewal: { amount: '119.00' },
    lines: [
      { description: 'Premium', amount: '100.00' },
      { description: 'VAT 19 %', amount: '19.00' },
    ],
  })
  await payCheckout(stack, token, GOOD_CARD)
  expect((await bills(stack, 'on-top')).map(told)).toEqual(['119.00 PAID: Premium 100.00, VAT 19 % 19.00'])
  await advanceToPeriodEnd(stack, 'on-top')
  expect((await bills(stack, 'on-top'))[0]).toMatchObject({ total: '119.00', status: 'PAID' })
})

test('a tax within the price leaves the total as it is', async () => {
  await taxed('within', { name: 'IVA', percent: '21', mode: 'INCLUSIVE' })
  await start(stack, 'within', 'premium')
  expect((await bills(stack, 'within')).map(told)).toEqual(['100.00 PAID: Premium 82.64, IVA 21 % 17.36'])
})

test("a customer's own tax comes before the project's; zero percent is exempt", async () => {
  const set = `mutation ($input: TaxRateInput) { setTaxRate(input: $input) { percent } }`
  await dataOf(stack.query(set, { input: { name: 'Sales tax', percent: '8.25' } }))
  await start(stack, 'usual', 'starter')
  await taxed('exempt', { percent: '0' })
  await start(stack, 'exempt', 'starter')
  const { upsertCustomer: again } = await dataOf(
    stack.query<{ upsertCustomer: object }>(TAX, { id: 'exempt', tax: null }),
  )
  expect(again).toEqual({ taxRate: null })
  await dataOf(stack.query(set, { input: null }))
  expect((await bills(stack, 'usual')).map(told)).toEqual(['21.65 PAID: Starter 20.00, Sales tax 8.25 % 1.65'])
  expect((await bills(stack, 'exempt')).map(told)).toEqual(['20.00 PAID: Starter 20.00'])
})

test('a credit note of a taxed invoice and a downgrade after it give back what was paid, to the cent', async () => {
  await taxed('both', { name: 'VAT', percent: '19' })
  await start(stack, 'both', 'premium')
  const document = `mutation ($input: CreditNoteInput!) { createCreditNote(input: $input) { tax } }`
  const invoiceId = (await bills(stack, 'both'))[0]?.id
  const input = { invoiceId, amount: '11.90', reason: 'Sorry', idempotencyKey: 'sorry' }
  expect(await dataOf(stack.query(document, { input }))).toEqual({ createCreditNote: { tax: '1.90' } })
  await change(stack, 'both', 'starter')
  // 119.00 paid, 23.80 due for Starter: the rest is account credit.
  expect((await live(stack, 'both')).accountCredit?.amount).toBe('95.20')
})

test('a bad tax is refused by name', async () => {
  await upsertCustomer(stack, 'bad')
  for (const percent of ['-1', '101', 'many']) {
    expect(await faultOf(stack.query(TAX, { id: 'bad', tax: { percent } }))).toBe('INVALID_INPUT taxRate.percent')
  }
})

test('P28 account credit pays bundles and renewals first, and no payment is asked for what it covers', async () => {
  await start(stack, 'credited', 'premium')
  await change(stack, 'credited', 'starter')
  expect((await live(stack, 'credited')).accountCredit?.amount).toBe('80.00')
  const page = `query ($token: String!) { checkout(token: $token) { dueNow { amount } lines { description amount } } }`
  const token = await openBundleCheckout(stack, 'credited')
  const { checkout } = await dataOf(stack.query<{ checkout: object }>(page, { token }, null))
  expect(checkout).toEqual({
    dueNow: { amount: '0.00' },
    lines: [
      { description: '100 credits', amount: '10.00' },
      { description: 'Account credit', amount: '-10.00' },
    ],
  })
  const bought = await purchaseBundle(stack, 'credited', 'pack')
  expect(bought).toMatchObject({ __typename: 'PurchaseSuccess', grant: { amount: '100' }, invoice: { total: '10.00' } })
  expect((await live(stack, 'credited')).accountCredit?.amount).toBe('70.00')
  await advanceToPeriodEnd(stack, 'credited')
  expect((await live(stack, 'credited')).accountCredit?.amount).toBe('50.00')
})
