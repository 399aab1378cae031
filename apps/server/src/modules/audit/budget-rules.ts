import type { AuditRule } from './audit-ledger.ts'

export const budgetRules: readonly AuditRule[] = [
  {
    invariant: 'I5',
    rule: 'what a budget has spent in its period is what events were counted for and open holds have reserved',
    over: 'budget',
    remedy: 'Decisions go by what is spent: correct it to the sum of the events and open holds of its period.',
    breaches: `
      select b.customer_pk, b.credit_type_pk, b.period_start, b.spent::text, coalesce(c.credits, 0)::text as counted
      from budget b
      left join (
        select customer_pk, credit_type_pk, start, sum(credits) as credits from (
          select (l->>'pk')::bigint as customer_pk, (d->'path'->>'creditType')::int as credit_type_pk,
            (l->>'start')::bigint as start, (l->>'credits')::numeric as credits
          from usage_event e, jsonb_array_elements(e.result->'draws') d, jsonb_array_elements(d->'path'->'levels') l
          where e.status = 'RECORDED' and l ? 'start'
          union all
          select (r->>0)::bigint, h.credit_type_pk, (r->>1)::bigint, (r->>2)::numeric
          from hold h, jsonb_array_elements(h.budgets) r where h.status = 'OPEN') counted
        group by customer_pk, credit_type_pk, start) c
      on c.customer_pk = b.customer_pk and c.credit_type_pk = b.credit_type_pk
        and c.start = (extract(epoch from b.period_start) * 1000)::bigint
      where b.spent <> coalesce(c.credits, 0)`,
  },
  {
    invariant: 'I5',
    rule: 'a customer has budgets if their row says so',
    over: 'customer_ledger',
    remedy: 'Set has_budgets to whether there are rows in budget: decisions read them only then.',
    breaches: `
      select l.customer_pk, l.has_budgets from customer_ledger l
      where l.has_budgets <> exists (select 1 from budget b where b.customer_pk = l.customer_pk)`,
  },
  {
    invariant: 'I5',
    rule: 'nobody stands above themselves, or below a customer of another project',
    over: 'customer_ledger',
    remedy: 'Detach one customer of the circle, or of the two projects, with upsertCustomer.',
    breaches: `
      with recursive up(customer_pk, ancestor_pk, height) as (
        select customer_pk, parent_pk, 1 from customer_ledger where parent_pk is not null
        union all
        select u.customer_pk, l.parent_pk, u.height + 1 from up u
        join customer_ledger l on l.customer_pk = u.ancestor_pk where l.parent_pk is not null and u.height < 10)
      select distinct u.customer_pk, u.ancestor_pk, u.height from up u
      join customer c on c.pk = u.customer_pk join customer a on a.pk = u.ancestor_pk
      where u.customer_pk = u.ancestor_pk or u.height >= 5 or c.project_id <> a.project_id`,
  },
]
