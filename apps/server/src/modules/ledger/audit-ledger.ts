import type { Database } from '../../platform/database.ts'
import { commitmentRules } from './commitment-rules.ts'

/** A row that contradicts the books. */
export interface Breach {
  /** The rule that is broken, in words. */
  readonly rule: string
  /** The row: which one it is, and the figures that disagree. Decimals as text. */
  readonly row: Readonly<Record<string, unknown>>
}

export interface AuditRule {
  readonly rule: string
  /** Selects the rows that break the rule. */
  readonly breaches: string
}

const ROWS_PER_RULE = 10

const ENTRY_RULES: readonly AuditRule[] = [
  {
    rule: "an entry's balance is the balance before it plus its amount",
    breaches: `
      select pk as entry, customer_pk, credit_type_pk, before::text, amount::text, available_after::text from (
        select *, coalesce(lag(available_after) over account, 0) as before from ledger_entry
        window account as (partition by customer_pk, credit_type_pk order by pk)) e
      where before + amount <> available_after`,
  },
  {
    rule: "the last entry's balance is what remains of the grants that have entered",
    breaches: `
      select customer_pk, credit_type_pk, balance::text, remaining::text from (
        select distinct on (customer_pk, credit_type_pk) customer_pk, credit_type_pk, available_after as balance
        from ledger_entry order by customer_pk, credit_type_pk, pk desc) e
      full join (
        select customer_pk, credit_type_pk, sum(remaining) as remaining
        from "grant" where entered group by customer_pk, credit_type_pk) g using (customer_pk, credit_type_pk)
      where coalesce(balance, 0) <> coalesce(remaining, 0)`,
  },
  {
    rule: 'no balance is negative',
    breaches: `
      select pk as entry, customer_pk, credit_type_pk, available_after::text from ledger_entry where available_after < 0`,
  },
  {
    rule: 'versions of entries never fall, and none is above the version of their customer',
    breaches: `
      select e.pk as entry, e.customer_pk, e.before, e.version, l.version as current from (
        select pk, customer_pk, version, lag(version) over (partition by customer_pk order by pk) as before
        from ledger_entry) e
      left join customer_ledger l using (customer_pk)
      where e.version < e.before or e.version > l.version or l.version is null`,
  },
]

const GRANT_RULES: readonly AuditRule[] = [
  {
    rule: 'a grant is what remains, is held, was drawn, expired and was taken back',
    breaches: `
      select g.id as "grant", g.customer_pk, g.amount::text, g.remaining::text, g.held::text, e.given::text, e.gone::text
      from "grant" g
      left join (
        -- A change of card that takes back makes the grant smaller; what rolls over leaves one grant for another.
        select grant_id,
          coalesce(sum(amount) filter (where kind = 'GRANT' or (kind = 'ROLLOVER' and amount > 0)
            or (kind = 'VOID' and cause_type = 'subscription')), 0) as given,
          -coalesce(sum(amount) filter (where kind in ('DRAW', 'REVERSE', 'EXPIRE') or (kind = 'ROLLOVER' and amount < 0)
            or (kind = 'VOID' and cause_type <> 'subscription')), 0) as gone
        from ledger_entry where grant_id is not null group by grant_id) e on e.grant_id = g.id
      where g.entered and (e.given is distinct from g.amount or g.remaining + g.held + e.gone is distinct from g.amount)`,
  },
  {
    rule: 'a grant whose time has not come is not in the ledger',
    breaches: `
      select g.id as "grant", g.customer_pk, e.pk as entry from "grant" g
      join ledger_entry e on e.grant_id = g.id where not g.entered`,
  },
  {
    rule: 'no grant is negative, and a closed one is empty',
    breaches: `
      select id as "grant", customer_pk, amount::text, remaining::text, held::text from "grant"
      where remaining < 0 or held < 0 or amount < 0
        or (closed_at is not null and entered and remaining + held <> 0)`,
  },
  {
    rule: 'nothing is drawn from a grant before it begins or after it ends',
    breaches: `
      select e.pk as entry, g.id as "grant", g.customer_pk, e.effective_at, g.effective_at as begins, g.expires_at as ends
      from ledger_entry e join "grant" g on g.id = e.grant_id
      -- What a hold has reserved in time may be drawn later.
      where e.kind = 'DRAW' and e.cause_type = 'usage_event' and not coalesce(e.cause ? 'hold', false)
        and (e.effective_at < g.effective_at or e.effective_at >= g.expires_at)`,
  },
  {
    rule: 'a subscription has one allowance of a credit type a period',
    breaches: `
      select subscription_id, period_start, credit_type_pk, count(*) as allowances from "grant"
      where kind = 'ALLOWANCE' group by subscription_id, period_start, credit_type_pk having count(*) > 1`,
  },
]

