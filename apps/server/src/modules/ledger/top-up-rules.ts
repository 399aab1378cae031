import type { AuditRule } from './audit-ledger.ts'

export const topUpRules: readonly AuditRule[] = [
  {
    invariant: 'I6',
    rule: 'of a credit type, one automatic charge of a customer is on its way',
    over: 'auto_top_up_charge',
    remedy: 'Switch the top-up off, and see which of the payments the provider knows: the others must not be made.',
    breaches: `
      select c.customer_pk, c.credit_type_pk, count(*) as pending from auto_top_up_charge c
      left join payment y on y.id = c.payment_id
      where c.status = 'PENDING' or y.status = 'PENDING' group by 1, 2 having count(*) > 1`,
  },
  {
    invariant: 'I6',
    rule: 'automatic charges stay within the limits of their month',
    over: 'auto_top_up_charge',
    remedy: 'The customer was charged more than they agreed to: refund the payment of this charge.',
    // Each is held against the limits that it was decided under: they may have been lowered since.
    breaches: `
      select c.id as charge, c.customer_pk, c.credit_type_pk, c.max_per_month, m.charges, c.max_spend_minor, m.spent::text
      from auto_top_up_charge c cross join lateral (
        select count(*) as charges, sum(o.total_minor) filter (where o.currency = c.currency) as spent
        from auto_top_up_charge o
        where o.customer_pk = c.customer_pk and o.credit_type_pk = c.credit_type_pk and o.id <= c.id
          and o.started_at >= c.month_start and o.status in ('PENDING', 'SUCCEEDED')) m
      where c.status in ('PENDING', 'SUCCEEDED') and (m.charges > c.max_per_month or m.spent > c.max_spend_minor)`,
  },
  {
    invariant: 'I6',
    rule: 'an automatic charge that succeeded has one grant, and any other has none',
    over: 'auto_top_up_charge',
    remedy: 'Refund the payment, or grant by hand what it bought.',
    breaches: `
      select c.id as charge, c.customer_pk, c.payment_id, c.status, count(g.id) as grants from auto_top_up_charge c
      left join "grant" g on g.payment_id = c.payment_id where c.payment_id is not null
      group by c.id having count(g.id) <> case c.status when 'SUCCEEDED' then 1 else 0 end`,
  },
]
