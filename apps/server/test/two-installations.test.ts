import { afterAll, beforeAll, expect, test } from 'vitest'
import { tally, until } from './at-once.ts'
import { type OwnSandbox, startOwnSandbox } from './own-sandbox.ts'
import { deliver, eventAbout, signatureOf, stripeAt } from './provider.ts'
import { buyer, creditsOf, providerPaymentOf, refund } from './refunding.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample } from './worked-example.ts'

// Staging and production, say: two Florins with a database each, and one account of the payment provider.

const THEIRS = '11111111-1111-4111-8111-111111111111'

let sandbox: OwnSandbox
let stack: Stack

beforeAll(async () => {
  sandbox = await startOwnSandbox()
  stack = await startStack({ sandboxUrl: sandbox.url })
  await publishWorkedExample(stack)
})
afterAll(async () => {
  await stack.close()
  await sandbox.close()
})

/** As after three minutes: it lists what the provider has to tell, and does what that asks for. Answers what came of it. */
async function swept(): Promise<Record<string, number>> {
  const { database } = stack
  await until(
    () => database.query<{ swept_to: number | null }>(`select swept_to from provider_sweep`),
    ([row]) => row !== undefined,
  )
  await database.query(`update provider_sweep set next_at = now() - interval '1 second', swept_at = null`)
  await until(
    () => database.query(`select 1 from provider_sweep where swept_at is not null`),
    (rows) => rows.length === 1,
  )
  await until(
    () => database.query<object>(`select type, last_error from provider_event where outcome is null`),
    (open) => open.length === 0,
  )
  const rows = await database.query<{ told: string }>(
    `select case when last_error is null then outcome::text else last_error end as told from provider_event`,
  )
  return tally(rows.map(({ told }) => told))
}

/** A payment that the other one has made, as it marks its things. */
async function theirPayment(payment_method: string): Promise<string> {
  const metadata = { florin_reference: crypto.randomUUID(), florin_installation: THEIRS }
  const stripe = stripeAt(sandbox)
  const customer = await stripe.customers.create({ name: 'Theirs', metadata })
  const { id } = await stripe.paymentIntents.create({
    amount: 1_000,
    currency: 'usd',
    customer: customer.id,
    payment_method,
    confirm: true,
    allowed_payment_method_types: ['card'],
    metadata,
  })
  return id
}

test('what is made at the provider carries the id of the installation, which its database was made with', async () => {
  const rows = await stack.database.query<{ id: string }>('select id from installation')
  expect(rows).toHaveLength(1)
  const customerId = await buyer(stack, 'marks', { packs: 1 })
  await refund(stack, customerId, 'part', '1.00')
  const stripe = stripeAt(sandbox)
  const [session] = (await stripe.checkout.sessions.list({ limit: 1 })).data
  const [intent] = (await stripe.paymentIntents.list({ limit: 1 })).data
  const [made] = (await stripe.refunds.list({ limit: 1 })).data
  const [customer] = (await stripe.customers.list({ limit: 1 })).data
  for (const each of [session, intent, made, customer]) {
    expect(each?.metadata).toMatchObject({ florin_installation: rows[0]?.id })
  }
})

test('what another installation sells, and what is refunded and disputed of it, is ignored and not kept', async () => {
  await swept()
  const before = await stack.database.query<{ id: string }>('select id from provider_event')
  const stripe = stripeAt(sandbox)
  // The refund is made on the provider's pages, and the dispute by a bank: neither carries a mark of its own.
  await stripe.refunds.create({ payment_intent: await theirPayment('pm_card_visa'), amount: 500 })
  const payment_intent = await theirPayment('pm_card_createDispute')
  const [dispute] = (await stripe.disputes.list({ payment_intent })).data
  await stripe.disputes.update(dispute?.id as string, { evidence: { uncategorized_text: 'losing_evidence' } })
  await swept()
  const rows = await stack.database.query<{ type: string; told: string; marked: boolean }>(
    `select type, coalesce(last_error, outcome::text) as told, coalesce(payload->'metadata' ? 'florin_installation', false) as marked
     from provider_event where id <> all($1)`,
    [before.map(({ id }) => id)],
  )
  expect(tally(rows.map(({ told }) => told))).toEqual({ IGNORED: rows.length })
  expect(rows.filter(({ marked }) => marked)).toEqual([])
  expect(rows.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['payment_intent.succeeded', 'charge.refunded', 'refund.created', 'charge.dispute.closed']),
  )
})

test('an event that names another installation is never acted on, whatever else it names', async () => {
  const customerId = await buyer(stack, 'ours', { packs: 1 })
  const payment_intent = await providerPaymentOf(stack, customerId)
  await stripeAt(sandbox).refunds.create({ payment_intent, amount: 100 })
  const body = (installation: string, id: string) =>
    eventAbout(id, 'charge.refunded', { payment_intent, metadata: { florin_installation: installation } })
  const named = body(THEIRS, 'evt_theirs')
  expect(await deliver(stack, named, signatureOf(named))).toBe(200)
  expect(await stack.database.query(`select outcome, payload from provider_event where id = 'evt_theirs'`)).toEqual([
    { outcome: 'IGNORED', payload: null },
  ])
  expect(await creditsOf(stack, customerId)).toBe('100 of 100, 0 used')
  const [own] = await stack.database.query<{ id: string }>('select id from installation')
  const ours = body(own?.id as string, 'evt_ours')
  expect(await deliver(stack, ours, signatureOf(ours))).toBe(200)
  await until(
    () => creditsOf(stack, customerId),
    (credits) => credits === '90 of 90, 0 used',
  )
})
