import type Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { rejected, startSandbox, type TestServer, until } from './test-server.ts'

let server: TestServer
let stripe: Stripe

beforeEach(async () => {
  server = await startSandbox()
  stripe = server.stripe
})
afterEach(() => server.stop())

async function disputed(card: string) {
  const paid = await stripe.paymentIntents.create({
    amount: 5_000,
    currency: 'usd',
    payment_method: card,
    confirm: true,
    allowed_payment_method_types: ['card'],
  })
  expect(paid.status).toBe('succeeded')
  const { data } = await until(
    () => stripe.disputes.list({ payment_intent: paid.id }),
    (list) => list.data.length > 0,
  )
  return data[0] as Stripe.Dispute
}

async function disputeEvents() {
  return (await server.eventTypes()).filter((type) => type.startsWith('charge.dispute'))
}

test.each([
  ['pm_card_createDispute', 'fraudulent'],
  ['pm_card_createDisputeProductNotReceived', 'product_not_received'],
])('%s: the money goes, and comes back when the dispute is won', async (card, reason) => {
  const dispute = await disputed(card)
  expect(dispute).toMatchObject({ object: 'dispute', amount: 5_000, reason, status: 'needs_response' })
  const charge = dispute.charge as string
  expect((await stripe.charges.retrieve(charge)).disputed).toBe(true)
  expect(await rejected(stripe.refunds.create({ charge }))).toMatchObject({ code: 'charge_disputed' })
  const won = await stripe.disputes.update(dispute.id, { evidence: { uncategorized_text: 'winning_evidence' } })
  expect(won.status).toBe('won')
  expect(await disputeEvents()).toEqual([
    'charge.dispute.created',
    'charge.dispute.funds_withdrawn',
    'charge.dispute.updated',
    'charge.dispute.funds_reinstated',
    'charge.dispute.closed',
  ])
})

test('a lost dispute stays closed, and its charge cannot be refunded', async () => {
  const dispute = await disputed('pm_card_createDispute')
  const staged = { evidence: { uncategorized_text: 'losing_evidence' }, submit: false }
  expect((await stripe.disputes.update(dispute.id, staged)).status).toBe('needs_response')
  expect((await stripe.disputes.update(dispute.id, { submit: true })).status).toBe('lost')
  expect((await rejected(stripe.disputes.close(dispute.id))).statusCode).toBe(400)
  const refund = stripe.refunds.create({ charge: dispute.charge as string })
  expect(await rejected(refund)).toMatchObject({ code: 'charge_disputed' })
})

test('an inquiry moves no money, and the charge can be refunded', async () => {
  const inquiry = await disputed('pm_card_createDisputeInquiry')
  expect(inquiry.status).toBe('warning_needs_response')
  expect((await stripe.refunds.create({ charge: inquiry.charge as string })).status).toBe('succeeded')
  expect((await stripe.disputes.close(inquiry.id)).status).toBe('warning_closed')
  expect(await disputeEvents()).toEqual(['charge.dispute.created', 'charge.dispute.closed'])
})

test('evidence that decides nothing is under review, and metadata submits nothing', async () => {
  const dispute = await disputed('pm_card_createDispute')
  const noted = await stripe.disputes.update(dispute.id, { metadata: { ticket: '7' } })
  expect(noted).toMatchObject({ status: 'needs_response', evidence_details: { submission_count: 0 } })
  const evidence = { uncategorized_text: 'They logged in every day.' }
  const submitted = await stripe.disputes.update(dispute.id, { evidence })
  expect(submitted).toMatchObject({ status: 'under_review', evidence_details: { submission_count: 1 } })
  expect(await rejected(stripe.refunds.create({ charge: dispute.charge as string }))).toMatchObject({
    code: 'charge_disputed',
    message: `Charge ${dispute.charge} has been charged back; cannot issue a refund.`,
  })
})
