import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from './at-once.ts'
import { upsertCustomer } from './calls.ts'
import { askPayCheckout, GOOD_CARD, type Step, typeCard } from './pay-checkout.ts'
import { addMethod } from './paying-methods.ts'
import { moneyAt, referenceOf } from './provider.ts'
import { openBundleCheckout } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample } from './worked-example.ts'

// Two ways to pay at once, in an order that is made sure of.

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  await upsertCustomer(stack, 'ada')
  await addMethod(stack, 'ada')
})
afterAll(() => stack.close())

const ON_FILE = `mutation ($token: String!) { payCheckout(token: $token, method: CARD_ON_FILE) { __typename } }`

const waiting = (count: number) =>
  until(
    () =>
      stack.database.query(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      ),
    (rows) => rows.length === count,
  )

test('no card page opens beside a charge of the card on file that was a moment earlier', async () => {
  const token = await openBundleCheckout(stack, 'ada')
  const { onFile, page } = await stack.database.transaction(async (tx) => {
    await tx.query(`select 1 from checkout_session where id = $1 for update`, [referenceOf(token)])
    const onFile = stack.query<{ payCheckout: Step }>(ON_FILE, { token }, null)
    await waiting(1)
    const page = askPayCheckout(stack, token)
    await waiting(2)
    return { onFile: [onFile], page: [page] }
  })
  const [[charged], [opened]] = [await Promise.all(onFile), await Promise.all(page)]
  expect(charged?.data?.payCheckout.__typename).toBe('CheckoutDone')
  const url = opened?.data?.payCheckout?.url
  if (url) await typeCard(url, GOOD_CARD)
  expect(url).toBeUndefined()
  expect(await moneyAt(stack)).toEqual({ charged: [1000], refunded: [] })
})
