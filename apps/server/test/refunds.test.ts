import { afterAll, beforeAll, expect, test } from 'vitest'
import { atOnce, inTurn, tally, until } from './at-once.ts'
import { consume, customerToken, dataOf, faultOf, grantCredits, voidUsage } from './calls.ts'
import { captureHold, createHold, releaseHold } from './holding.ts'
import { bills, start } from './living.ts'
import { payCheckout } from './pay-checkout.ts'
import { breakProvider, deliver, moneyAt, repairProvider, signatureOf, stripeAt } from './provider.ts'
import {
  askRefundPayment,
  buy,
  creditsOf,
  entriesOf,
  newestPayment,
  payments,
  providerPaymentOf,
  quiet,
  REFUND_FAILS_CARD,
  REFUND_PENDING_CARD,
  refund,
  refundPayment,
  textsOf,
  untilCredits,
} from './refunding.ts'
import { keyOf } from './rows.ts'
import { openBundleCheckout } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())

/** A customer who has bought packs of 100 credits, and spent some. */
async function buyer(id: string, { packs = 10, spent = '0', card = undefined as string | undefined } = {}) {
  const customerId = await signUp(stack, id, 'prepaid')
  await buy(stack, customerId, { packs, ...(card ? { card } : {}) })
  if (spent !== '0') await spend(customerId, spent)
  return customerId
}

async function spend(customerId: string, quantity: string, idempotencyKey = 'spent'): Promise<void> {
  const { decision } = await consume(stack, { customerId, quantity, idempotencyKey })
  expect(decision.allowed).toBe(true)
}

/** What the provider holds of the customer's newest payment. */
async function refundsAt(customerId: string): Promise<number[]> {
  const payment_intent = await providerPaymentOf(stack, customerId)
  return (await stripeAt(stack).refunds.list({ payment_intent, limit: 100 })).data.map(({ amount }) => amount)
}

test('R01 a refund of 1,000 credits of which 50 were spent takes 950 back; the next top-up settles the other 50', async () => {
  const customerId = await buyer('r01', { spent: '50' })
  expect(await refund(stack, customerId, 'back')).toMatchObject({ status: 'SUCCEEDED', amount: '100.00' })
  expect(await creditsOf(stack, customerId)).toBe('0 of 50, 50 used, 50 owed')
  expect(await entriesOf(stack, customerId, 1)).toEqual(['VOID -950'])
  expect(await newestPayment(stack, customerId)).toMatchObject({
    status: 'REFUNDED',
    refunded: '100.00',
    refundable: '0.00',
    purpose: '10 × 100 credits',
    grant: { remaining: '0', owed: '50' },
  })
  await buy(stack, customerId, { packs: 10, key: 'again' })
  expect(await creditsOf(stack, customerId)).toBe('950 of 1000, 50 used')
  expect(await entriesOf(stack, customerId, 2)).toEqual(['GRANT 1000', 'DRAW -50'])
  expect(await textsOf(stack, customerId, 3)).toEqual([
    'Refunded: 950 for 100.00 of 100.00 USD',
    'Granted: 10 × 100 credits',
    'Settles the debt of a refunded payment',
  ])
})

test('a top-up smaller than the debt settles a part of it, and the next one the rest', async () => {
  const customerId = await buyer('slowly', { packs: 3, spent: '250' })
  await refund(stack, customerId, 'back')
  expect(await creditsOf(stack, customerId)).toBe('0 of 250, 250 used, 250 owed')
  await buy(stack, customerId, { key: 'second' })
  expect(await creditsOf(stack, customerId)).toBe('0 of 250, 250 used, 150 owed')
  await grantCredits(stack, { customerId, amount: '30', idempotencyKey: 'gift' })
  expect(await creditsOf(stack, customerId)).toBe('30 of 280, 250 used, 150 owed')
  await buy(stack, customerId, { packs: 2, key: 'third' })
  expect(await creditsOf(stack, customerId)).toBe('80 of 230, 150 used')
})

