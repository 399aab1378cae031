import { invalidRequest, missingParam, noSuch, stateConflict } from './api-error.ts'
import { findCharge } from './charges.ts'
import type { Context, Route } from './context.ts'
import { isFrozen } from './disputes.ts'
import { emit, previousOf } from './events.ts'
import { newId } from './ids.ts'
import { createdWithin, listParams, page } from './list.ts'
import { mergeMetadata, metadata } from './metadata.ts'
import { methodBehind } from './methods-on-file.ts'
import { formatMoney } from './money.ts'
import type { Charge, Refund } from './objects.ts'
import { integer, oneOf, type Params, type RawParams, readParams, text } from './params.ts'
import { findPaymentIntent } from './payment-intents.ts'

/** How long the two slow test cards take to show their refund's real end. */
const SETTLE_SECONDS = 2

const createFields = {
  amount: integer({ min: 1 }),
  charge: text(),
  metadata,
  payment_intent: text(),
  reason: oneOf('duplicate', 'fraudulent', 'requested_by_customer'),
}

function createRefund(context: Context, raw: RawParams): object {
  const params = readParams(raw, createFields)
  const charge = chargeToRefund(context, params)
  const left = charge.amount - charge.amount_refunded
  const amount = params.amount ?? left
  checkRefundable(context, charge, amount, left)
  const refund = context.store.refunds.put({
    id: newId('refund'),
    object: 'refund',
    amount,
    balance_transaction: null,
    charge: charge.id,
    created: context.now,
    currency: charge.currency,
    customer: charge.customer,
    metadata: mergeMetadata({}, params.metadata),
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: params.reason ?? null,
    receipt_number: null,
    status: behaviourOf(context, charge) === 'pending_first' ? 'pending' : 'succeeded',
  })
  emit(context, 'refund.created', refund)
  emit(context, 'charge.refunded', addRefunded(context, charge, amount))
  return refund
}

function chargeToRefund(context: Context, params: Params<typeof createFields>): Charge {
  if (params.charge !== undefined && params.payment_intent !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: charge, payment_intent.')
  }
  if (params.charge !== undefined) return findCharge(context, params.charge, 'charge')
  if (params.payment_intent === undefined) throw missingParam('payment_intent')
  const intent = findPaymentIntent(context, params.payment_intent, 'payment_intent')
  if (intent.status === 'succeeded') return findCharge(context, intent.latest_charge as string)
  throw stateConflict(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`)
}

function checkRefundable(context: Context, charge: Charge, amount: number, left: number): void {
  if (charge.status !== 'succeeded') {
    throw stateConflict(`Charge ${charge.id} failed, so it cannot be refunded.`, { param: 'charge' })
  }
  if (isFrozen(context, charge)) {
    throw stateConflict(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
      code: 'charge_disputed',
    })
  }
  if (left === 0) {
    throw stateConflict(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' })
  }
  if (amount > left) {
    const [asked, rest] = [amount, left].map((each) => formatMoney(each, charge.currency))
    const message = `Refund amount (${asked}) is greater than unrefunded amount on charge (${rest})`
    throw stateConflict(message, { param: 'amount' })
  }
}

function addRefunded(context: Context, charge: Charge, amount: number): Charge {
  const refunded = charge.amount_refunded + amount
  return context.store.charges.put({ ...charge, amount_refunded: refunded, refunded: refunded === charge.amount })
}

function behaviourOf(context: Context, charge: Charge) {
  const method = context.store.paymentMethods.get(charge.payment_method)
  return method ? methodBehind(context, method).instrument.refund : 'succeeds'
}

/** Brings slow refunds to their end: pending ones succeed, those of the failing card fail and the money comes back. */
export function settleRefunds(context: Context, until = context.now): void {
  for (const refund of context.store.refunds.oldestFirst()) {
    if (refund.created + SETTLE_SECONDS > until || refund.status === 'failed') continue
    const charge = findCharge(context, refund.charge)
    if (refund.status === 'pending') {
      announceUpdate(context, context.store.refunds.put({ ...refund, status: 'succeeded' }), { status: 'pending' })
    } else if (behaviourOf(context, charge) === 'fails_later') {
      failRefund(context, refund, charge)
    }
  }
}

function failRefund(context: Context, refund: Refund, charge: Charge): void {
  const failed = context.store.refunds.put({
    ...refund,
    status: 'failed',
    failure_reason: 'expired_or_canceled_card',
  })
  addRefunded(context, charge, -refund.amount)
  announceUpdate(context, failed, { status: refund.status })
  emit(context, 'refund.failed', failed)
}

/** A refund's update has two names: an older one of the charge's, and its own. */
function announceUpdate(context: Context, refund: Refund, previous: Record<string, unknown>): void {
  emit(context, 'charge.refund.updated', refund, previous)
  emit(context, 'refund.updated', refund, previous)
}

function updateRefund(context: Context, raw: RawParams, id: string): object {
  const params = readParams(raw, { metadata })
  const before = findRefund(context, id)
  const after = { ...before, metadata: mergeMetadata(before.metadata, params.metadata) }
  announceUpdate(context, context.store.refunds.put(after), previousOf(before, after))
  return after
}

function findRefund(context: Context, id: string): Refund {
  const refund = context.store.refunds.get(id)
  if (!refund) throw noSuch('refund', id)
  return refund
}

function listRefunds(context: Context, raw: RawParams): object {
  const params = readParams(raw, { ...listParams, charge: text(), payment_intent: text() })
  const refunds = context.store.refunds.newestFirst(
    (refund) =>
      (params.charge ?? refund.charge) === refund.charge &&
      (params.payment_intent ?? refund.payment_intent) === refund.payment_intent &&
      createdWithin(refund, params),
  )
  return page(refunds, params, '/v1/refunds', 'refund')
}

export const refundRoutes: readonly Route[] = [
  { method: 'POST', path: '/v1/refunds', handler: createRefund },
  { method: 'GET', path: '/v1/refunds', handler: listRefunds },
  { method: 'GET', path: '/v1/refunds/:id', handler: (context, _params, id) => findRefund(context, id) },
  { method: 'POST', path: '/v1/refunds/:id', handler: updateRefund },
]
