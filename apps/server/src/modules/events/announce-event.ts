import { arrayOf, type Statement, type Transaction } from '../../platform/database.ts'
import { newId } from '../../platform/ids.ts'
import { queueEmails } from './queue-emails.ts'

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
  'grant.changed',
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
  'subscription.trial_ending',
  'subscription.renewed',
  'subscription.past_due',
  'subscription.paused',
  'subscription.resumed',
  'subscription.cancellation_scheduled',
  'subscription.canceled',
  'invoice.issued',
  'invoice.paid',
  'invoice.payment_failed',
  'invoice.voided',
  'invoice.uncollectible',
  'payment.succeeded',
  'payment.failed',
  'payment.refunded',
  'payment.refund_failed',
  'payment.over_refunded',
  'payment.disputed',
  'payment.dispute_won',
  'payment.dispute_lost',
  'payment.fraud_warning',
  'endpoint.test',
] as const

export type EventType = (typeof EVENT_TYPES)[number]

const EVENTS: Statement = {
  name: 'events-announce',
  text: `with wanted as (
           select w.id, w.type, w.data, w.occurred_at, c.project_id, c.pk, c.id as customer_id,
             row_number() over (partition by c.pk order by w.place) as place
           from unnest($1::uuid[], $2::bigint[], $3::text[], $4::jsonb[], $5::timestamptz[]) with ordinality
             as w(id, customer_pk, type, data, occurred_at, place)
           join customer c on c.pk = w.customer_pk
           -- The first is asked once, whatever comes: where nobody listens at all, nothing is looked up.
           where exists (select 1 from webhook_endpoint) and exists (
             select 1 from webhook_endpoint e where e.project_id = c.project_id
               and (cardinality(e.types) = 0 or w.type = any(e.types)))),
         numbered as (
           update customer_ledger l set event_sequence = l.event_sequence + n.events
           from (select pk, count(*) as events from wanted group by pk) n where l.customer_pk = n.pk
           returning l.customer_pk, l.event_sequence - n.events as before)
         insert into outbound_event (id, project_id, customer_pk, sequence, type, data, occurred_at)
         select w.id, w.project_id, w.pk, n.before + w.place, w.type,
           jsonb_build_object('customerId', w.customer_id) || w.data, w.occurred_at
         from wanted w join numbered n on n.customer_pk = w.pk`,
}

/**
 * Writes down what has happened, in the transaction that makes it happen: told if that commits, and only then. A project
 * that has no endpoint for it writes nothing; what a disabled endpoint misses is kept, to be replayed.
 * Takes the customer's lock, if its caller does not hold it, so that the numbers of their events grow in the order of the commits.
 */
export function announceEvent(tx: Transaction, event: HappenedEvent): void {
  announceEvents(tx, [event])
}

/** The same for many at once. What is mailed to customers is written too, whoever listens. */
export function announceEvents(tx: Transaction, events: readonly HappenedEvent[]): void {
  if (events.length === 0) return
  queueEmails(tx, events)
  tx.send(EVENTS, [
    arrayOf(events.map(() => newId())),
    arrayOf(events.map(({ customerPk }) => customerPk)),
    events.map(({ type }) => type),
    events.map(({ data }) => JSON.stringify(data)),
    arrayOf(events.map(({ occurredAt }) => new Date(occurredAt).toISOString())),
  ])
}
