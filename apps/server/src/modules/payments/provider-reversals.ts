import type { Money } from '@florin/core'
import Stripe from 'stripe'
import {
  askAnew,
  disbelieved,
  expectObject,
  idOf,
  type Marked,
  metadataOf,
  moneyOf,
  providerAmount,
  REFERENCE,
  reached,
  wrongFields,
} from './provider-calls.ts'

/** What is asked of the provider. Equal input for an equal reference: the provider compares them. */
export interface RefundOrder {
  readonly providerPaymentId: string
  readonly amount: Money
  readonly reference: string
}

/** Money that went back, or is going to, whoever asked for it. */
export interface ProviderRefund {
  readonly id: string
  /** Ours, if we asked for it. */
  readonly reference: string | null
  readonly status: 'PENDING' | 'SUCCEEDED' | 'FAILED'
  readonly amount: Money
  readonly reason: string | null
  readonly failure: string | null
}

export interface ProviderDispute {
  readonly id: string
  readonly status: 'OPEN' | 'WON' | 'LOST'
  readonly amount: Money
  readonly reason: string | null
}

/** All that the provider knows of money that a payment has lost again, or may lose. Oldest first. */
export interface ProviderReversals {
  readonly refunds: readonly ProviderRefund[]
  readonly disputes: readonly ProviderDispute[]
}

/**
 * Asks for a refund. Asking again for the same one changes nothing.
 *
 * @returns the provider's reason if it refuses; null if it is being done.
 * @throws Fault PAYMENT_PROVIDER_UNAVAILABLE while nobody knows.
 */
export async function askRefund(stripe: Stripe, order: RefundOrder & Marked): Promise<string | null> {
  const { providerPaymentId, amount, reference } = order
  const params = { payment_intent: providerPaymentId, amount: providerAmount(amount) }
  return reached(async () => {
    try {
      const made = await stripe.refunds.create(
        { ...params, metadata: metadataOf(order) },
        { idempotencyKey: `florin_refund_${reference}` },
      )
      expectObject(made, 'refund')
      return null
    } catch (error) {
      if (error instanceof Stripe.errors.StripeInvalidRequestError) return error.message
      throw error
    }
  })
}

/** Gives all of a payment back, once: of a second time there is nothing left, and neither is there where its bank took it. */
export async function returnWhole(stripe: Stripe, providerPaymentId: string, key: string): Promise<void> {
  const params = { payment_intent: providerPaymentId }
  try {
    const made = await askAnew(key, (idempotencyKey) => stripe.refunds.create(params, { idempotencyKey }))
    expectObject(made, 'refund')
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error
    if (error.code === 'charge_already_refunded') return
    if (error.code !== 'charge_disputed' || !(await isChargedBack(stripe, providerPaymentId))) throw error
  }
}

/** Whether the bank has decided for the customer. While it has not, the payment may come back to be returned. */
async function isChargedBack(stripe: Stripe, providerPaymentId: string): Promise<boolean> {
  const params = { payment_intent: providerPaymentId, limit: 100 }
  const disputes = await all((after) => stripe.disputes.list({ ...params, ...after }))
  return disputes.some((dispute) => dispute?.status === 'lost' && idOf(dispute.payment_intent) === providerPaymentId)
}

/** The payment whose reversals are asked for, and what it must come to for an answer to be believed. */
export interface ReversalSubject {
  readonly providerPaymentId: string
  readonly paid: Money
}

/**
 * What went back of a payment, and what is disputed. An answer is believed only where refunds come to what the charge itself says
 * was refunded: two figures that are asked for apart. The charge is read before and after, so that a refund that is made meanwhile
 * is no contradiction.
 *
 * @throws Fault PAYMENT_PROVIDER_UNAVAILABLE
 */
export async function readReversals(stripe: Stripe, subject: ReversalSubject): Promise<ProviderReversals> {
  const params = { payment_intent: subject.providerPaymentId, limit: 100 }
  return reached(async () => {
    const [before, disputes] = await Promise.all([
      readRefunded(stripe, subject),
      all((after) => stripe.disputes.list({ ...params, ...after })),
    ])
    const refunds = await all((after) => stripe.refunds.list({ ...params, ...after }))
    const after = await readRefunded(stripe, subject)
    for (const refund of refunds) checkRefund(refund, subject)
    for (const dispute of disputes) checkDispute(dispute, subject)
    checkSum(refunds, before, after)
    return {
      refunds: refunds.reverse().map(toRefund),
      disputes: disputes.reverse().flatMap((dispute) => toDispute(dispute, subject)),
    }
  })
}

