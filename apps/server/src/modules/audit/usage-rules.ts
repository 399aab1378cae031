import type { AuditRule } from './audit-ledger.ts'

/** Entries of usage by who asked: in a tree they stand in the ledger of whoever pays, and say who it was. */
const ENTRIES = `(
          select case when cause ? 'by' then (
              select a.pk from customer p join customer a using (project_id)
              where p.pk = l.customer_pk and a.id = l.cause->>'by')
            else customer_pk end as asker_pk, l.*
          from ledger_entry l where cause_type = 'usage_event') e`

/** The payer of an event's draw: the last of those whom it counted for. */
const PAYER = `coalesce((d.path->'levels'->-1->>'pk')::bigint, e.customer_pk)`

export const usageRules: readonly AuditRule[] = [
  {
    // Both operations name their entries by the event's key, so a key is compared as a whole.
    invariant: 'I5',
    rule: 'what an event was answered to have drawn is what the ledger says it drew',
    over: 'usage_event',
    remedy:
      'The customer was told another figure than was drawn: grant the difference with grantCredits, or void the event with voidUsage.',
    breaches: `
      select customer_pk, key, sum(answered)::text as answered, sum(written)::text as written from (
        select e.customer_pk, e.key, (d->>'credits')::numeric as answered, 0 as written
        from usage_event e, jsonb_array_elements(e.result->'draws') d where e.status in ('RECORDED', 'VOIDED')
        union all
        select asker_pk, cause_id, 0, -amount from ${ENTRIES} where kind = 'DRAW') a
      group by customer_pk, key having sum(answered) <> sum(written)`,
  },
  {
    invariant: 'I5',
    rule: 'overage that an event was answered is overage in the ledger',
    over: 'usage_event',
    remedy: 'An invoice bills what the period counted: correct it with a credit note if it was billed.',
    breaches: `
      select customer_pk, key, sum(answered)::text as answered, sum(written)::text as written from (
        select e.customer_pk, e.key, (d->>'overage')::numeric as answered, 0 as written
        from usage_event e, jsonb_array_elements(e.result->'draws') d where e.status in ('RECORDED', 'VOIDED')
        union all
        select asker_pk, cause_id, 0, (cause->>'credits')::numeric from ${ENTRIES} where kind = 'OVERAGE') a
      group by customer_pk, key having sum(answered) <> sum(written)`,
  },
  {
    // With the rules above: what is left of an event's draws is what it was answered, and nothing once it is voided.
    invariant: 'I5',
    rule: 'what a voided event was answered to have drawn went back, and nothing of any other event',
    over: 'usage_event',
    remedy: 'Grant what did not go back with grantCredits, or take back what went back twice with voidGrant.',
    breaches: `
      select customer_pk, key, sum(answered)::text as answered, sum(written)::text as written from (
        select e.customer_pk, e.key, (d->>'credits')::numeric as answered, 0 as written
        from usage_event e, jsonb_array_elements(e.result->'draws') d where e.status = 'VOIDED'
        union all
        select asker_pk, cause_id, 0, amount from ${ENTRIES} where kind = 'REVERSE') a
      group by customer_pk, key having sum(answered) <> sum(written)`,
  },
  {
    invariant: 'I5',
    rule: 'no grant got more back from an event than the event drew from it',
    over: 'ledger_entry',
    remedy: 'Take back with voidGrant what the grant has too much.',
    breaches: `
      select asker_pk as customer_pk, cause_id as key, grant_id as "grant", sum(amount)::text as credits from ${ENTRIES}
      where kind in ('DRAW', 'REVERSE') and grant_id is not null
      group by asker_pk, cause_id, grant_id having sum(amount) > 0`,
  },
  {
    invariant: 'I5',
    rule: 'overage of a voided event is off the ledger, and of no other event',
    over: 'usage_event',
    remedy: 'An invoice bills what the period counted: correct it with a credit note if it was billed.',
    breaches: `
      select customer_pk, key, sum(answered)::text as answered, sum(written)::text as written from (
        select e.customer_pk, e.key, (d->>'overage')::numeric as answered, 0 as written
        from usage_event e, jsonb_array_elements(e.result->'draws') d where e.status = 'VOIDED'
        union all
        select asker_pk, cause_id, 0, (cause->>'credits')::numeric
        from ${ENTRIES} where kind = 'REVERSE' and cause->>'reverses' = 'OVERAGE') a
      group by customer_pk, key having sum(answered) <> sum(written)`,
  },
  {
    invariant: 'I5',
    rule: 'what a meter counted in a period is what the events of the period were answered',
    over: 'meter_period',
    remedy: 'Prices and invoices go by what was counted: correct the row to the sum of its events.',
    breaches: `
      select customer_pk, meter, period_start, counted.quantity::text, said.quantity::text as answered,
        counted.overage::text as overage, said.overage::text as answered_overage
      from (
        select p.customer_pk, m.code as meter, (extract(epoch from p.period_start) * 1000)::bigint as period_start,
          p.quantity, p.credits, p.overage, p.uncovered
        from meter_period p join meter m on m.pk = p.meter_pk) counted
      full join (
        select ${PAYER} as customer_pk, d.meter, d."periodStart" as period_start, sum(d.quantity) as quantity,
          sum(d.credits) as credits, sum(d.overage) as overage, sum(d.uncovered) as uncovered
        from usage_event e, jsonb_to_recordset(e.result->'draws') as d(meter text, quantity numeric, credits numeric,
          overage numeric, uncovered numeric, "periodStart" bigint, path jsonb)
        where e.status = 'RECORDED' and d."periodStart" is not null
        group by 1, d.meter, d."periodStart") said using (customer_pk, meter, period_start)
      where (coalesce(counted.quantity, 0), coalesce(counted.credits, 0), coalesce(counted.overage, 0), coalesce(counted.uncovered, 0))
        <> (coalesce(said.quantity, 0), coalesce(said.credits, 0), coalesce(said.overage, 0), coalesce(said.uncovered, 0))`,
  },
  {
    // Two operations may have used one key: then it names two events.
    invariant: 'I7',
    rule: 'a key of usage drew once',
    over: 'usage_event',
    remedy: 'Grant what was drawn twice with grantCredits, and look for what wrote past the key.',
    breaches: `
      select customer_pk, key, steps, events from (
        select asker_pk as customer_pk, cause_id as key, count(distinct version) as steps from ${ENTRIES}
        where kind in ('DRAW', 'OVERAGE', 'UNCOVERED') and not coalesce(cause ? 'reverses', false)
        group by asker_pk, customer_pk, cause_id having min(version) <> max(version)) wrote
      cross join lateral (
        select count(*) as events from usage_event e
        where e.customer_pk = wrote.customer_pk and e.key = wrote.key and e.status in ('RECORDED', 'VOIDED')) said
      where steps > events`,
  },
  {
    invariant: 'I7',
    rule: 'every key of a command has its answer',
    over: 'idempotency_key',
    remedy: 'Look whether the command has had its effect; whoever retries it gets no answer from this row.',
    breaches: `
      select key, project_id, operation, scope, created_at from idempotency_key where answer is null`,
  },
  {
    invariant: 'I7',
    rule: 'the grant that a key was answered is there',
    over: 'idempotency_key',
    remedy: 'The caller was told of a grant that is missing: grant it again with a new key.',
    breaches: `
      select k.key, k.project_id, k.scope as customer, k.answer->'grant'->>'id' as "grant" from idempotency_key k
      left join "grant" g on g.id::text = k.answer->'grant'->>'id'
      where k.operation = 'grantCredits' and g.id is null`,
  },
]
