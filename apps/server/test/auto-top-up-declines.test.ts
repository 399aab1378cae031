import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { atOnce, until } from './at-once.ts'
import { available, consume, customerToken, grantCredits, recordUsage, type UsageEvent } from './calls.ts'
import { advanceBy, balanceOf, subscriptionOf } from './living.ts'
import { answerBank, CHALLENGED_CARD, GOOD_CARD, openCardPage, payCheckout, typeCard } from './pay-checkout.ts'
import { keyOf } from './rows.ts'
import { openBundleCheckout } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import {
  attemptsOf,
  type CARDS,
  eventsOf,
  listen,
  mendCard,
  owe,
  publishPacks,
  putCard,
  setAutoTopUp,
  standing,
  tellingsOf,
  toppedUp,
} from './top-ups.ts'
import { watchBillingState } from './watch-billing-state.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  await publishPacks(stack)
  await listen(stack)
})
afterAll(() => stack.close())

const HOUR = 3_600_000

/** A customer with 60 credits, a pack of 50 to buy at 10, and such a card. */
async function customer(id: string, card: keyof typeof CARDS, input: object = {}): Promise<string> {
  await signUp(stack, id, 'metered')
  await putCard(stack, id, card)
  await grantCredits(stack, { customerId: id, amount: '60', idempotencyKey: 'start' })
  await setAutoTopUp(stack, id, input)
  return id
}

const spend = (customerId: string, quantity: string, idempotencyKey: string) =>
  consume(stack, { customerId, quantity, idempotencyKey })

const becomes = (id: string, wanted: string) =>
  until(
    () => standing(stack, id),
    (told) => told === wanted,
  )

/** Where the page behind a top-up's link is. */
async function follow(link: string): Promise<{ status: number; location: string }> {
  const response = await fetch(link, { redirect: 'manual' })
  await response.body?.cancel()
  return { status: response.status, location: response.headers.get('location') ?? '' }
}

const tokenIn = (location: string) => location.split('/').at(-1) as string

async function linkOf(id: string): Promise<string> {
  const { actionUrl, topUp } = await toppedUp(stack, id)
  expect(topUp.actionUrl).toBe(actionUrl)
  if (!actionUrl) throw new Error(`${id} has no link`)
  return actionUrl
}

describe('a card that is declined', () => {
  it('P25 is tried once an hour, however many draws there are, and success clears it', async () => {
    const id = await customer('p25', 'declined')
    await spend(id, '50', 'to the threshold')
    await becomes(id, 'BACKING_OFF with 10')
    const draws = Array.from(
      { length: 1_000 },
      (_, draw): UsageEvent => ({
        customerId: id,
        idempotencyKey: `draw ${draw}`,
        value: '0.005',
      }),
    )
    await atOnce(10, (part) => recordUsage(stack, draws.slice(part * 100, (part + 1) * 100)))
    await becomes(id, 'BACKING_OFF with 5')
    expect(await attemptsOf(stack, id)).toEqual(['500 FAILED'])

    await advanceBy(stack, HOUR - 60_000)
    await spend(id, '1', 'within the hour')
    await stack.app.readBillingState(stack.project, id)
    expect(await attemptsOf(stack, id)).toEqual(['500 FAILED'])
    await mendCard(stack, id)
    await advanceBy(stack, 61_000)
    await becomes(id, 'READY with 54')
    expect(await attemptsOf(stack, id)).toEqual(['500 FAILED', '500 SUCCEEDED'])
    expect(await eventsOf(stack, id)).toMatchObject([
      { type: 'failed', data: { code: 'generic_decline', quantity: 1, retryAt: expect.any(String) } },
      { type: 'succeeded' },
    ])
  })

  it('P25 is tried three times a day, then the customer is needed: told once, with a link', async () => {
    const id = await customer('thrice', 'declined')
    await spend(id, '50', 'to the threshold')
    await becomes(id, 'BACKING_OFF with 10')
    for (const failures of [2, 3]) {
      await advanceBy(stack, HOUR + 1_000)
      await until(
        () => attemptsOf(stack, id),
        (attempts) => attempts.length === failures && attempts.every((told) => told.endsWith('FAILED')),
      )
    }
    await becomes(id, 'NEEDS_CUSTOMER with 10')
    await advanceBy(stack, 30 * HOUR)
    await spend(id, '1', 'a day later')
    expect(await attemptsOf(stack, id)).toHaveLength(3)
    expect(await tellingsOf(stack, id)).toEqual(['failed', 'failed', 'failed', 'needs_customer'])
    expect((await eventsOf(stack, id)).at(-1)?.data).toMatchObject({ actionUrl: await linkOf(id) })
  })

  it('is not hammered by turning the switch off and on', async () => {
    const id = await customer('impatient', 'declined')
    await spend(id, '50', 'to the threshold')
    await becomes(id, 'BACKING_OFF with 10')
    await setAutoTopUp(stack, id, { enabled: false })
    expect((await setAutoTopUp(stack, id)).state).toBe('BACKING_OFF')
    expect((await setAutoTopUp(stack, id, { threshold: '9.5' })).state).toBe('READY')
    expect((await setAutoTopUp(stack, id)).state).toBe('BACKING_OFF')
    expect(await attemptsOf(stack, id)).toEqual(['500 FAILED'])
  })

  it('is forgotten as soon as another card is on file', async () => {
    const id = await customer('replaced', 'declined')
    await spend(id, '50', 'to the threshold')
    await becomes(id, 'BACKING_OFF with 10')
    await putCard(stack, id, 'good')
    await becomes(id, 'READY with 60')
    expect(await attemptsOf(stack, id)).toEqual(['500 FAILED', '500 SUCCEEDED'])
  })

  it("is forgotten after the customer's own purchase", async () => {
    const id = await customer('helped', 'declined')
    await spend(id, '50', 'to the threshold')
    await becomes(id, 'BACKING_OFF with 10')
    await payCheckout(stack, await openBundleCheckout(stack, id))
    expect(await standing(stack, id)).toBe('READY with 110')
    await spend(id, '100', 'to the threshold again')
    await becomes(id, 'READY with 60')
  })
})