const USAGE_RULES: readonly AuditRule[] = [
  {
    // Both operations name their entries by the event's key, so a key is compared as a whole.
    rule: 'what an event was answered to have drawn is what the ledger says it drew',
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
    rule: 'overage that an event was answered is overage in the ledger',
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
    rule: 'what a voided event was answered to have drawn went back, and nothing of any other event',
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
    rule: 'no grant got more back from an event than the event drew from it',
    breaches: `
      select customer_pk, cause_id as key, grant_id as "grant", sum(amount)::text as credits from ledger_entry
      where cause_type = 'usage_event' and kind in ('DRAW', 'REVERSE') and grant_id is not null
      group by customer_pk, cause_id, grant_id having sum(amount) > 0`,
  },
  {
    rule: 'overage of a voided event is off the ledger, and of no other event',
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

const PAYMENT_RULES: readonly AuditRule[] = [
  {
    rule: 'a payment that succeeded has the invoice over its amount, and its grant or its subscription',
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
    rule: 'an invoice is paid by one payment',
    breaches: `
      select outcome->>'invoiceId' as invoice, count(*) as payments from payment
      where status = 'SUCCEEDED' and outcome ? 'invoiceId' group by 1 having count(*) > 1`,
  },
  {
    rule: 'a grant that was paid for has its payment',
    breaches: `
      select g.id as "grant", g.customer_pk, g.payment_id, y.status from "grant" g
      left join payment y on y.id = g.payment_id and y.customer_pk = g.customer_pk
      where g.payment_id is not null and y.status is distinct from 'SUCCEEDED'`,
  },
  {
    rule: 'a payment that failed or went back has brought nothing',
    breaches: `
      select id as payment, customer_pk, status, outcome from payment
      where status in ('FAILED', 'REFUNDING', 'REFUNDED') and outcome is not null`,
  },
]

const INVOICE_RULES: readonly AuditRule[] = [
  {
    rule: "an invoice's total is the sum of its lines",
    breaches: `
      select i.id as invoice, i.number, i.total_minor, l.sum::text from invoice i
      left join (select invoice_id, sum(amount_minor) as sum from invoice_line group by invoice_id) l on l.invoice_id = i.id
      where i.total_minor is distinct from l.sum`,
  },
  {
    rule: 'what is due on an invoice is its total less credit, credit notes and payments',
    breaches: `
      select id as invoice, number, status, total_minor, credit_minor, credited_minor, paid_minor, amount_due_minor from invoice
      where case when status in ('OPEN', 'UNCOLLECTIBLE')
        then amount_due_minor <> total_minor - credit_minor - credited_minor - paid_minor
        else amount_due_minor <> 0 or (status = 'PAID' and total_minor > 0
          and total_minor <> credit_minor + credited_minor + paid_minor) end`,
  },
  {
    rule: 'numbers of invoices have no gaps',
    breaches: `
      select project_id, count(*) as invoices, max(substring(number from 5)::bigint) as newest from invoice
      group by project_id having count(*) <> max(substring(number from 5)::bigint)`,
  },
  {
    rule: 'account credit is the sum of its entries',
    breaches: `
      select a.customer_pk, a.currency, a.amount_minor, coalesce(sum(e.amount_minor), 0)::text as entries
      from account_credit a left join account_credit_entry e using (customer_pk, currency)
      group by a.customer_pk, a.currency, a.amount_minor having a.amount_minor <> coalesce(sum(e.amount_minor), 0)`,
  },
  {
    rule: 'periods of a subscription do not overlap',
    breaches: `
      select subscription_id, start, "end", next from (
        select subscription_id, start, "end", lead(start) over (partition by subscription_id order by start) as next
        from ended_period) p
      where "end" > next or start > "end"`,
  },
]

const RULES: readonly AuditRule[] = [
  ...ENTRY_RULES,
  ...GRANT_RULES,
  ...USAGE_RULES,
  ...PAYMENT_RULES,
  ...INVOICE_RULES,
  ...commitmentRules,
]

/**
 * Checks the books of all projects against each other, on one snapshot: balances, grants, entries, answered usage and
 * payments. Grants whose time has passed but which nobody has swept yet are no breach: entries are what counts.
 *
 * @param checked is told each rule as it has been checked.
 * @returns the rows that contradict a rule, at most ten for each; none when all is well.
 */
export async function auditLedger(
  database: Database,
  checked: (rule: string, breaches: number) => void = () => {},
): Promise<Breach[]> {
  return database.snapshot(async (tx) => {
    const found: Breach[] = []
    for (const { rule, breaches } of RULES) {
      const rows = await tx.query<Breach['row']>(`${breaches} limit ${ROWS_PER_RULE}`)
      found.push(...rows.map((row) => ({ rule, row })))
      checked(rule, rows.length)
    }
    return found
  })
}
