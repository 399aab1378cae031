import { afterAll, beforeAll, expect, test } from 'vitest'
import { atOnce } from './at-once.ts'
import { dataOf, upsertCustomer } from './calls.ts'
import { confirmCheckout, GOOD_CARD, openCardPage, payCheckout, typeCard } from './pay-checkout.ts'
import { breakProvider, referenceOf, repairProvider } from './provider.ts'
import { openBundleCheckout } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample } from './worked-example.ts'

// Whoever has the link of a page may look at it as often as they like: not at the cost of everybody else, nor for good.

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  for (const id of ['ada', 'bea']) await upsertCustomer(stack, id)
})
afterAll(() => stack.close())

/** Does the work while something has the customer's lock, so that whoever needs it waits. */
function whileLocked<Result>(customerId: string, work: () => Promise<Result>): Promise<Result> {
  return stack.database.transaction(async (tx) => {
    await tx.query(
      `select 1 from customer_ledger l join customer c on c.pk = l.customer_pk where c.id = $1 for update of l`,
      [customerId],
    )
    return work()
  })
}

const look = (document: string, token: string) =>
  stack.query(`query ($token: String!) { ${document} }`, { token }, null)
const PAGE = 'checkout(token: $token) { dueNow { amount } lines { amount } }'
const THIRTY = Array.from({ length: 30 }, (_, index) => `a${index}: ${PAGE}`).join(' ')

test('a page that is asked for many times at once does not keep others from theirs', async () => {
  const [hers, his] = [await openBundleCheckout(stack, 'ada'), await openBundleCheckout(stack, 'bea')]
  const { looks, other } = await whileLocked('ada', async () => {
    const looks = atOnce(4, () => look(THIRTY, hers))
    return { looks: [looks], other: await dataOf(look(PAGE, his)) }
  })
  expect(other).toMatchObject({ checkout: { dueNow: { amount: '10.00' } } })
  for (const { data } of (await Promise.all(looks)).flat()) {
    expect(data).toMatchObject({ a0: { dueNow: { amount: '10.00' } }, a29: { dueNow: { amount: '10.00' } } })
  }
})

test('whoever only looks leaves connections for those who act', async () => {
  const { database } = stack.app
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const looks = atOnce(20, () => database.dryRun(() => held))
  expect(await database.query('select 1 as one')).toEqual([{ one: 1 }])
  release()
  await looks
})

test('a link that outlives its session no longer tells the balance', async () => {
  const token = await openBundleCheckout(stack, 'bea')
  await payCheckout(stack, token)
  const credits = 'checkout(token: $token) { status creditsAfter { after } }'
  expect((await look(credits, token)).data).toEqual({
    checkout: { status: 'COMPLETED', creditsAfter: [{ after: '100' }] },
  })
  await stack.database.query(`update checkout_session set expires_at = now() where id = $1`, [referenceOf(token)])
  expect((await look(credits, token)).data).toEqual({ checkout: { status: 'COMPLETED', creditsAfter: [] } })
})

test('the provider is asked how it went once in two seconds, by all who ask, in all processes', async () => {
  const peer = await stack.addPeer()
  const token = await openBundleCheckout(stack, 'ada')
  const page = await openCardPage(stack, token)
  // Each look-up fails, and says so: those that were not made answer what is known.
  await breakProvider(stack, {
    match: 'GET /v1/checkout/sessions/*',
    fault: 'rubbish',
    rubbish: 'wrong_customer',
    times: 1000,
  })
  const document = `mutation ($token: String!) { confirmCheckout(token: $token) { status } }`
  const lookUps = async () => {
    const answers = await atOnce(20, (index) => (index % 2 ? stack : peer).query(document, { token }, null))
    return answers.flatMap(({ errors }) => errors.map(({ extensions }) => extensions.code))
  }
  const turnTaken = (when: string) =>
    stack.database.query(`update checkout_session set confirmed_at = ${when} where id = $1`, [referenceOf(token)])
  const begun = performance.now()
  const asked = await lookUps()
  // One, and on a machine that took its time one more for each two seconds.
  expect(asked.length).toBeLessThanOrEqual(1 + (performance.now() - begun) / 2_000)
  expect(asked).toContain('PAYMENT_PROVIDER_UNAVAILABLE')
  await turnTaken(`now() + interval '1 hour'`)
  expect(await lookUps()).toEqual([])
  await turnTaken(`now() - interval '2 seconds'`)
  expect(await lookUps()).toContain('PAYMENT_PROVIDER_UNAVAILABLE')
  await repairProvider(stack)
  await typeCard(page, GOOD_CARD)
  expect(await confirmCheckout(stack, token)).toMatchObject({ status: 'COMPLETED' })
})
