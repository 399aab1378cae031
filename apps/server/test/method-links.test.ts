import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { linkPaymentMethod } from '../src/modules/payments/link-payment-method.ts'
import { storedId } from '../src/platform/ids.ts'
import { dataOf, upsertCustomer } from './calls.ts'
import { advanceBy, bills, DAY, subscriptionOf } from './living.ts'
import { confirmCheckout, openCardPage, typeCard } from './pay-checkout.ts'
import { addMethod, methodsOf, namesOf } from './paying-methods.ts'
import { keyOf } from './rows.ts'
import { subscribe } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { PREMIUM, publishRateCard, publishWorkedExample } from './worked-example.ts'

// The link in the mail that tells of a trial's end: mail is read after days, and by others than its reader.

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  await publishRateCard(stack, { ...PREMIUM, code: 'tried', name: 'Tried', trialDays: 14 })
})
afterAll(() => stack.close())

/** A customer in a trial, and the link of their mail. */
async function trial(id: string): Promise<string> {
  await upsertCustomer(stack, id)
  await subscribe(stack, { customerId: id, rateCard: 'tried' })
  const stored = storedId('sub', (await subscriptionOf(stack, id)).id) as string
  return linkPaymentMethod(stack.url, stack.project, stored)
}

async function follow(link: string): Promise<{ status: number; location: string }> {
  const answer = await fetch(link, { redirect: 'manual' })
  await answer.body?.cancel()
  return { status: answer.status, location: answer.headers.get('location') ?? '' }
}

const tokenIn = (url: string) => url.split('/').at(-1) as string
const done = () => `${stack.url}/checkout/done`

describe('the link of a trial that has no payment method', () => {
  it('opens a page that saves one and charges nothing, for as long as the trial needs it', async () => {
    const link = await trial('late')
    await advanceBy(stack, 2 * DAY)
    const first = await follow(link)
    expect(first.status).toBe(303)
    expect((await follow(link)).location).toBe(first.location)
    await stack.database.query(`update checkout_session set expires_at = now() where customer_pk = $1`, [
      await keyOf(stack.database, 'late'),
    ])
    const second = await follow(link)
    expect(second.location).not.toBe(first.location)

    const token = tokenIn(second.location)
    await typeCard(await openCardPage(stack, token), '4242424242424242')
    expect((await confirmCheckout(stack, token)).status).toBe('COMPLETED')
    expect(namesOf(await methodsOf(stack, 'late'))).toBe('4242 default')
    expect(await bills(stack, 'late')).toEqual([])
    expect((await follow(link)).location).toBe(done())
  })

  it('shows nothing of the customer to whoever holds it', async () => {
    const link = await trial('private')
    const upsert = `mutation { upsertCustomer(input: { id: "private", name: "Ada", email: "ada@example.com" }) { id } }`
    await dataOf(stack.query(upsert))
    const document = `query ($token: String!) { checkout(token: $token) {
      setup title description lines { description } dueNow { amount } nextRenewal { amount } creditsAfter { after }
      paymentMethod { last4 } invoice { number } rateCard { code } successUrl cancelUrl } }`
    const token = tokenIn((await follow(link)).location)
    const { checkout } = await dataOf(stack.query<{ checkout: object }>(document, { token }, null))
    expect(checkout).toEqual({
      setup: true,
      title: 'Payment method',
      description: null,
      lines: [],
      dueNow: { amount: '0.00' },
      nextRenewal: null,
      creditsAfter: [],
      paymentMethod: null,
      invoice: null,
      rateCard: null,
      successUrl: done(),
      cancelUrl: done(),
    })
  })

  it('replaces no method that is there, and is of no use once the trial is over', async () => {
    const link = await trial('early')
    await addMethod(stack, 'early')
    expect((await follow(link)).location).toBe(done())
    const other = await trial('over')
    const cancel = `mutation ($id: ID!) { cancelSubscription(input: { subscriptionId: $id, at: NOW }) { id } }`
    await dataOf(stack.query(cancel, { id: (await subscriptionOf(stack, 'over')).id }))
    expect((await follow(other)).location).toBe(done())
  })

  it('replaces no method that came while its card page was open', async () => {
    const link = await trial('meanwhile')
    const token = tokenIn((await follow(link)).location)
    const page = await openCardPage(stack, token)
    await addMethod(stack, 'meanwhile')
    await typeCard(page, '5555555555554444')
    expect((await confirmCheckout(stack, token)).status).toBe('COMPLETED')
    expect(namesOf(await methodsOf(stack, 'meanwhile'))).toBe('4242 default, 4444')
  })

  it('opens nothing when somebody made it up', async () => {
    const link = await trial('forged')
    const last = link.endsWith('A') ? 'B' : 'A'
    const forged = [
      `${link.slice(0, -1)}${last}`,
      link.slice(0, -1),
      link.replace('/am_', '/tu_'),
      link.replace(/am_[0-9a-f]{32}/, `am_${'0'.repeat(32)}`),
      `${stack.url}/payment-methods/nothing`,
    ]
    for (const attempt of forged) expect((await follow(attempt)).status, attempt).toBe(404)
  })
})
