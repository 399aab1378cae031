import type { AuditRule } from './audit-ledger.ts'

export const entryRules: readonly AuditRule[] = [
  {
    invariant: 'I1',
    rule: "an entry's balance is the balance before it plus its amount",
    over: 'ledger_entry',
    remedy: 'Entries are never changed: somebody wrote past the API. Compare with a backup, and restore the entry.',
    breaches: `
      select pk as entry, customer_pk, credit_type_pk, before::text, amount::text, available_after::text from (
        select *, coalesce(lag(available_after) over account, 0) as before from ledger_entry
        window account as (partition by customer_pk, credit_type_pk order by pk)) e
      where before + amount <> available_after`,
  },
  {
    invariant: 'I2',
    rule: "the last entry's balance is what remains of the grants that have entered",
    over: 'ledger_entry',
    remedy:
      "The entries decide: find the grant whose own entries don't add up (its rule says which), and correct what remains of it.",
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
    invariant: 'I4',
    rule: 'no balance is negative',
    over: 'ledger_entry',
    remedy:
      "Grant what is missing with grantCredits, and look at how the customer's grants were written before this entry.",
    breaches: `
      select pk as entry, customer_pk, credit_type_pk, available_after::text from ledger_entry where available_after < 0`,
  },
  {
    invariant: 'I12',
    rule: 'versions of entries never fall, and none is above the version of their customer',
    over: 'ledger_entry',
    remedy: "Raise the customer's version above all of its entries, so that browsers take the next state.",
    breaches: `
      select e.pk as entry, e.customer_pk, e.before, e.version, l.version as current from (
        select pk, customer_pk, version, lag(version) over (partition by customer_pk order by pk) as before
        from ledger_entry) e
      left join customer_ledger l using (customer_pk)
      where e.version < e.before or e.version > l.version or l.version is null`,
  },
]