test('R03 two refunds of 80 of a payment of 100 at once: one succeeds, the other says what is left', async () => {
  const customerId = await buyer('r03')
  const { id: paymentId } = await newestPayment(stack, customerId)
  const answers = await atOnce(2, (index) =>
    askRefundPayment(stack, { paymentId, amount: '80.00', idempotencyKey: `r03-${index}` }),
  )
  const told = answers.map(({ data, errors }) => data?.refundPayment.status ?? errors[0]?.extensions.code ?? 'nothing')
  expect(tally(told)).toEqual({ SUCCEEDED: 1, INVALID_INPUT: 1 })
  expect(await refundsAt(customerId)).toEqual([8_000])
  expect(await creditsOf(stack, customerId)).toBe('200 of 200, 0 used')
  expect(await newestPayment(stack, customerId)).toMatchObject({ status: 'PARTIALLY_REFUNDED', refundable: '20.00' })
})

test('R03 twenty refunds of 7.00 at once never pass the 100.00 that were paid', async () => {
  const customerId = await buyer('r03-many')
  const { id: paymentId } = await newestPayment(stack, customerId)
  await atOnce(20, (index) => askRefundPayment(stack, { paymentId, amount: '7', idempotencyKey: `r03-${index}` }))
  expect(await refundsAt(customerId)).toEqual(Array(14).fill(700))
  expect(await creditsOf(stack, customerId)).toBe('20 of 20, 0 used')
})

test('R05 the provider refunded and the answer was lost: a retry finds it, and there is one refund', async () => {
  const customerId = await buyer('r05')
  const { id: paymentId } = await newestPayment(stack, customerId)
  const ask = () => askRefundPayment(stack, { paymentId, amount: '40.00', idempotencyKey: 'lost' })
  await breakProvider(stack, { match: 'POST /v1/refunds', fault: 'drop_after', times: 3 })
  await breakProvider(stack, { match: 'GET /v1/refunds', fault: 'drop_before', times: 1_000 })
  expect(await faultOf(ask())).toBe('PAYMENT_PROVIDER_UNAVAILABLE')
  expect(await creditsOf(stack, customerId)).toBe('1000 of 1000, 0 used')
  expect(await newestPayment(stack, customerId)).toMatchObject({
    refunds: [{ status: 'PENDING' }],
    refundable: '60.00',
  })
  await repairProvider(stack)
  expect((await dataOf(ask())).refundPayment).toMatchObject({ status: 'SUCCEEDED', amount: '40.00' })
  expect(await refundsAt(customerId)).toEqual([4_000])
  expect(await creditsOf(stack, customerId)).toBe('600 of 600, 0 used')
})

test('R05 the process died before it asked: the janitor asks, and the provider forgetting the key changes nothing', async () => {
  const customerId = await buyer('r05-died')
  const { id } = await newestPayment(stack, customerId)
  const stored = `${id.slice(4, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20, 24)}-${id.slice(24)}`
  await stack.database.query(
    `insert into refund (id, payment_id, status, amount_minor, currency, created_at)
     values (gen_random_uuid(), $1, 'PENDING', 2500, 'USD', now() - interval '1 minute')`,
    [stored],
  )
  await untilCredits(stack, customerId, '750 of 750, 0 used')
  await quiet(stack)
  // As if a crash had followed the provider's answer, a day ago: nothing is known here, nor of the key there.
  await stack.database.query(
    `update refund set status = 'PENDING', provider_refund_id = null, asked_at = now() - interval '25 hours' where payment_id = $1`,
    [stored],
  )
  await until(
    () => newestPayment(stack, customerId),
    ({ refunds }) => refunds[0]?.status === 'SUCCEEDED',
  )
  expect(await refundsAt(customerId)).toEqual([2_500])
  expect(await creditsOf(stack, customerId)).toBe('750 of 750, 0 used')
})

