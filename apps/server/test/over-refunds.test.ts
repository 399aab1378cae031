import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from './at-once.ts'
import { faultOf } from './calls.ts'
import { breakProvider, repairProvider, stripeAt } from './provider.ts'
import { askRefundPayment, buyer, newestPayment, providerPaymentOf, quiet, refundsAt } from './refunding.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample } from './worked-example.ts'

// Refunds on the provider's own pages, credit notes and refunds of ours share one limit: what was paid.

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())

/** A payment of 100.00, and a refund of it on the provider's pages of which no event arrives before `rest` is done. */
async function refundedUnheard(name: string, amount: number, rest: (ids: Ids) => Promise<unknown>): Promise<string> {
  const customerId = await buyer(stack, name, { packs: 10 })
  await quiet(stack)
  const { id: paymentId, invoiceId } = await newestPayment(stack, customerId)
  const payment_intent = await providerPaymentOf(stack, customerId)
  await stack.database.query(`create function hold_event() returns trigger language plpgsql as
    'begin new.next_attempt_at = now() + interval ''1 hour''; return new; end'`)
  await stack.database.query(
    `create trigger hold_events before insert on provider_event for each row when (new.outcome is null) execute function hold_event()`,
  )
  try {
    await stripeAt(stack).refunds.create({ payment_intent, amount })
    await rest({ paymentId, invoiceId: invoiceId as string })
  } finally {
    await stack.database.query(`drop trigger hold_events on provider_event`)
    await stack.database.query(`drop function hold_event`)
  }
  await stack.database.query(`update provider_event set next_attempt_at = now() where outcome is null`)
  await quiet(stack)
  return customerId
}

interface Ids {
  readonly paymentId: string
  readonly invoiceId: string
}

const noteOf = (invoiceId: string, amount: string, idempotencyKey = 'note') =>
  stack.query(`mutation ($input: CreditNoteInput!) { createCreditNote(input: $input) { number } }`, {
    input: { invoiceId, amount, reason: 'Sorry', idempotencyKey },
  })

test('90.00 went back on the provider’s pages and nobody has heard of it: no credit note of 30.00, and one of 10.00', async () => {
  const customerId = await refundedUnheard('unheard-note', 9_000, async ({ invoiceId }) => {
    expect(await faultOf(noteOf(invoiceId, '30.00'))).toBe('INVALID_INPUT amount')
    await breakProvider(stack, { match: 'GET /v1/refunds', fault: 'drop_before', times: 1_000 })
    expect(await faultOf(noteOf(invoiceId, '10.00'))).toBe('PAYMENT_PROVIDER_UNAVAILABLE')
    await repairProvider(stack)
    expect((await noteOf(invoiceId, '10.00')).errors).toEqual([])
    await breakProvider(stack, { match: 'GET /v1/refunds', fault: 'drop_before', times: 1_000 })
    expect((await noteOf(invoiceId, '10.00')).errors).toEqual([])
    await repairProvider(stack)
  })
  expect(await newestPayment(stack, customerId)).toMatchObject({
    refunded: '90.00',
    refundable: '0.00',
    overRefunded: '0.00',
  })
})

test('a refund that a refund elsewhere and a credit note leave no room for is not made', async () => {
  const customerId = await refundedUnheard('unheard-refund', 2_000, async ({ paymentId, invoiceId }) => {
    const asked = askRefundPayment(stack, { paymentId, amount: '90.00', idempotencyKey: 'r' })
    expect((await asked).data?.refundPayment).toMatchObject({ status: 'FAILED' })
    expect((await noteOf(invoiceId, '30.00')).errors).toEqual([])
    const rest = askRefundPayment(stack, { paymentId, amount: '50.00', idempotencyKey: 'rest' })
    expect((await rest).data?.refundPayment).toMatchObject({ status: 'SUCCEEDED' })
  })
  expect((await refundsAt(stack, customerId)).sort()).toEqual([2_000, 5_000])
  expect(await newestPayment(stack, customerId)).toMatchObject({ refunded: '70.00', overRefunded: '0.00' })
})

test('what the provider gave back beyond a credit note is written down as that, told once, and nothing more goes back', async () => {
  await stack.database.query(
    `insert into webhook_endpoint (id, project_id, url, types, secrets)
     values (gen_random_uuid(), $1, 'http://localhost:1', '{payment.over_refunded}', '[]')`,
    [stack.project.id],
  )
  const customerId = await buyer(stack, 'too-much', { packs: 10 })
  const { id: paymentId, invoiceId } = await newestPayment(stack, customerId)
  expect((await noteOf(invoiceId as string, '30.00')).errors).toEqual([])
  await stripeAt(stack).refunds.create({ payment_intent: await providerPaymentOf(stack, customerId), amount: 9_000 })
  await until(
    () => newestPayment(stack, customerId),
    ({ overRefunded }) => overRefunded === '20.00',
  )
  await quiet(stack)
  expect(await faultOf(askRefundPayment(stack, { paymentId, idempotencyKey: 'more' }))).toBe('CONFLICT paymentId')
  expect(await faultOf(noteOf(invoiceId as string, '0.01', 'more'))).toBe('CONFLICT invoiceId')
  const told = await stack.database.query<{ data: object }>(
    `select data from outbound_event where type = 'payment.over_refunded'`,
  )
  await stack.database.query(`delete from webhook_endpoint`)
  expect(told).toEqual([
    { data: { customerId, paymentId, invoiceId, amount: '20.00', currency: 'USD', refunded: '90.00' } },
  ])
})

test.each([1, 2, 3])(
  'a credit note of 30.00 and a refund elsewhere of 90.00 at once, round %i: what is too much is known',
  async (round) => {
    const customerId = await buyer(stack, `raced-${round}`, { packs: 10 })
    const { invoiceId } = await newestPayment(stack, customerId)
    const payment_intent = await providerPaymentOf(stack, customerId)
    const [noted] = await Promise.all([
      noteOf(invoiceId as string, '30.00'),
      stripeAt(stack).refunds.create({ payment_intent, amount: 9_000 }),
    ])
    await quiet(stack)
    const overRefunded = noted.errors.length === 0 ? '20.00' : '0.00'
    expect(await newestPayment(stack, customerId)).toMatchObject({ refunded: '90.00', overRefunded })
  },
)
