import { afterAll, beforeAll, expect, test } from 'vitest'
import { inTurn, tally, until } from './at-once.ts'
import { available } from './calls.ts'
import { type OwnSandbox, startOwnSandbox } from './own-sandbox.ts'
import { openCardPage, typeCard } from './pay-checkout.ts'
import { breakProvider, deliver, repairProvider, signatureOf, stripeAt } from './provider.ts'
import { buyer, creditsOf, DISPUTED_CARD, entriesOf, payments, providerPaymentOf } from './refunding.ts'
import { openBundleCheckout } from './selling.ts'
import { type Peer, type Stack, startStack } from './stack.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

// The payment provider's events are delivered nowhere: what Florin hears, it has asked for.

const DAY = 86_400_000

let sandbox: OwnSandbox
let stack: Stack
let other: Peer

beforeAll(async () => {
  sandbox = await startOwnSandbox()
  // Somebody else's, from before there was a Florin.
  await stripeAt(sandbox).paymentIntents.create({
    amount: 100,
    currency: 'usd',
    payment_method: 'pm_card_visa',
    confirm: true,
    allowed_payment_method_types: ['card'],
  })
  stack = await startStack({ sandboxUrl: sandbox.url })
  other = await stack.addPeer()
  await publishWorkedExample(stack)
})
afterAll(async () => {
  await stack.close()
  await sandbox.close()
})

interface Swept {
  readonly name: string
  readonly swept_to: number | null
  /** When the last one ended. */
  readonly swept_at: number | null
}

async function swept(): Promise<Swept | undefined> {
  const [row] = await stack.database.query<Swept>('select name, swept_to, swept_at from provider_sweep')
  return row
}

/** As after three minutes: some process sweeps, and all that it found is done. */
async function sweep(): Promise<void> {
  const before = await swept()
  await stack.database.query(`update provider_sweep set next_at = now() - interval '1 second'`)
  await until(swept, (row) => row?.swept_at !== before?.swept_at)
  await until(open, (rows) => rows.length === 0)
}

function open(): Promise<object[]> {
  return stack.database.query('select id, type, last_error from provider_event where outcome is null')
}

/** No sweep until somebody asks for one. */
async function rest(): Promise<void> {
  await until(swept, (row) => row?.swept_to != null)
  await stack.database.query(`update provider_sweep set next_at = now() + interval '1 hour'`)
}

async function outcomes(types: readonly string[]): Promise<Record<string, number>> {
  const rows = await stack.database.query<{ told: string }>(
    `select type || ' ' || coalesce(outcome::text, 'open') as told from provider_event where type = any($1)`,
    [types],
  )
  return tally(rows.map(({ told }) => told))
}

test('the first sweep comes with the start, and ignores what is not ours', async () => {
  expect(await until(swept, (row) => row?.swept_to != null)).toMatchObject({ name: 'sandbox acct_1StripeSandbox00' })
  await until(
    () => outcomes(['payment_intent.succeeded']),
    (told) => told['payment_intent.succeeded IGNORED'] === 1,
  )
})

test('P07 payments and refunds of four days in which no event arrived: all is made good by the first sweep', async () => {
  await rest()
  const refunded = await buyer(stack, 'p07-refunded', { packs: 1, spent: '20' })
  const paid = await signUp(stack, 'p07-paid', 'prepaid')
  const page = await openCardPage(stack, await openBundleCheckout(stack, paid))
  await typeCard(page, '4242424242424242')
  // The janitor asks about checkouts whose customer went to pay: this one is left to the sweep.
  await stack.database.query(`update checkout_session set status = 'OPEN' where status = 'PROCESSING'`)
  sandbox.behindMs = 4 * DAY
  await stripeAt(sandbox).refunds.create({ payment_intent: await providerPaymentOf(stack, refunded) })
  sandbox.behindMs = 0
  await stack.database.query(`update provider_sweep set swept_to = now() - interval '4 days'`)
  expect(await creditsOf(stack, refunded)).toBe('80 of 100, 20 used')
  expect(await available(stack, paid)).toBe('0')

  await sweep()
  expect(await creditsOf(stack, refunded)).toBe('0 of 20, 20 used, 20 owed')
  expect(await available(stack, paid)).toBe('100')
  expect(await outcomes(['charge.refunded', 'refund.created'])).toEqual({
    'charge.refunded HANDLED': 1,
    'refund.created HANDLED': 1,
  })

  const before = [await entriesOf(stack, refunded, 100), await entriesOf(stack, paid, 100)]
  await stack.database.query(`update provider_sweep set swept_to = now() - interval '40 days'`)
  await sweep()
  expect([await entriesOf(stack, refunded, 100), await entriesOf(stack, paid, 100)]).toEqual(before)
})

