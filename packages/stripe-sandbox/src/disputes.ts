import { noSuch, stateConflict } from './api-error.ts'
import { findCharge } from './charges.ts'
import type { Context, Route } from './context.ts'
import { emit, previousOf } from './events.ts'
import { newId } from './ids.ts'
import { createdWithin, listParams, page } from './list.ts'
import { mergeMetadata, metadata } from './metadata.ts'
import { methodBehind } from './methods-on-file.ts'
import type { Charge, Dispute } from './objects.ts'
import { boolean, object, type RawParams, readParams, text } from './params.ts'

/** A merchant has about a week to answer; the sandbox sets the date and doesn't enforce it. */
const RESPONSE_SECONDS = 7 * 24 * 60 * 60

/** A bank takes at least this long to hear of a charge and dispute it. */
const OPEN_AFTER_SECONDS = 2

/** Opens the disputes of charges whose cards are for that; shortly after the charge, as a bank would. */
export function openDisputes(context: Context, until = context.now): void {
  for (const { id } of context.store.disputesToCome.oldestFirst()) {
    const charge = findCharge(context, id)
    if (charge.created + OPEN_AFTER_SECONDS > until) continue
    context.store.disputesToCome.delete(id)
    openDispute(context, charge)
  }
}

/** Money moves at once, unless the bank only inquires. */
function openDispute(context: Context, charge: Charge): void {
  const behaviour = disputeOf(context, charge)
  const inquiry = behaviour === 'inquiry'
  const dispute = context.store.disputes.put({
    id: newId('dispute'),
    object: 'dispute',
    amount: charge.amount,
    charge: charge.id,
    created: context.now,
    currency: charge.currency,
    evidence: { uncategorized_text: null },
    evidence_details: {
      due_by: context.now + RESPONSE_SECONDS,
      has_evidence: false,
      past_due: false,
      submission_count: 0,
    },
    is_charge_refundable: inquiry,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason: behaviour === 'product_not_received' ? behaviour : 'fraudulent',
    status: inquiry ? 'warning_needs_response' : 'needs_response',
  })
  context.store.charges.put({ ...charge, disputed: true })
  emit(context, 'charge.dispute.created', dispute)
  if (!inquiry) emit(context, 'charge.dispute.funds_withdrawn', dispute)
}

function disputeOf(context: Context, charge: Charge) {
  const method = context.store.paymentMethods.get(charge.payment_method)
  return method ? methodBehind(context, method).instrument.dispute : 'never'
}

/** Whether an open or lost dispute forbids to refund a charge. */
export function isFrozen(context: Context, charge: Charge): boolean {
  if (!charge.disputed) return false
  const [latest] = context.store.disputes.newestFirst((dispute) => dispute.charge === charge.id)
  return latest !== undefined && !latest.is_charge_refundable
}

function updateDispute(context: Context, raw: RawParams, id: string): object {
  const shape = { evidence: object({ uncategorized_text: text(20_000) }), metadata, submit: boolean }
  const params = readParams(raw, shape)
  const before = findOpenDispute(context, id)
  const evidence = params.evidence?.uncategorized_text ?? before.evidence.uncategorized_text
  const submitted = params.submit ?? params.evidence !== undefined
  const dispute = context.store.disputes.put({
    ...before,
    evidence: { uncategorized_text: evidence },
    evidence_details: {
      ...before.evidence_details,
      has_evidence: evidence !== null,
      submission_count: before.evidence_details.submission_count + (submitted ? 1 : 0),
    },
    metadata: mergeMetadata(before.metadata, params.metadata),
    status: submitted ? underReview(before) : before.status,
  })
  emit(context, 'charge.dispute.updated', dispute, previousOf(before, dispute))
  if (!submitted) return dispute
  return decide(context, dispute, evidence)
}

function underReview(dispute: Dispute): Dispute['status'] {
  return dispute.status.startsWith('warning') ? 'warning_under_review' : 'under_review'
}

/** The evidence's text alone decides. Source: docs.stripe.com/testing, "Evidence". */
function decide(context: Context, dispute: Dispute, evidence: string | null): Dispute {
  if (evidence === 'winning_evidence') return close(context, dispute, true)
  if (evidence === 'losing_evidence') return close(context, dispute, false)
  return dispute
}

function close(context: Context, dispute: Dispute, won: boolean): Dispute {
  const inquiry = dispute.status.startsWith('warning')
  const status = inquiry ? 'warning_closed' : won ? 'won' : 'lost'
  const closed = context.store.disputes.put({ ...dispute, status, is_charge_refundable: status !== 'lost' })
  if (status === 'won') emit(context, 'charge.dispute.funds_reinstated', closed)
  emit(context, 'charge.dispute.closed', closed)
  return closed
}

/** The merchant accepts the dispute. */
function closeDispute(context: Context, raw: RawParams, id: string): object {
  readParams(raw, {})
  return close(context, findOpenDispute(context, id), false)
}

function findDispute(context: Context, id: string): Dispute {
  const dispute = context.store.disputes.get(id)
  if (!dispute) throw noSuch('dispute', id)
  return dispute
}

function findOpenDispute(context: Context, id: string): Dispute {
  const dispute = findDispute(context, id)
  if (!['won', 'lost', 'warning_closed'].includes(dispute.status)) return dispute
  throw stateConflict(`This dispute is already closed. Its status is ${dispute.status}.`)
}

/** Whoever asks for disputes has the payment already: those to come are opened first. */
function listDisputes(context: Context, raw: RawParams): object {
  const params = readParams(raw, { ...listParams, charge: text(), payment_intent: text() })
  openDisputes(context, Number.POSITIVE_INFINITY)
  const disputes = context.store.disputes.newestFirst(
    (dispute) =>
      (params.charge ?? dispute.charge) === dispute.charge &&
      (params.payment_intent ?? dispute.payment_intent) === dispute.payment_intent &&
      createdWithin(dispute, params),
  )
  return page(disputes, params, '/v1/disputes', 'dispute')
}

export const disputeRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/disputes', handler: listDisputes },
  { method: 'GET', path: '/v1/disputes/:id', handler: (context, _params, id) => findDispute(context, id) },
  { method: 'POST', path: '/v1/disputes/:id', handler: updateDispute },
  { method: 'POST', path: '/v1/disputes/:id/close', handler: closeDispute },
]
