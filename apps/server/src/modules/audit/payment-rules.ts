import type { AuditRule } from './audit-ledger.ts'

export const paymentRules: readonly AuditRule[] = [
  {
    invariant: 'I6',
    rule: 'a payment that succeeded has the invoice over its amount, and its grant or its subscription',
    over: 'payment',
    remedy: 'The customer has paid for what is not there: refund the payment, or grant by hand what it bought.',
    breaches: `
      select y.id as payment, y.customer_pk, y.purpose->>'kind' as kind, y.amount_minor, i.id as invoice, i.paid_minor,
        s.id as subscription, g.grants
      from payment y
      left join invoice i on i.id::text = y.outcome->>'invoiceId' and i.customer_pk = y.customer_pk
      left join subscription s on s.id::text = y.outcome->>'subscriptionId' and s.customer_pk = y.customer_pk
      left join (select payment_id, count(*) as grants from "grant" group by payment_id) g on g.payment_id = y.id
      where y.status = 'SUCCEEDED' and (
        i.paid_minor is distinct from y.amount_minor or i.status is distinct from 'PAID'
        or case y.purpose->>'kind' when 'bundle' then g.grants is distinct from 1 when 'invoice' then g.grants > 0
          else s.id is null or g.grants > 0 end)`,
  },
  {
    invariant: 'I6',
    rule: 'an invoice is paid by one payment',
    over: 'payment',
    remedy: 'Refund the later payment.',
    breaches: `
      select outcome->>'invoiceId' as invoice, count(*) as payments from payment
      where status = 'SUCCEEDED' and outcome ? 'invoiceId' group by 1 having count(*) > 1`,
  },
  {
    invariant: 'I6',
    rule: 'a grant that was paid for has its payment',
    over: 'grant',
    remedy: 'Look the payment up at the provider; if the money never came, take the grant back with voidGrant.',
    breaches: `
      select g.id as "grant", g.customer_pk, g.payment_id, y.status from "grant" g
      left join payment y on y.id = g.payment_id and y.customer_pk = g.customer_pk
      where g.payment_id is not null and y.status is distinct from 'SUCCEEDED'`,
  },
  {
    invariant: 'I6',
    rule: 'a payment that failed or went back has brought nothing',
    over: 'payment',
    remedy: 'Take back with voidGrant what it brought, or charge for it again.',
    breaches: `
      select id as payment, customer_pk, status, outcome from payment
      where status in ('FAILED', 'REFUNDING', 'REFUNDED') and outcome is not null`,
  },
  {
    invariant: 'I6',
    rule: 'what was paid on an invoice is what its payment brought',
    over: 'invoice',
    remedy:
      'Look the payment up at the provider: if the money came, the payment is missing here; if not, the invoice is still open.',
    breaches: `
      select i.id as invoice, i.number, i.customer_pk, i.paid_minor, y.id as payment, y.amount_minor from invoice i
      left join payment y on y.outcome->>'invoiceId' = i.id::text and y.customer_pk = i.customer_pk
      where i.paid_minor <> coalesce(y.amount_minor, 0)`,
  },
  {
    invariant: 'I6',
    rule: 'an attempt that was made by itself succeeded once',
    over: 'payment',
    remedy: 'Refund the later payment.',
    breaches: `
      select purpose_hash, customer_pk, count(*) as payments from payment
      where status = 'SUCCEEDED' and (purpose ? 'attempt' or purpose->'topUp' ? 'at') group by 1, 2 having count(*) > 1`,
  },
  {
    invariant: 'I6',
    rule: 'a payment whose outcome nobody knows is being looked up',
    over: 'payment',
    remedy:
      'See that a worker runs and reaches the payment provider, and that its key is of the account that was asked.',
    breaches: `
      select id as payment, customer_pk, account, asked, asked_at from payment
      where status = 'PENDING' and created_at < now() - interval '1 day'
        and coalesce(asked_at, created_at) < now() - interval '1 hour'`,
  },
  {
    invariant: 'I6',
    rule: 'a payment that the bank takes days for has its name at the provider, and its checkout waits for it',
    over: 'payment',
    remedy: 'Look the payment up at the provider, and confirm its checkout again.',
    breaches: `
      select id as payment, checkout_session_id as checkout from payment
      where status = 'PROCESSING' and provider_payment_id is null
      union all select null, s.id from checkout_session s where s.status = 'PENDING' and not exists (
        select 1 from payment y where y.checkout_session_id = s.id and y.status = 'PROCESSING')`,
  },
  {
    invariant: 'I6',
    rule: 'a checkout that a link alone has opened charges no method on file',
    over: 'payment',
    remedy: 'Somebody else than the customer may have decided on it: ask the customer, and refund the payment.',
    breaches: `
      select y.id as payment, s.id as checkout, y.customer_pk, y.status from payment y
      join checkout_session s on s.id = y.checkout_session_id and s.by_link
      where y.payment_method_id is not null`,
  },
  {
    invariant: 'I6',
    rule: 'what is charged off session belongs to its customer and is not removed',
    over: 'payment_profile',
    remedy: 'Choose another method with setDefaultPaymentMethod.',
    breaches: `
      select p.customer_pk, p.account, m.id as method, m.customer_pk as owner, m.removed_at from payment_profile p
      join payment_method m on m.id = p.payment_method_id
      where m.customer_pk <> p.customer_pk or m.account <> p.account or m.removed_at is not null`,
  },
]