test('the same key is the same refund; with other input it is refused', async () => {
  const customerId = await buyer('twice')
  const { id: paymentId } = await newestPayment(stack, customerId)
  const input = { paymentId, amount: '10.00', reason: 'Sorry', idempotencyKey: 'once' }
  const refunds = await atOnce(3, () => refundPayment(stack, input))
  expect(new Set(refunds.map(({ id }) => id)).size).toBe(1)
  expect(await refundsAt(customerId)).toEqual([1_000])
  expect(await faultOf(askRefundPayment(stack, { ...input, amount: '11.00' }))).toBe(
    'IDEMPOTENCY_CONFLICT idempotencyKey',
  )
})

test.each(['0', '-1.00', '1.001', '100.01', 'all'])('%s is no amount of a payment of 100.00', async (amount) => {
  const customerId = await signUp(stack, `amount${amount.length}${amount.charCodeAt(0)}`, 'prepaid')
  await buy(stack, customerId, { packs: 10 })
  const { id: paymentId } = await newestPayment(stack, customerId)
  const refused = askRefundPayment(stack, { paymentId, amount, idempotencyKey: 'bad' })
  expect(await faultOf(refused)).toMatch(/^INVALID_INPUT/)
  expect(await refundsAt(customerId)).toEqual([])
})

test('R09 an invoice whose payment was refunded in full does not look paid', async () => {
  const customerId = await start(stack, 'r09', 'premium')
  expect(await invoiceOf(customerId)).toMatchObject({ status: 'PAID', paid: '100.00', amountRefunded: '0.00' })
  await refund(stack, customerId, 'a', '30.00')
  expect(await invoiceOf(customerId)).toMatchObject({ amountRefunded: '30.00', amountDue: '0.00' })
  await refund(stack, customerId, 'b')
  expect(await invoiceOf(customerId)).toMatchObject({ paid: '100.00', amountRefunded: '100.00' })
  expect(await newestPayment(stack, customerId)).toMatchObject({ status: 'REFUNDED', grant: null })
  expect(await creditsOf(stack, customerId)).toBe('105 of 105, 0 used')
  const { pageUrl } = await invoiceOf(customerId)
  expect((await fetch(`${pageUrl}.pdf`)).status).toBe(200)
})

async function invoiceOf(customerId: string): Promise<{ pageUrl: string }> {
  const document = `query ($id: ID!) { invoices(customerId: $id, first: 1) { nodes {
    status total paid amountDue amountRefunded pageUrl } } }`
  const answer = stack.query<{ invoices: { nodes: { pageUrl: string }[] } }>(document, { id: customerId })
  return (await dataOf(answer)).invoices.nodes[0] as { pageUrl: string }
}

test('R10 100 paid and 50 promotional, 60 spent promotional first: a full refund takes 90, and 10 are owed', async () => {
  const customerId = await signUp(stack, 'r10', 'prepaid')
  await grantCredits(stack, { customerId, amount: '50', idempotencyKey: 'promo', priority: 1 })
  await buy(stack, customerId)
  await spend(customerId, '60')
  await refund(stack, customerId, 'back')
  expect(await creditsOf(stack, customerId)).toBe('0 of 10, 10 used, 10 owed')
  expect(await entriesOf(stack, customerId, 1)).toEqual(['VOID -90'])
})

test('R10 promotional credits that are left stay when the payment goes back', async () => {
  const customerId = await signUp(stack, 'r10-kept', 'prepaid')
  await buy(stack, customerId)
  await grantCredits(stack, { customerId, amount: '50', idempotencyKey: 'promo' })
  await spend(customerId, '60')
  await refund(stack, customerId, 'back')
  expect(await creditsOf(stack, customerId)).toBe('50 of 110, 60 used, 60 owed')
})