it('a customer who disputes a payment is charged for no other without them', async () => {
  const id = await customer('disputing', 'disputed')
  await spend(id, '50', 'to the threshold')
  // Charged, disputed, and what it brought is frozen.
  await becomes(id, 'NEEDS_CUSTOMER with 10')
  await advanceBy(stack, HOUR)
  expect(await attemptsOf(stack, id)).toEqual(['500 SUCCEEDED'])
  expect(await tellingsOf(stack, id)).toEqual(['succeeded', 'needs_customer'])
  expect((await eventsOf(stack, id)).at(-1)?.data).toMatchObject({ reason: 'disputed' })
})

describe('a bank that wants the customer', () => {
  it('P18 is asked once; the customer is told once, confirms on a page, and gets one grant', async () => {
    const id = await customer('p18', 'challenged')
    const { status } = await subscriptionOf(stack, id)
    const browser = watchBillingState(stack, id, await customerToken(stack, id))
    await until(browser.newest, (state) => state !== undefined)
    await spend(id, '50', 'to the threshold')
    await becomes(id, 'NEEDS_CUSTOMER with 10')
    await until(browser.newest, (state) => state?.actionUrl != null)
    await spend(id, '1', 'below it')
    await advanceBy(stack, 2 * HOUR)
    expect(await standing(stack, id)).toBe('NEEDS_CUSTOMER with 9')
    expect(await subscriptionOf(stack, id)).toMatchObject({ status })
    expect(await attemptsOf(stack, id)).toEqual(['500 FAILED'])
    expect(await eventsOf(stack, id)).toMatchObject([
      { type: 'needs_customer', data: { reason: 'authentication_required', actionUrl: await linkOf(id) } },
    ])

    const { status: moved, location } = await follow(await linkOf(id))
    expect(moved).toBe(303)
    const token = tokenIn(location)
    const asked = await typeCard(await openCardPage(stack, token), CHALLENGED_CARD)
    await answerBank(asked.location as string, 'complete')
    await until(
      () => available(stack, id),
      (credits) => credits === '59',
    )
    expect(await standing(stack, id)).toBe('READY with 59')
    expect(await balanceOf(stack, id)).toContain('59 of')
    await until(browser.newest, (state) => state?.actionUrl === null && state.balances[0]?.available === '59')
    const versions = browser.states.map(({ version }) => version)
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b))
    browser.close()
    expect(await tellingsOf(stack, id)).toEqual(['needs_customer', 'succeeded'])
    expect((await eventsOf(stack, id)).at(-1)?.data).toMatchObject({ automatic: false, quantity: 1 })
  })

  it('the link is good for days, sells as many packs as are needed, and nothing once the top-up is made', async () => {
    const id = await customer('days', 'good', { enabled: false })
    await owe(stack, id, 55)
    await putCard(stack, id, 'challenged')
    expect((await setAutoTopUp(stack, id)).state).toBe('NEEDS_CUSTOMER')
    const link = await linkOf(id)
    const first = await follow(link)
    await stack.database.query(`update checkout_session set expires_at = now() where customer_pk = $1`, [
      await keyOf(stack.database, id),
    ])
    const second = await follow(link)
    expect(second.location).not.toBe(first.location)
    expect((await follow(link)).location).toBe(second.location)
    await payCheckout(stack, tokenIn(second.location), GOOD_CARD)
    expect((await attemptsOf(stack, id)).slice(1)).toEqual(['1000 FAILED', '1000 SUCCEEDED'])
    expect((await toppedUp(stack, id)).topUp.state).toBe('READY')

    expect((await follow(link)).location).toBe(`${stack.url}/checkout/done`)
    expect((await follow(`${link.slice(0, -2)}xx`)).status).toBe(303)
    expect((await follow(`${stack.url}/top-ups/nothing`)).status).toBe(404)
  })

  it('a link that somebody made up opens nothing', async () => {
    const id = await customer('forged', 'challenged')
    await spend(id, '60', 'all of it')
    await becomes(id, 'NEEDS_CUSTOMER with 0')
    const link = await linkOf(id)
    expect((await follow(`${link.slice(0, -2)}${link.endsWith('xx') ? 'yy' : 'xx'}`)).status).toBe(404)
  })
})