test('P07 what arrives while it is listed, or was listed before it arrives, counts once', async () => {
  await rest()
  const customerId = await buyer(stack, 'p07-both', { packs: 1 })
  await stripeAt(sandbox).refunds.create({ payment_intent: await providerPaymentOf(stack, customerId), amount: 300 })
  const [refund] = (await stripeAt(sandbox).events.list({ type: 'refund.created', limit: 1 })).data
  const body = JSON.stringify(refund)
  await Promise.all([sweep(), deliver(stack, body, signatureOf(body)), deliver(other, body, signatureOf(body))])
  expect(await creditsOf(stack, customerId)).toBe('70 of 70, 0 used')
  expect(await deliver(other, body, signatureOf(body))).toBe(200)
  await until(open, (rows) => rows.length === 0)
  expect((await entriesOf(stack, customerId, 1))[0]).toBe('VOID -30')
})

test('one process sweeps at a time, page by page', async () => {
  await rest()
  const stripe = stripeAt(sandbox)
  await inTurn(205, async () => {
    const { id } = await stripe.paymentIntents.create({ amount: 100, currency: 'usd' })
    await stripe.paymentIntents.cancel(id)
  })
  const before = sandbox.listings
  await sweep()
  expect(await outcomes(['payment_intent.canceled'])).toEqual({ 'payment_intent.canceled IGNORED': 205 })
  expect(sandbox.listings).toBe(before + 3)
})

test('a provider that limits rates is left alone until the next sweep', async () => {
  await rest()
  const customerId = await buyer(stack, 'limited', { packs: 1 })
  await stripeAt(sandbox).refunds.create({ payment_intent: await providerPaymentOf(stack, customerId) })
  await breakProvider(sandbox, { match: 'GET /v1/events', fault: 'rate_limit', times: 100 })
  const before = await swept()
  await stack.database.query(`update provider_sweep set next_at = now() - interval '1 second'`)
  const told = () => [...stack.logged, ...other.logged].filter((line) => line.includes('missed events could not be'))
  await until(told, (lines) => lines.length === 1)
  expect(await swept()).toEqual(before)
  await repairProvider(sandbox)
  await sweep()
  expect(await creditsOf(stack, customerId)).toBe('0 of 0, 0 used')
})

test('P08 four events of one payment in each of 24 orders, each doubled: one final state', async () => {
  await rest()
  const TYPES = ['checkout.session.completed', 'charge.refunded', 'charge.dispute.created', 'charge.dispute.closed']
  const orders = permutations(TYPES)
  expect(orders).toHaveLength(24)
  const stripe = stripeAt(sandbox)
  const customers = await inTurn(24, async (index) => {
    const customerId = await signUp(stack, `p08-${index}`, 'prepaid')
    await typeCard(await openCardPage(stack, await openBundleCheckout(stack, customerId)), DISPUTED_CARD)
    const [intent] = (await stripe.paymentIntents.list({ limit: 1 })).data
    await stripe.refunds.create({ payment_intent: intent?.id as string, amount: 450 })
    return { customerId, paymentIntent: intent?.id as string }
  })
  // Nobody but the events may tell of them.
  await stack.database.query(`update checkout_session set status = 'OPEN' where status = 'PROCESSING'`)
  for (const { paymentIntent } of customers) {
    const { data } = await until(
      () => stripe.disputes.list({ payment_intent: paymentIntent }),
      (list) => list.data.length > 0,
    )
    await stripe.disputes.update(data[0]?.id as string, { evidence: { uncategorized_text: 'losing_evidence' } })
  }
  await stack.database.query(`update checkout_session set status = 'OPEN' where status = 'PROCESSING'`)
  const events = await stripe.events.list({ types: TYPES, limit: 100 }).autoPagingToArray({ limit: 1_000 })
  const told = customers.map(({ customerId, paymentIntent }, index) => {
    const about = (type: string) => {
      const event = events.find(
        (each) =>
          each.type === type && (each.data.object as { payment_intent?: string }).payment_intent === paymentIntent,
      )
      if (!event) throw new Error(`no ${type} of ${paymentIntent}`)
      return JSON.stringify(event)
    }
    return { customerId, bodies: (orders[index] as string[]).map(about) }
  })
  for (const { customerId, bodies } of told) {
    for (const body of bodies) {
      const answers = await Promise.all([stack, other].map((peer) => deliver(peer, body, signatureOf(body))))
      expect(answers).toEqual([200, 200])
      await until(open, (rows) => rows.length === 0)
    }
    expect(await creditsOf(stack, customerId)).toBe('0 of 0, 0 used')
    expect(await payments(stack, customerId)).toMatchObject([
      { status: 'REFUNDED', refunded: '10.00', refunds: [{ amount: '4.50' }], disputes: [{ status: 'LOST' }] },
    ])
    const entries = await entriesOf(stack, customerId, 100)
    expect(entries.filter((entry) => entry.startsWith('GRANT'))).toEqual(['GRANT 100'])
  }
}, 120_000)

function permutations(items: readonly string[]): string[][] {
  if (items.length < 2) return [[...items]]
  return items.flatMap((first, index) => permutations(items.toSpliced(index, 1)).map((rest) => [first, ...rest]))
}
