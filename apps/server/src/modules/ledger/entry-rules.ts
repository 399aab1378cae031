import type { AuditRule } from './audit-ledger.ts'

export const entryRules: readonly AuditRule[] = [
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
