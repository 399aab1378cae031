import type { AuditRule } from './audit-ledger.ts'

export const refundRules: readonly AuditRule[] = [
  {
    invariant: 'I6',
    rule: 'what went back of a payment is its refunds and lost disputes, never more than was paid, and its invoice says so',
    over: 'payment',
    remedy:
      'The refunds and disputes decide, and the provider has the list: correct what the payment and its invoice say.',
    breaches: `
      select y.id as payment, y.status, y.amount_minor, y.refunded_minor, t.minor::text as taken, i.refunded_minor as invoice
      from payment y
      left join invoice i on i.id::text = y.outcome->>'invoiceId' and i.customer_pk = y.customer_pk
      cross join lateral (select
        (select coalesce(sum(amount_minor), 0) from refund where payment_id = y.id and status = 'SUCCEEDED') as refunds,
        (select coalesce(sum(amount_minor), 0) from dispute where payment_id = y.id and status = 'LOST') as lost) s
      cross join lateral (select s.refunds + s.lost as minor) t
      where y.refunded_minor <> least(t.minor, y.amount_minor) or s.refunds > y.amount_minor
        or (y.status not in ('SUCCEEDED', 'REFUNDING', 'REFUNDED') and t.minor > 0) or i.refunded_minor <> y.refunded_minor`,
  },
  {
    invariant: 'I6',
    rule: 'what went back beyond a payment less credit notes was written down, and told',
    over: 'payment',
    remedy: 'Its refunds, lost disputes and credit notes decide: correct what the payment says was refunded too much.',
    breaches: `
      select y.id as payment, y.amount_minor, y.over_refunded_minor, i.total_minor, n.credited::text, g.gone::text
      from payment y
      left join invoice i on i.id::text = y.outcome->>'invoiceId' and i.customer_pk = y.customer_pk
      cross join lateral (select coalesce(sum(amount_minor), 0) as credited from credit_note where invoice_id = i.id) n
      cross join lateral (select
        (select coalesce(sum(amount_minor), 0) from refund
          where payment_id = y.id and status <> 'FAILED' and provider_refund_id is not null)
        + (select coalesce(sum(amount_minor), 0) from dispute where payment_id = y.id and status = 'LOST') as gone) g
      where y.over_refunded_minor <> greatest(g.gone - least(y.amount_minor, i.total_minor - n.credited), 0)`,
  },
  {
    invariant: 'I6',
    rule: 'credits that were reversed for refunds were taken back, are owed, or were settled by a later grant',
    over: 'payment',
    remedy: 'The entries decide: correct what is owed of the grant to what they have neither taken back nor settled.',
    breaches: `
      select y.id as payment, g.id as "grant", y.reversed_credits::text, e.revoked::text, g.owed::text, d.settled::text
      from payment y left join "grant" g on g.payment_id = y.id
      left join (
        select grant_id, -sum(amount) as revoked from ledger_entry
        where kind in ('VOID', 'REVERSE') and (cause_type = 'payment' or cause ? 'settles')
        group by grant_id) e on e.grant_id = g.id
      left join (
        select customer_pk, cause_id, -sum(amount) as settled from ledger_entry
        where kind = 'DRAW' and cause_type = 'payment' group by customer_pk, cause_id) d
        on d.customer_pk = y.customer_pk and d.cause_id = y.id::text
      where y.reversed_credits <> coalesce(e.revoked, 0) + coalesce(g.owed, 0) + coalesce(d.settled, 0)`,
  },
  {
    invariant: 'I6',
    rule: 'a grant is frozen while its payment is in dispute, and only then; only what was paid for is owed',
    over: 'grant',
    remedy: 'Look the dispute up at the provider: what it says decides whether the credits are frozen.',
    breaches: `
      select g.id as "grant", g.customer_pk, g.payment_id, g.frozen::text, g.owed::text from "grant" g
      where (g.frozen is not null) <> exists (select 1 from dispute d where d.payment_id = g.payment_id and d.status = 'OPEN')
        or (g.owed > 0 and g.payment_id is null) or g.owed > g.amount`,
  },
]
