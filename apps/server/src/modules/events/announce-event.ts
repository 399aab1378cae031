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
 * that has no endpoint for it writes nothing; what a disabled endpoint misses is kept, to be replayed.
 * Takes the customer's lock, so that the numbers of their events grow in the order of the commits.
 */
export function announceEvent(tx: Transaction, { customerPk, type, data, occurredAt }: HappenedEvent): void {
  tx.send(
    `with wanted as (
       select c.pk, c.project_id, c.id from customer c where c.pk = $2 and exists (
         select 1 from webhook_endpoint e where e.project_id = c.project_id
           and (cardinality(e.types) = 0 or $3 = any(e.types)))),
     numbered as (
       update customer_ledger l set event_sequence = event_sequence + 1 from wanted w where l.customer_pk = w.pk
       returning l.event_sequence)
     insert into outbound_event (id, project_id, customer_pk, sequence, type, data, occurred_at)
     select $1, w.project_id, w.pk, n.event_sequence, $3, jsonb_build_object('customerId', w.id) || $4::jsonb, $5
     from wanted w, numbered n`,
    [newId(), customerPk, type, JSON.stringify(data), new Date(occurredAt)],
  )
}
