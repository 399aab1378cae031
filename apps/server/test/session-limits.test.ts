import { afterAll, beforeAll, expect, test } from 'vitest'
import { atOnce, inTurn } from './at-once.ts'
import { available, dataOf, faultOf } from './calls.ts'
import { askPayCheckout, confirmCheckout, GOOD_CARD, openCardPage, payCheckout, typeCard } from './pay-checkout.ts'
import { CREATE_TOKEN, openPortal, PORTAL, tokenOf } from './portal-sessions.ts'
import { breakProvider, referenceOf, repairProvider } from './provider.ts'
import { openBundleCheckout, URLS } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

// A customer has so many sessions at a time, and a new one ends the oldest.

const MOST = 20
let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())

/** A session of its own: no other one leads back there. */
const open = (customerId: string, name: string | number, to = stack as Pick<Stack, 'query'>) =>
  openBundleCheckout(to, customerId, { ...URLS, successUrl: `http://localhost:3000/${name}` })

async function statusOf(token: string): Promise<string> {
  const document = `query ($token: String!) { checkout(token: $token) { status } }`
  return (await dataOf(stack.query<{ checkout: { status: string } }>(document, { token }, null))).checkout.status
}

const countOpen = async (tokens: readonly string[]) =>
  (await Promise.all(tokens.map(statusOf))).filter((status) => status === 'OPEN').length

test('one checkout more than 20 ends the oldest, which says so and is not paid', async () => {
  const customerId = await signUp(stack, 'ada')
  const tokens = await inTurn(MOST, (index) => open(customerId, index))
  expect(await countOpen(tokens)).toBe(MOST)
  expect(await open(customerId, 0)).toBe(tokens[0])
  await open(customerId, 'one-more')
  expect(await statusOf(tokens[0] as string)).toBe('EXPIRED')
  expect(await countOpen(tokens)).toBe(MOST - 1)
  expect(await faultOf(askPayCheckout(stack, tokens[0] as string))).toBe('CONFLICT')
})

test('many at once, in two processes, are 20 all the same', async () => {
  const customerId = await signUp(stack, 'at-once')
  const peer = await stack.addPeer()
  const tokens = await atOnce(30, (index) => open(customerId, index, index % 2 === 0 ? stack : peer))
  expect(await countOpen(tokens)).toBe(MOST)
})

test('one whose customer is at the card page stays, and so does one whose charge is on its way', async () => {
  const customerId = await signUp(stack, 'paying')
  await payCheckout(stack, await open(customerId, 'first'))
  const [atCardPage, charged] = [await open(customerId, 'card-page'), await open(customerId, 'charged')]
  const page = await openCardPage(stack, atCardPage)
  await breakProvider(stack, { match: 'POST /v1/payment_intents', fault: 'drop_before', times: 100 })
  await breakProvider(stack, { match: 'GET /v1/payment_intents', fault: 'drop_before', times: 100 })
  expect(await faultOf(askPayCheckout(stack, charged, { method: 'CARD_ON_FILE' }))).toBe('PAYMENT_PROVIDER_UNAVAILABLE')
  const idle = await inTurn(MOST + 2, (index) => open(customerId, index))
  expect(await countOpen(idle)).toBe(MOST - 2)
  await repairProvider(stack)
  await typeCard(page, GOOD_CARD)
  for (const token of [atCardPage, charged]) {
    expect(await confirmCheckout(stack, token)).toMatchObject({ status: 'COMPLETED' })
  }
  expect(await available(stack, customerId)).toBe('305')
})

test('where all of them are being paid, a new one waits', async () => {
  const customerId = await signUp(stack, 'all-paying')
  const tokens = await inTurn(MOST, (index) => open(customerId, index))
  await stack.database.query(`update checkout_session set status = 'PROCESSING' where customer_pk =
    (select pk from customer where id = 'all-paying')`)
  const document = `mutation ($input: CheckoutSessionInput!) { createCheckoutSession(input: $input) { token } }`
  const input = { customerId, bundle: 'pack-100', checkout: URLS }
  expect(await faultOf(stack.query(document, { input }))).toBe('RATE_LIMITED')
  const over = `update checkout_session set expires_at = now() where id = $1`
  await stack.database.query(over, [referenceOf(tokens[0] as string)])
  await dataOf(stack.query(document, { input }))
})

test('paying and opening at once end neither in a deadlock nor in a charge of what has ended', async () => {
  const customerId = await signUp(stack, 'racing')
  await payCheckout(stack, await open(customerId, 'first'))
  const before = await available(stack, customerId)
  const tokens = await inTurn(MOST, (index) => open(customerId, index))
  const oldest = tokens[0] as string
  const answers = await atOnce<unknown>(8, (index) =>
    index === 0 ? askPayCheckout(stack, oldest, { method: 'CARD_ON_FILE' }) : open(customerId, `more-${index}`),
  )
  const paid = (await statusOf(oldest)) === 'COMPLETED'
  expect(answers[0]).toMatchObject(paid ? { errors: [] } : { errors: [{ extensions: { code: 'CONFLICT' } }] })
  expect(await available(stack, customerId)).toBe(String(Number(before) + (paid ? 100 : 0)))
})

test('one portal session more than 20 ends the oldest, also when many are opened at once', async () => {
  await signUp(stack, 'portal')
  const peer = await stack.addPeer()
  const first = await openPortal(stack, 'portal')
  const later = await atOnce(24, (index) => openPortal(index % 2 === 0 ? stack : peer, 'portal'))
  const expired = async (url: string) => {
    const asked = stack.query<{ portal: { expired: boolean } }>(PORTAL, { token: tokenOf(url) }, null)
    return (await dataOf(asked)).portal.expired
  }
  expect(await expired(first)).toBe(true)
  expect((await Promise.all(later.map(expired))).filter((over) => !over)).toHaveLength(MOST)
  expect(await faultOf(stack.query(CREATE_TOKEN, { token: tokenOf(first) }, null))).toBe('UNAUTHENTICATED')
  const newest = await openPortal(stack, 'portal')
  expect(await expired(newest)).toBe(false)
})