/** What the charge says that was refunded of it, as the provider counts money. */
async function readRefunded(stripe: Stripe, { providerPaymentId, paid }: ReversalSubject): Promise<number> {
  const charges = await all((after) => stripe.charges.list({ payment_intent: providerPaymentId, limit: 100, ...after }))
  const charge = charges.find(({ status }) => status === 'succeeded')
  const wrong = wrongFields({
    object: [charge?.object, 'charge'],
    payment_intent: [idOf(charge?.payment_intent), providerPaymentId],
    amount: [charge?.amount, providerAmount(paid)],
    currency: [charge?.currency, paid.currency.toLowerCase()],
    amount_refunded: [isAmount(charge?.amount_refunded), true],
  })
  if (!charge || wrong.length > 0) throw disbelieved('charge', wrong)
  return charge.amount_refunded
}

function checkRefund(refund: Stripe.Refund, { providerPaymentId, paid }: ReversalSubject): void {
  const wrong = wrongFields({
    object: [refund?.object, 'refund'],
    id: [typeof refund?.id, 'string'],
    status: [typeof refund?.status, 'string'],
    payment_intent: [idOf(refund?.payment_intent), providerPaymentId],
    amount: [isAmount(refund?.amount), true],
    currency: [refund?.currency, paid.currency.toLowerCase()],
  })
  if (wrong.length > 0) throw disbelieved('refund', wrong)
}

function checkDispute(dispute: Stripe.Dispute, { providerPaymentId, paid }: ReversalSubject): void {
  const wrong = wrongFields({
    object: [dispute?.object, 'dispute'],
    id: [typeof dispute?.id, 'string'],
    status: [typeof dispute?.status, 'string'],
    payment_intent: [idOf(dispute?.payment_intent), providerPaymentId],
    amount: [isAmount(dispute?.amount), true],
    currency: [dispute?.currency, paid.currency.toLowerCase()],
  })
  if (wrong.length > 0) throw disbelieved('dispute', wrong)
}

/** Refunds that have succeeded count, those that are pending or have failed may or may not: that differs by method. */
function checkSum(refunds: readonly Stripe.Refund[], before: number, after: number): void {
  const sum = (counted: readonly Stripe.Refund[]) => counted.reduce((total, { amount }) => total + amount, 0)
  const certain = sum(refunds.filter(({ status }) => status === 'succeeded'))
  if (certain > after || sum(refunds) < before) throw disbelieved('charge', ['amount_refunded'])
}

function isAmount(amount: unknown): boolean {
  return Number.isSafeInteger(amount) && (amount as number) >= 0
}

async function all<Item extends { id: string }>(
  list: (after: { starting_after?: string }) => Promise<Stripe.ApiList<Item>>,
): Promise<Item[]> {
  const items: Item[] = []
  for (;;) {
    const last = items.at(-1)
    const page = expectObject(await list(last ? { starting_after: last.id } : {}), 'list')
    items.push(...page.data)
    if (!page.has_more || page.data.length === 0) return items
  }
}

function toRefund(refund: Stripe.Refund): ProviderRefund {
  const { id, amount, currency, status, metadata, reason, failure_reason } = refund
  const failed = status === 'failed' || status === 'canceled'
  return {
    id,
    reference: metadata?.[REFERENCE] ?? null,
    status: status === 'succeeded' ? 'SUCCEEDED' : failed ? 'FAILED' : 'PENDING',
    amount: moneyOf(amount, currency),
    reason: reason ?? null,
    failure: failure_reason ?? (failed ? (status ?? null) : null),
  }
}

const OPEN = ['needs_response', 'under_review']

/**
 * A bank that only inquires has not taken the money yet: that is no dispute. One in another currency may ask for more than was
 * charged, as rates move; of what a customer has bought, it takes no more than all. What it takes less has no second figure.
 */
function toDispute(
  { id, amount, currency, status, reason }: Stripe.Dispute,
  { paid }: ReversalSubject,
): ProviderDispute[] {
  const known = status === 'won' ? 'WON' : status === 'lost' ? 'LOST' : OPEN.includes(status) ? 'OPEN' : null
  const taken = moneyOf(Math.min(amount, providerAmount(paid)), currency)
  return known ? [{ id, status: known, amount: taken, reason }] : []
}
