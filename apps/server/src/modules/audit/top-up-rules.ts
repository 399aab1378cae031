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
      where c.status = 'PENDING' or y.status in ('PENDING', 'PROCESSING') group by 1, 2 having count(*) > 1`,
  },
  {
    invariant: 'I6',
    rule: 'automatic charges stay within the limits of their month',
    over: 'auto_top_up_charge',
    remedy: 'The customer was charged more than they agreed to: refund the payment of this charge.',
    // Each is held against the limits that it was decided under: they may have been lowered since.
    breaches: `
      select id as charge, customer_pk, credit_type_pk, max_per_month, charges, max_spend_minor, spent::text from (
        select *, count(*) over (partition by customer_pk, credit_type_pk, month_start order by id) as charges,
          sum(total_minor) over (partition by customer_pk, credit_type_pk, month_start, currency order by id) as spent
        from auto_top_up_charge where status in ('PENDING', 'SUCCEEDED')) c
      where charges > max_per_month or spent > max_spend_minor`,
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
