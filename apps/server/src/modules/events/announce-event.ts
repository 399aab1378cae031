import type { Transaction } from '../../platform/database.ts'
import { newId } from '../../platform/ids.ts'

/** Something that happened to a customer, as it is told to the project's endpoints. */
export interface HappenedEvent {
  readonly customerPk: number
  /** A noun and what happened to it: `grant.created`. */
  readonly type: EventType
  /** Fields as the API names them; ids as the API shows them; decimals as text. */
  readonly data: Readonly<Record<string, unknown>>
  /** In the project's time, epoch milliseconds. */
  readonly occurredAt: number
}

/** Every event that there is. */
export const EVENT_TYPES = [
  'grant.created',
  'grant.expired',
  'grant.voided',
  'hold.created',
  'hold.captured',
  'hold.released',
  'hold.expired',
  'balance.threshold_crossed',
  'spend_limit.reached',
  'budget.reached',
  'auto_top_up.succeeded',
  'auto_top_up.failed',
  'auto_top_up.needs_customer',
  'auto_top_up.limit_reached',
  'auto_top_up.runaway',
  'commitment.created',
  'commitment.ended',
  'debt.created',
  'debt.settled',
  'subscription.started',
  'subscription.changed',
  'subscription.renewed',
  'subscription.past_due',
  'subscription.paused',
  'subscription.resumed',
  'subscription.canceled',
  'invoice.issued',
  'invoice.paid',
  'invoice.voided',
  'invoice.uncollectible',
  'payment.succeeded',
  'payment.failed',
  'payment.refunded',
  'payment.disputed',
  'payment.dispute_won',
  'payment.dispute_lost',
  'endpoint.test',
] as const

export type EventType = (typeof EVENT_TYPES)[number]

/**
 * Writes down what has happened, in the transaction that makes it happen: told if that commits, and only then. A project
 * that nobody listens for writes nothing.
 */
export function announceEvent(tx: Transaction, { customerPk, type, data, occurredAt }: HappenedEvent): void {
  tx.send(
    `insert into outbound_event (id, project_id, customer_pk, type, data, occurred_at)
     select $1, c.project_id, c.pk, $3, jsonb_build_object('customerId', c.id) || $4::jsonb, $5 from customer c
     where c.pk = $2 and exists (
       select 1 from webhook_endpoint e where e.project_id = c.project_id and e.disabled_at is null
         and (cardinality(e.types) = 0 or $3 = any(e.types)))`,
    [newId(), customerPk, type, JSON.stringify(data), new Date(occurredAt)],
  )
}
