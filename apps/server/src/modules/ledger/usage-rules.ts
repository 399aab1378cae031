import type { AuditRule } from './audit-ledger.ts'

export const usageRules: readonly AuditRule[] = [
  {
    // Both operations name their entries by the event's key, so a key is compared as a whole.
    invariant: 'I5',
    rule: 'what an event was answered to have drawn is what the ledger says it drew',
    over: 'usage_event',
    remedy:
      'The customer was told another figure than was drawn: grant the difference with grantCredits, or void the event with voidUsage.',
    breaches: `
      select customer_pk, key, said.credits::text as answered, wrote.credits::text as written from (
        select e.customer_pk, e.key, sum((d->>'credits')::numeric) as credits
        from usage_event e, jsonb_array_elements(e.result->'draws') d
        where e.status in ('RECORDED', 'VOIDED') group by e.customer_pk, e.key) said
      full join (
        select customer_pk, cause_id as key, -sum(amount) as credits
        from ledger_entry where cause_type = 'usage_event' and kind = 'DRAW'
        group by customer_pk, cause_id) wrote using (customer_pk, key)
      where coalesce(said.credits, 0) <> coalesce(wrote.credits, 0)`,
  },
  {
    invariant: 'I5',
    rule: 'overage that an event was answered is overage in the ledger',
    over: 'usage_event',
    remedy: 'An invoice bills what the period counted: correct it with a credit note if it was billed.',
    breaches: `
      select customer_pk, key, said.overage::text as answered, wrote.overage::text as written from (
        select e.customer_pk, e.key, sum((d->>'overage')::numeric) as overage
        from usage_event e, jsonb_array_elements(e.result->'draws') d
        where e.status in ('RECORDED', 'VOIDED') group by e.customer_pk, e.key) said
      full join (
        select customer_pk, cause_id as key, sum((cause->>'credits')::numeric) as overage
        from ledger_entry where cause_type = 'usage_event' and kind = 'OVERAGE'
        group by customer_pk, cause_id) wrote using (customer_pk, key)
      where coalesce(said.overage, 0) <> coalesce(wrote.overage, 0)`,
  },
  {
    // With the rules above: what is left of an event's draws is what it was answered, and nothing once it is voided.
    invariant: 'I5',
    rule: 'what a voided event was answered to have drawn went back, and nothing of any other event',
    over: 'usage_event',
    remedy: 'Grant what did not go back with grantCredits, or take back what went back twice with voidGrant.',
    breaches: `
      select customer_pk, key, said.credits::text as answered, wrote.credits::text as written from (
        select e.customer_pk, e.key, sum((d->>'credits')::numeric) as credits
        from usage_event e, jsonb_array_elements(e.result->'draws') d
        where e.status = 'VOIDED' group by e.customer_pk, e.key) said
      full join (
        select customer_pk, cause_id as key, sum(amount) as credits
        from ledger_entry where cause_type = 'usage_event' and kind = 'REVERSE'
        group by customer_pk, cause_id) wrote using (customer_pk, key)
      where coalesce(said.credits, 0) <> coalesce(wrote.credits, 0)`,
  },
  {
    invariant: 'I5',
    rule: 'no grant got more back from an event than the event drew from it',
    over: 'ledger_entry',
    remedy: 'Take back with voidGrant what the grant has too much.',
    breaches: `
      select customer_pk, cause_id as key, grant_id as "grant", sum(amount)::text as credits from ledger_entry
      where cause_type = 'usage_event' and kind in ('DRAW', 'REVERSE') and grant_id is not null
      group by customer_pk, cause_id, grant_id having sum(amount) > 0`,
  },
  {
    invariant: 'I5',
    rule: 'overage of a voided event is off the ledger, and of no other event',
    over: 'usage_event',
    remedy: 'An invoice bills what the period counted: correct it with a credit note if it was billed.',
    breaches: `
      select customer_pk, key, said.overage::text as answered, wrote.overage::text as written from (
        select e.customer_pk, e.key, sum((d->>'overage')::numeric) as overage
        from usage_event e, jsonb_array_elements(e.result->'draws') d
        where e.status = 'VOIDED' group by e.customer_pk, e.key) said
      full join (
        select customer_pk, cause_id as key, sum((cause->>'credits')::numeric) as overage
        from ledger_entry where cause_type = 'usage_event' and kind = 'REVERSE' and cause->>'reverses' = 'OVERAGE'
        group by customer_pk, cause_id) wrote using (customer_pk, key)
      where coalesce(said.overage, 0) <> coalesce(wrote.overage, 0)`,
  },
]