test('what account credit paid for stays: the payment alone goes back, and the credits that it had bought', async () => {
  const customerId = await signUp(stack, 'credit', 'prepaid')
  await buy(stack, customerId, { packs: 4, key: 'first' })
  const invoiceId = (await bills(stack, customerId))[0]?.id
  const note = `mutation ($input: CreditNoteInput!) { createCreditNote(input: $input) { id } }`
  const input = { invoiceId, amount: '4.00', reason: 'Sorry', idempotencyKey: 'note' }
  await dataOf(stack.query(note, { input }))
  await spend(customerId, '400')
  await buy(stack, customerId, { key: 'second' })
  expect(await newestPayment(stack, customerId)).toMatchObject({ amount: '6.00' })
  await refund(stack, customerId, 'back')
  expect(await creditsOf(stack, customerId)).toBe('40 of 40, 0 used')
})

test('each change is told to those who listen', async () => {
  await stack.database.query(
    `insert into webhook_endpoint (id, project_id, url, types, secrets) values (gen_random_uuid(), $1, 'http://localhost:1', '{}', '[]')`,
    [stack.project.id],
  )
  const customerId = await buyer('listens', { packs: 1, spent: '30' })
  await refund(stack, customerId, 'a', '8.00')
  await buy(stack, customerId, { key: 'again' })
  await stack.database.query(`delete from webhook_endpoint`)
  const told = await stack.database.query<{ type: string; data: object }>(
    `select type, data from outbound_event where type ~ '^(payment.refunded|debt)' order by id`,
  )
  expect(told.map(({ type }) => type)).toEqual(['debt.created', 'payment.refunded', 'debt.settled'])
  const [created, refunded, settled] = told.map(({ data }) => data)
  const { id: paymentId } = (await payments(stack, customerId))[1] as { id: string }
  expect(created).toMatchObject({ customerId, paymentId, creditType: 'credits', credits: '10' })
  expect(refunded).toMatchObject({ customerId, paymentId, amount: '8.00', currency: 'USD', refunded: '8.00' })
  expect(settled).toMatchObject({ customerId, paymentId, creditType: 'credits', credits: '10' })
})

test('parts of a refund are counted from their sum: thirds of 100 credits leave nothing and take no more', async () => {
  const customerId = await buyer('thirds', { packs: 1 })
  await refund(stack, customerId, 'a', '3.33')
  expect(await creditsOf(stack, customerId)).toBe('66.7 of 66.7, 0 used')
  await spend(customerId, '50.000000001')
  await refund(stack, customerId, 'b', '3.33')
  expect(await creditsOf(stack, customerId)).toBe('0 of 50.000000001, 50.000000001 used, 16.600000001 owed')
  await refund(stack, customerId, 'c')
  expect(await creditsOf(stack, customerId)).toBe('0 of 50.000000001, 50.000000001 used, 50.000000001 owed')
  expect(await refundsAt(customerId)).toEqual([334, 333, 333])
})

test('usage that is voided after the refund settles the debt first', async () => {
  const customerId = await buyer('undone', { packs: 1, spent: '60' })
  await refund(stack, customerId, 'back', '5.00')
  expect(await creditsOf(stack, customerId)).toBe('0 of 60, 60 used, 10 owed')
  await voidUsage(stack, customerId, 'spent')
  expect(await creditsOf(stack, customerId)).toBe('50 of 50, 0 used')
  expect(await textsOf(stack, customerId, 2)).toEqual([
    'Given back: 60 × character_generation',
    'Taken back: it was refunded while it was in use',
  ])
})

test('credits that are held count as spent: what a hold gives back later settles the debt, what it uses stays owed', async () => {
  const customerId = await buyer('holds', { packs: 1 })
  const given = await createHold(stack, { customerId, quantity: '30', idempotencyKey: 'given back' })
  const used = await createHold(stack, { customerId, quantity: '20', idempotencyKey: 'used' })
  await refund(stack, customerId, 'back')
  expect(await creditsOf(stack, customerId)).toBe('0 of 50, 0 used, 50 held, 50 owed')
  await releaseHold(stack, given.hold?.id as string)
  expect(await creditsOf(stack, customerId)).toBe('0 of 20, 0 used, 20 held, 20 owed')
  await captureHold(stack, used.hold?.id as string, '15')
  expect(await creditsOf(stack, customerId)).toBe('0 of 15, 15 used, 15 owed')
  await buy(stack, customerId, { key: 'again' })
  expect(await creditsOf(stack, customerId)).toBe('85 of 100, 15 used')
})

