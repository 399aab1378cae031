import type { Money } from '@florin/core'
import Stripe from 'stripe'
import { askAnew, expectObject, moneyOf, providerAmount, REFERENCE, reached } from './provider-calls.ts'

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
export async function askRefund(stripe: Stripe, order: RefundOrder): Promise<string | null> {
  const { providerPaymentId, amount, reference } = order
  const params = { payment_intent: providerPaymentId, amount: providerAmount(amount) }
  return reached(async () => {
    try {
      const made = await stripe.refunds.create(
        { ...params, metadata: { [REFERENCE]: reference } },
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

/** Gives all of a payment back, once: of a second time there is nothing left. */
export async function returnWhole(stripe: Stripe, providerPaymentId: string, key: string): Promise<void> {
  const params = { payment_intent: providerPaymentId }
  try {
    const made = await askAnew(key, (idempotencyKey) => stripe.refunds.create(params, { idempotencyKey }))
    expectObject(made, 'refund')
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error
    if (error.code !== 'charge_already_refunded') throw error
  }
}

/** @throws Fault PAYMENT_PROVIDER_UNAVAILABLE */
export async function readReversals(stripe: Stripe, providerPaymentId: string): Promise<ProviderReversals> {
  const params = { payment_intent: providerPaymentId, limit: 100 }
  return reached(async () => {
    const [refunds, disputes] = await Promise.all([
      all((after) => stripe.refunds.list({ ...params, ...after })),
      all((after) => stripe.disputes.list({ ...params, ...after })),
    ])
    return { refunds: refunds.reverse().map(toRefund), disputes: disputes.reverse().flatMap(toDispute) }
  })
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

/** A bank that only inquires has not taken the money yet: that is no dispute. */
function toDispute({ id, amount, currency, status, reason }: Stripe.Dispute): ProviderDispute[] {
  const known = status === 'won' ? 'WON' : status === 'lost' ? 'LOST' : OPEN.includes(status) ? 'OPEN' : null
  return known ? [{ id, status: known, amount: moneyOf(amount, currency), reason }] : []
}
