import { type Account, formatAmount, type Grant, type LedgerEntry } from '@florin/core'
import { arrayOf, type Statement, type Transaction } from '../../platform/database.ts'
import type { StoredAccount } from './load-accounts.ts'

/** One customer's account as it was locked, as it is now, and the entries between the two. */
export interface AccountWrite {
  readonly customerPk: number
  readonly before: StoredAccount
  readonly after: Account
  /** No open hold runs out before this; null: there is none. Left out: as it was. */
  readonly holdDueAt?: number | null
  readonly entries: readonly LedgerEntry[]
}

const ENTRIES: Statement = {
  name: 'ledger-write-entries',
  text: `insert into ledger_entry (customer_pk, credit_type_pk, grant_id, kind, amount, available_after, version,
           effective_at, cause_type, cause_id, cause)
         select * from unnest($1::bigint[], $2::int[], $3::uuid[], $4::ledger_entry_kind[], $5::numeric[], $6::numeric[],
           $7::bigint[], $8::timestamptz[], $9::text[], $10::text[], $11::jsonb[])`,
}

const GRANTS: Statement = {
  name: 'ledger-write-grants',
  text: `update "grant" g set amount = w.amount, remaining = w.remaining, held = w.held, frozen = w.frozen, owed = w.owed,
           entered = w.entered, ended = w.ended, closed_at = case when w.closed then now() end
         from unnest($1::uuid[], $2::numeric[], $3::numeric[], $4::numeric[], $5::numeric[], $6::numeric[], $7::bool[],
           $8::text[], $9::bool[]) as w(id, amount, remaining, held, frozen, owed, entered, ended, closed)
         where g.id = w.id`,
}

const LEDGERS: Statement = {
  name: 'ledger-write-versions',
  text: `update customer_ledger l set version = w.version, hold_due_at = w.hold_due_at
         from unnest($1::bigint[], $2::bigint[], $3::timestamptz[]) as w(customer_pk, version, hold_due_at)
         where l.customer_pk = w.customer_pk`,
}

/**
 * Writes what changed between the locked accounts and the decided ones. Grants that are new must have been inserted
 * by the caller in the same transaction.
 */
export function writeAccounts(tx: Transaction, writes: readonly AccountWrite[]): void {
  const entries = writes.flatMap(({ customerPk, entries }) => entries.map((entry) => ({ customerPk, entry })))
  const grants = writes.flatMap(changedGrants)
  const moved = writes.filter(({ before, after }) => before.version !== after.version)
  if (entries.length > 0) tx.send(ENTRIES, entryColumns(entries))
  if (grants.length > 0) tx.send(GRANTS, grantColumns(grants))
  if (moved.length === 0) return
  tx.send(LEDGERS, [
    arrayOf(moved.map(({ customerPk }) => customerPk)),
    arrayOf(moved.map(({ after }) => after.version)),
    arrayOf(moved.map(({ before, holdDueAt = before.holdDueAt }) => (holdDueAt === null ? null : instant(holdDueAt)))),
  ])
}

/** Grants that the decision replaced: accounts are immutable, so another object is another state. */
function changedGrants({ before, after }: AccountWrite): Grant[] {
  if (before.grants === after.grants) return []
  const known = new Set(before.grants)
  return after.grants.filter((grant) => !known.has(grant))
}

function entryColumns(rows: readonly { customerPk: number; entry: LedgerEntry }[]): unknown[] {
  return [
    arrayOf(rows.map(({ customerPk }) => customerPk)),
    arrayOf(rows.map(({ entry }) => entry.creditType)),
    arrayOf(rows.map(({ entry }) => entry.grantId)),
    arrayOf(rows.map(({ entry }) => entry.kind)),
    arrayOf(rows.map(({ entry }) => formatAmount(entry.amount))),
    arrayOf(rows.map(({ entry }) => formatAmount(entry.availableAfter))),
    arrayOf(rows.map(({ entry }) => entry.version)),
    arrayOf(rows.map(({ entry }) => instant(entry.effectiveAt))),
    arrayOf(rows.map(({ entry }) => entry.cause.type)),
    rows.map(({ entry }) => entry.cause.id),
    rows.map(({ entry }) => (entry.cause.detail ? JSON.stringify(entry.cause.detail) : null)),
  ]
}

function grantColumns(grants: readonly Grant[]): unknown[] {
  return [
    arrayOf(grants.map(({ id }) => id)),
    arrayOf(grants.map(({ amount }) => formatAmount(amount))),
    arrayOf(grants.map(({ remaining }) => formatAmount(remaining))),
    arrayOf(grants.map(({ held }) => formatAmount(held))),
    arrayOf(grants.map(({ frozen }) => (frozen === null ? null : formatAmount(frozen)))),
    arrayOf(grants.map(({ owed }) => formatAmount(owed))),
    arrayOf(grants.map(({ entered }) => String(entered))),
    arrayOf(grants.map(({ ended }) => ended)),
    arrayOf(grants.map(({ closed }) => String(closed))),
  ]
}

function instant(epochMs: number): string {
  return new Date(epochMs).toISOString()
}