test('a voided grant: what the operator took counts for the refund, and only what was drawn is a debt', async () => {
  const customerId = await buyer('voided', { packs: 1, spent: '30' })
  const { grant } = await newestPayment(stack, customerId)
  const document = `mutation ($id: ID!) { voidGrant(grantId: $id, idempotencyKey: "void") { remaining } }`
  await dataOf(stack.query(document, { id: grant?.id }))
  expect(await creditsOf(stack, customerId)).toBe('0 of 0, 0 used')
  await refund(stack, customerId, 'unspent', '7.00')
  expect(await creditsOf(stack, customerId)).toBe('0 of 0, 0 used')
  await refund(stack, customerId, 'rest')
  expect((await newestPayment(stack, customerId)).grant).toMatchObject({ remaining: '0', owed: '30' })
  const again = stack.query(document.replace('"void"', '"again"'), { id: grant?.id })
  expect(await faultOf(again)).toBe('CONFLICT grantId')
})

test('a refund on the provider’s own pages does the same, however its events arrive', async () => {
  const customerId = await buyer('dashboard', { packs: 1, spent: '20' })
  const payment_intent = await providerPaymentOf(stack, customerId)
  await inTurn(2, () => stripeAt(stack).refunds.create({ payment_intent, amount: 450 }))
  await untilCredits(stack, customerId, '0 of 20, 20 used, 10 owed')
  await quiet(stack)
  const object = { id: 'ch_any', object: 'charge', payment_intent, metadata: {} }
  const bodies = ['charge.refunded', 'refund.updated', 'refund.created'].map((type) =>
    JSON.stringify({ id: `evt_${type}`, object: 'event', type, created: 1, livemode: false, data: { object } }),
  )
  await Promise.all([...bodies, ...bodies.reverse()].map((body) => deliver(stack, body, signatureOf(body))))
  await quiet(stack)
  expect(await creditsOf(stack, customerId)).toBe('0 of 20, 20 used, 10 owed')
  expect(await newestPayment(stack, customerId)).toMatchObject({ refunded: '9.00', refunds: [{}, {}] })
})

test('a refund that the bank takes its time for leaves the credits until it succeeds; what is spent meanwhile is owed', async () => {
  const customerId = await buyer('pending', { packs: 1, card: REFUND_PENDING_CARD })
  expect(await refund(stack, customerId, 'back')).toMatchObject({ status: 'PENDING' })
  expect(await newestPayment(stack, customerId)).toMatchObject({ refunded: '0.00', refundable: '0.00' })
  await spend(customerId, '40')
  await untilCredits(stack, customerId, '0 of 40, 40 used, 40 owed')
  expect(await newestPayment(stack, customerId)).toMatchObject({
    status: 'REFUNDED',
    refunds: [{ status: 'SUCCEEDED' }],
  })
})

test('a refund that fails after it had succeeded gives the credits back, and forgives the debt', async () => {
  const customerId = await buyer('fails', { packs: 1, spent: '40', card: REFUND_FAILS_CARD })
  expect(await refund(stack, customerId, 'back')).toMatchObject({ status: 'SUCCEEDED' })
  expect(await creditsOf(stack, customerId)).toBe('0 of 40, 40 used, 40 owed')
  await untilCredits(stack, customerId, '60 of 100, 40 used')
  expect(await newestPayment(stack, customerId)).toMatchObject({
    status: 'SUCCEEDED',
    refunded: '0.00',
    refundable: '10.00',
    refunds: [{ status: 'FAILED', failure: 'expired_or_canceled_card' }],
  })
  expect((await bills(stack, customerId))[0]).toMatchObject({ status: 'PAID' })
})

