import { SIZES_GRANT } from '../ledger/read-past.ts'
import type { AuditRule } from './audit-ledger.ts'

/** The columns that decide which grant is drawn first. */
const order = (grant: string) =>
  `(${grant}.wallet_priority, ${grant}.priority, coalesce(${grant}.expires_at, 'infinity'), ${grant}.effective_at, ${grant}.id)`

/** Draws that go by the drawdown order: what was held, and what a debt took, left in orders of their own. */
const IN_ORDER = `kind = 'DRAW' and cause_type = 'usage_event' and not coalesce(cause ?| array['hold', 'reverses'], false)`

export const grantRules: readonly AuditRule[] = [
  {
    invariant: 'I3',
    rule: 'a grant is what remains, is held, was drawn, expired and was taken back',
    over: 'grant',
    remedy: 'The entries decide: correct what remains of the grant to what its entries leave.',
    breaches: `
      select g.id as "grant", g.customer_pk, g.amount::text, g.remaining::text, g.held::text, g.frozen::text, e.given::text, e.gone::text
      from "grant" g
      left join (
        -- A change of card and a refund that take back make the grant smaller; what rolls over leaves one grant for another.
        select grant_id,
          coalesce(sum(amount) filter (where ${SIZES_GRANT}), 0) as given,
          -coalesce(sum(amount) filter (where kind in ('DRAW', 'REVERSE', 'EXPIRE', 'ROLLOVER', 'VOID')
            and not ${SIZES_GRANT}), 0) as gone
        from ledger_entry where grant_id is not null group by grant_id) e on e.grant_id = g.id
      where g.entered and (e.given is distinct from g.amount or g.remaining + g.held + coalesce(g.frozen, 0) + e.gone is distinct from g.amount)`,
  },
  {
    invariant: 'I3',
    rule: 'a grant whose time has not come is not in the ledger',
    over: 'grant',
    remedy: 'Its entries are in the balance: mark the grant as entered.',
    breaches: `
      select g.id as "grant", g.customer_pk, e.pk as entry from "grant" g
      join ledger_entry e on e.grant_id = g.id where not g.entered`,
  },
  {
    invariant: 'I4',
    rule: 'no grant is negative, and a closed one is empty',
    over: 'grant',
    remedy: 'Open a closed grant again, so that what it holds can be spent; grant what is missing with grantCredits.',
    breaches: `
      select id as "grant", customer_pk, amount::text, remaining::text, held::text, frozen::text, owed::text from "grant"
      where least(remaining, held, frozen, owed, amount) < 0
        or (closed_at is not null and entered and (remaining + held + owed <> 0 or frozen is not null))`,
  },
  {
    invariant: 'I9',
    rule: 'nothing is drawn from a grant before it begins or after it ends',
    over: 'ledger_entry',
    remedy: 'Give the usage back with voidUsage and record it again: it draws from what was live.',
    breaches: `
      select e.pk as entry, g.id as "grant", g.customer_pk, e.effective_at, g.effective_at as begins, g.expires_at as ends
      from ledger_entry e join "grant" g on g.id = e.grant_id
      where e.kind = 'DRAW' and e.cause_type = 'usage_event'
        -- What a hold took before the end may be captured after it.
        and not coalesce(e.cause ? 'hold', false)
        and (e.effective_at < g.effective_at or e.effective_at >= g.expires_at)`,
  },
  {
    invariant: 'I10',
    rule: 'a subscription has one allowance of a credit type a period',
    over: 'grant',
    remedy: 'Take the later allowance back with voidGrant.',
    breaches: `
      select subscription_id, period_start, credit_type_pk, count(*) as allowances from "grant"
      where kind = 'ALLOWANCE' group by subscription_id, period_start, credit_type_pk having count(*) > 1`,
  },
  {
    invariant: 'I3',
    rule: 'what a grant keeps back is what HOLD and RELEASE entries have left with it',
    over: 'grant',
    remedy: 'The entries decide: correct what is held or frozen of the grant to what they leave.',
    breaches: `
      select id as "grant", customer_pk, held::text, frozen::text, e.kept::text from "grant"
      full join (
        select grant_id as id, -sum(amount) as kept from ledger_entry where kind in ('HOLD', 'RELEASE')
        group by grant_id) e using (id)
      where coalesce(held, 0) + coalesce(frozen, 0) <> coalesce(e.kept, 0)`,
  },
  {
    // A span is where a grant had something left.
    invariant: 'I9',
    rule: 'no draw passed over a grant that comes first',
    over: 'ledger_entry',
    remedy: 'The customer has paid with the wrong grant: give the usage back with voidUsage and record it again.',
    breaches: `
      with turns as (
        select * from (
          select *, remaining > 0 as has_some, lag(remaining > 0, 1, false) over (partition by grant_id order by pk) as had_some
          from (
            select grant_id, pk, sum(amount) over (partition by grant_id order by pk) as remaining
            from ledger_entry where grant_id is not null) e) e
        where has_some <> had_some),
      open as (
        select g.*, s.since, s.until from (
          select grant_id, has_some, pk as since, lead(pk, 1, 9223372036854775807) over (partition by grant_id order by pk) as until
          from turns) s
        join "grant" g on g.id = s.grant_id where s.has_some),
      -- Most grants are drawn from while none before them has anything: only the others are looked at draw by draw.
      passed as materialized (
        select g.id, f.id as first, f.since, f.until, f.effective_at, f.expires_at, f.applies_to from (
          select grant_id as id, min(pk) as since, max(pk) as until from ledger_entry where ${IN_ORDER} group by grant_id) d
        join "grant" g using (id)
        join open f on f.customer_pk = g.customer_pk and f.credit_type_pk = g.credit_type_pk and ${order('f')} < ${order('g')}
          and f.since < d.until and d.since < f.until)
      select e.pk as entry, e.customer_pk, p.id as "grant", p.first from passed p
      join (select * from ledger_entry where ${IN_ORDER}) e on e.grant_id = p.id and p.since < e.pk and e.pk < p.until
        and p.effective_at <= e.effective_at and (p.expires_at is null or e.effective_at < p.expires_at)
      where p.applies_to = '{}' or exists (
        select 1 from meter m join customer c on c.project_id = m.project_id
        where c.pk = e.customer_pk and m.code = e.cause->>'meter' and m.pk = any(p.applies_to))`,
  },
]
