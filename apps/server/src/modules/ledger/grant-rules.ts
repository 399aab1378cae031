import type { AuditRule } from './audit-ledger.ts'

export const grantRules: readonly AuditRule[] = [
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
      where e.kind = 'DRAW' and e.cause_type = 'usage_event'
        and (e.effective_at < g.effective_at or e.effective_at >= g.expires_at)`,
  },
  {
    rule: 'a subscription has one allowance of a credit type a period',
    breaches: `
      select subscription_id, period_start, credit_type_pk, count(*) as allowances from "grant"
      where kind = 'ALLOWANCE' group by subscription_id, period_start, credit_type_pk having count(*) > 1`,
  },
]