test('the provider refuses what it has given back already: that refund has failed, and the other one is known now', async () => {
  const customerId = await buyer('refused', { packs: 1 })
  const { id: paymentId } = await newestPayment(stack, customerId)
  await quiet(stack)
  // Nobody here hears of the other refund.
  await breakProvider(stack, { match: 'GET /v1/refunds', fault: 'drop_before', times: 1_000 })
  await stripeAt(stack).refunds.create({ payment_intent: await providerPaymentOf(stack, customerId) })
  await until(
    () => stack.database.query('select attempts from provider_event where processed_at is null and attempts > 0'),
    (failed) => failed.length === 2,
  )
  await repairProvider(stack)
  const refused = await refundPayment(stack, { paymentId, idempotencyKey: 'late' })
  expect(refused).toMatchObject({ status: 'FAILED', failure: expect.stringContaining('already been refunded') })
  expect(await creditsOf(stack, customerId)).toBe('0 of 0, 0 used')
  expect(await newestPayment(stack, customerId)).toMatchObject({ status: 'REFUNDED', refunded: '10.00' })
  expect(await refundsAt(customerId)).toEqual([1_000])
})

test('a payment that was returned because it came too late is no refund', async () => {
  const customerId = await signUp(stack, 'returned', 'prepaid')
  const token = await openBundleCheckout(stack, customerId)
  await payCheckout(stack, token)
  await stack.database.query(`update payment set status = 'REFUNDED', outcome = null where customer_pk = $1`, [
    await keyOf(stack.database, customerId),
  ])
  await stack.database.query(`update "grant" set payment_id = null where customer_pk = $1`, [
    await keyOf(stack.database, customerId),
  ])
  await stripeAt(stack).refunds.create({ payment_intent: await providerPaymentOf(stack, customerId) })
  await quiet(stack)
  const payment = await newestPayment(stack, customerId)
  expect(payment).toMatchObject({ status: 'RETURNED', refunds: [], refunded: '0.00', refundable: '0.00' })
  expect(await faultOf(askRefundPayment(stack, { paymentId: payment.id, idempotencyKey: 'x' }))).toBe(
    'CONFLICT paymentId',
  )
  expect(await creditsOf(stack, customerId)).toBe('100 of 100, 0 used')
})

test('a customer sees their own payments, in pages, and can refund none', async () => {
  const customerId = await buyer('sees', { packs: 1 })
  await inTurn(2, (index) => buy(stack, customerId, { key: `more-${index}` }))
  const token = await customerToken(stack, customerId)
  expect(await payments(stack, customerId, token)).toHaveLength(3)
  const document = `query ($id: ID!, $after: String) { payments(customerId: $id, first: 2, after: $after) {
    nodes { id } pageInfo { endCursor hasNextPage } } }`
  const page = async (after: string | null) =>
    (
      await dataOf(
        stack.query<{ payments: { nodes: object[]; pageInfo: { endCursor: string; hasNextPage: boolean } } }>(
          document,
          { id: customerId, after },
          token,
        ),
      )
    ).payments
  const first = await page(null)
  expect([first.nodes.length, first.pageInfo.hasNextPage]).toEqual([2, true])
  expect(await page(first.pageInfo.endCursor)).toMatchObject({ nodes: [{}], pageInfo: { hasNextPage: false } })
  const { id } = await newestPayment(stack, customerId)
  const attack = `mutation { refundPayment(input: { paymentId: "${id}", idempotencyKey: "mine" }) { id } }`
  expect(await faultOf(stack.query(attack, {}, token))).toBe('FORBIDDEN')
})

test('what was charged is never less than what went back', async () => {
  const { charged, refunded } = await moneyAt(stack)
  const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0)
  expect(sum(refunded)).toBeLessThanOrEqual(sum(charged))
})
