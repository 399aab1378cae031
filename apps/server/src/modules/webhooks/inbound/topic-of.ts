/** Which of our own things an event of the provider's is news of. */
export type Topic =
  /** A payment or a checkout, which carries our reference. */
  | 'collection'
  /** Money that went back, or is disputed: names the provider's payment. */
  | 'reversal'
  /** The same, for a warning of the card's network. */
  | 'fraud'
  | 'customer'
  | 'method'

const TOPICS: Readonly<Record<string, Topic>> = {
  'checkout.session.completed': 'collection',
  'checkout.session.expired': 'collection',
  'checkout.session.async_payment_succeeded': 'collection',
  'checkout.session.async_payment_failed': 'collection',
  'payment_intent.succeeded': 'collection',
  'payment_intent.payment_failed': 'collection',
  'payment_intent.canceled': 'collection',
  'payment_intent.processing': 'collection',
  'payment_intent.requires_action': 'collection',
  'charge.succeeded': 'collection',
  'charge.failed': 'collection',
  'charge.pending': 'collection',
  'setup_intent.succeeded': 'collection',
  'setup_intent.setup_failed': 'collection',
  'setup_intent.canceled': 'collection',
  'charge.refunded': 'reversal',
  'charge.refund.updated': 'reversal',
  'charge.dispute.created': 'reversal',
  'charge.dispute.updated': 'reversal',
  'charge.dispute.closed': 'reversal',
  'charge.dispute.funds_withdrawn': 'reversal',
  'charge.dispute.funds_reinstated': 'reversal',
  'refund.created': 'reversal',
  'refund.updated': 'reversal',
  'refund.failed': 'reversal',
  'radar.early_fraud_warning.created': 'fraud',
  'radar.early_fraud_warning.updated': 'fraud',
  'customer.deleted': 'customer',
  'payment_method.detached': 'method',
  'payment_method.updated': 'method',
  'payment_method.automatically_updated': 'method',
}

/** Null: nothing that Florin keeps. What has only begun is nothing either: asking about it meets the request that began it. */
export function topicOf(type: string): Topic | null {
  return TOPICS[type] ?? null
}

/**
 * The types that a sweep asks for: the provider lists twenty at most at a time, and the others tell nothing that these don't,
 * because the whole state of what they name is read anyway.
 */
export const SWEPT_TYPES: readonly string[] = [
  'checkout.session.completed',
  'checkout.session.expired',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
  'payment_intent.succeeded',
  'payment_intent.payment_failed',
  'payment_intent.canceled',
  'payment_intent.processing',
  'charge.refunded',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.closed',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'radar.early_fraud_warning.created',
  'customer.deleted',
  'payment_method.detached',
  'payment_method.updated',
  'payment_method.automatically_updated',
]
