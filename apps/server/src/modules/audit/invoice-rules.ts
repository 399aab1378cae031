import type { AuditRule } from './audit-ledger.ts'

export const invoiceRules: readonly AuditRule[] = [
  {
    invariant: 'I6',
    rule: "an invoice's total is the sum of its lines",
    over: 'invoice',
    remedy: 'An issued invoice stays as it is: correct it with a credit note, and issue the right one.',
    breaches: `
      select i.id as invoice, i.number, i.total_minor, l.sum::text from invoice i
      left join (select invoice_id, sum(amount_minor) as sum from invoice_line group by invoice_id) l on l.invoice_id = i.id
      where i.total_minor is distinct from l.sum`,
  },
  {
    invariant: 'I6',
    rule: 'what is due on an invoice is its total less credit, credit notes and payments',
    over: 'invoice',
    remedy: 'Compare with the payments at the provider, and correct what is due before the next attempt to collect.',
    breaches: `
      select id as invoice, number, status, total_minor, credit_minor, credited_minor, paid_minor, amount_due_minor from invoice
      where case when status in ('OPEN', 'UNCOLLECTIBLE')
        then amount_due_minor <> total_minor - credit_minor - credited_minor - paid_minor
        else amount_due_minor <> 0 or (status = 'PAID' and total_minor > 0
          and total_minor <> credit_minor + credited_minor + paid_minor) end`,
  },
  {
    invariant: 'I6',
    rule: 'numbers of invoices have no gaps',
    over: 'invoice',
    remedy: 'Invoices are never deleted: restore the missing one from a backup.',
    breaches: `
      select project_id, count(*) as invoices, max(substring(number from 5)::bigint) as newest from invoice
      group by project_id having count(*) <> max(substring(number from 5)::bigint)`,
  },
  {
    invariant: 'I6',
    rule: 'an invoice names who it is from and for, once its project keeps them',
    over: 'invoice',
    remedy: 'Find out which program wrote it: every invoice is issued by issueInvoice, which keeps both.',
    breaches: `
      select i.id as invoice, i.number, i.seller, i.buyer from invoice i
      join (select project_id, min(substring(number from 5)::bigint) as number from invoice where seller is not null
        group by project_id) f on f.project_id = i.project_id
      where substring(i.number from 5)::bigint >= f.number
        and (coalesce(i.seller->>'name', '') = '' or coalesce(i.buyer->>'name', '') = '')`,
  },
  {
    invariant: 'I6',
    rule: 'account credit is the sum of its entries',
    over: 'account_credit',
    remedy: 'The entries decide: set the credit to their sum.',
    breaches: `
      select a.customer_pk, a.currency, a.amount_minor, coalesce(sum(e.amount_minor), 0)::text as entries
      from account_credit a left join account_credit_entry e using (customer_pk, currency)
      group by a.customer_pk, a.currency, a.amount_minor having a.amount_minor <> coalesce(sum(e.amount_minor), 0)`,
  },
  {
    invariant: 'I10',
    rule: 'periods of a subscription do not overlap',
    over: 'ended_period',
    remedy: 'Look at the invoices of both periods, and credit what was billed twice.',
    breaches: `
      select subscription_id, start, "end", next from (
        select subscription_id, start, "end", lead(start) over (partition by subscription_id order by start) as next
        from ended_period) p
      where "end" > next or start > "end"`,
  },
  {
    invariant: 'I10',
    rule: 'the running period of a subscription begins after those that have ended',
    over: 'subscription',
    remedy: 'Look at the invoices of both periods, and credit what was billed twice.',
    breaches: `
      select s.id as subscription, s.customer_pk, s.current_period_start as start, max(p."end") as ended
      from subscription s join ended_period p on p.subscription_id = s.id
      where s.status in ('TRIALING', 'ACTIVE', 'PAST_DUE')
      group by s.id having s.current_period_start < max(p."end")`,
  },
]
