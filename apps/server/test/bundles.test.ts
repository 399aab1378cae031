import { afterAll, beforeAll, expect, it } from 'vitest'
import { atOnce } from './at-once.ts'
import { available, dataOf, faultOf, invoices } from './calls.ts'
import { bills, told } from './living.ts'
import { payCheckout } from './pay-checkout.ts'
import { breakProvider } from './provider.ts'
import { keyOf } from './rows.ts'
import { PURCHASE_BUNDLE, type Sold, tokenOf, URLS } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { attemptsOf, putCard } from './top-ups.ts'
import { publishRateCard, publishWorkedExample, signUp } from './worked-example.ts'

let stack: Stack

// The clocks in New York go forward on 14 March 2027.
const EVE = Date.parse('2027-03-13T17:00:00Z')

beforeAll(async () => {
  stack = await startStack({ clockOffsetMs: EVE - Date.now() })
  await publishWorkedExample(stack)
  const pack = { name: 'A month', creditType: 'credits', credits: '10', price: '3.33' }
  await publishRateCard(stack, {
    code: 'monthly-packs',
    name: 'Packs',
    bundles: [{ ...pack, code: 'month', expiresAfterDays: 30 }],
  })
})
afterAll(() => stack.close())

async function buy(customerId: string, input: object): Promise<Sold> {
  const variables = { input: { customerId, bundle: 'pack-100', checkout: URLS, ...input } }
  return (await dataOf(stack.query<{ purchaseBundle: Sold }>(PURCHASE_BUNDLE, variables))).purchaseBundle
}

it('sells several at once: one payment, one grant, one line', async () => {
  const id = await signUp(stack, 'several', 'prepaid')
  await putCard(stack, id)
  expect(await buy(id, { quantity: 3, idempotencyKey: 'three' })).toMatchObject({
    __typename: 'PurchaseSuccess',
    grant: { amount: '300' },
    invoice: { total: '30.00' },
  })
  expect((await bills(stack, id)).map(told)).toEqual(['30.00 PAID: 100 credits 30.00'])
  expect(await attemptsOf(stack, id)).toEqual(['3000 SUCCEEDED'])
})

it('sells several through a checkout page', async () => {
  const id = await signUp(stack, 'page', 'prepaid')
  const sold = await buy(id, { quantity: 2, idempotencyKey: 'two' })
  expect(await payCheckout(stack, tokenOf(sold))).toMatchObject({ status: 'COMPLETED', invoice: { total: '20.00' } })
  expect(await available(stack, id)).toBe('200')
})

it("ends credits after local days of the customer's, also where the clocks change", async () => {
  const id = await signUp(stack, 'new-york', 'prepaid')
  await dataOf(
    stack.query(`mutation ($id: ID!) { upsertCustomer(input: { id: $id, timezone: "America/New_York" }) { id } }`, {
      id,
    }),
  )
  await putCard(stack, id)
  await buy(id, { bundle: 'month', idempotencyKey: 'month' })
  const [grant] = await stack.database.query<{ effective_at: number; expires_at: number }>(
    `select effective_at, expires_at from "grant" where customer_pk = $1`,
    [await keyOf(stack.database, id)],
  )
  const hours = ((grant?.expires_at ?? 0) - (grant?.effective_at ?? 0)) / 3_600_000
  expect(hours).toBe(30 * 24 - 1)
})

it('P02 a buyer who asks again and again while the provider is slow is charged once', async () => {
  const id = await signUp(stack, 'p02', 'prepaid')
  await putCard(stack, id)
  await breakProvider(stack, { match: 'POST /v1/payment_intents', fault: 'delay', delayMs: 400 })
  const answers = await atOnce(3, () => buy(id, { idempotencyKey: 'attempt' }))
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  expect(await attemptsOf(stack, id)).toEqual(['1000 SUCCEEDED'])
  expect(await available(stack, id)).toBe('100')
  expect(await invoices(stack, id)).toHaveLength(1)
})

it('B04 the same key twice answers the first purchase; another bundle under it is refused', async () => {
  const id = await signUp(stack, 'b04', 'prepaid')
  await putCard(stack, id)
  const first = await buy(id, { idempotencyKey: 'key' })
  expect(await buy(id, { idempotencyKey: 'key' })).toEqual(first)
  const input = { customerId: id, bundle: 'month', checkout: URLS, idempotencyKey: 'key' }
  expect(await faultOf(stack.query(PURCHASE_BUNDLE, { input }))).toBe('IDEMPOTENCY_CONFLICT idempotencyKey')
  expect(await available(stack, id)).toBe('100')
})
