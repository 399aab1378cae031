import type { AuditRule } from './audit-ledger.ts'

export const webhookRules: readonly AuditRule[] = [
  {
    invariant: 'I11',
    rule: "a customer's events are numbered without gaps, up to the newest",
    over: 'outbound_event',
    remedy: 'An event is missing, or was numbered outside announceEvent: tell receivers to read what they need anew.',
    // Old events are forgotten, not quite in the order of their numbers.
    breaches: `
      select id as event, customer_pk, sequence, next, newest from (
        select e.id, e.customer_pk, e.sequence, e.created_at, l.event_sequence as newest,
          lead(e.sequence) over (partition by e.customer_pk order by e.sequence) as next
        from outbound_event e left join customer_ledger l using (customer_pk) where e.customer_pk is not null) e
      where created_at > now() - interval '29 days' and coalesce(next <> sequence + 1, sequence is distinct from newest)`,
  },
  {
    invariant: 'I11',
    rule: 'a delivery has succeeded if one of its attempts has',
    over: 'webhook_delivery',
    remedy: 'Its attempts say what was answered: correct the delivery, or send it again with redeliverWebhook.',
    breaches: `
      select d.pk as delivery, d.status::text from webhook_delivery d
      where (d.status = 'SUCCEEDED') <> exists (
        select 1 from webhook_attempt a where a.delivery_pk = d.pk and a.status between 200 and 299)`,
  },
  {
    invariant: 'I5',
    rule: 'an event of the payment provider is carried out, or is about nothing of ours',
    over: 'provider_event',
    remedy: 'Its last error says why it was parked: mend that, then let the provider send the event again.',
    breaches: `
      select id as event, source, type, attempts, last_error, processed_at as parked_at from provider_event
      where outcome = 'PARKED'`,
  },
]
