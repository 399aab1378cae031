import { amountOf, type Grant, reverseUsage, type UsageEntry } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import { GRANT_COLUMNS, type GrantRow, toGrant } from './load-accounts.ts'
import type { AccountSession } from './with-account.ts'

/** A usage event by the version that it made: two operations may have used one key. */
export interface EventVersion {
  readonly customerPk: number
  readonly key: string
  readonly version: number
}

/** Answers each ledger entry of one usage event with one that undoes it, also where its grant has been closed since. */
export async function reverseEntries(
  tx: Transaction,
  session: AccountSession,
  event: EventVersion,
  now: number,
): Promise<void> {
  const entries = await readEntries(tx, event)
  const grantIds = entries.flatMap(({ grantId }) => grantId ?? [])
  const grants = await readDrawnGrants(tx, [...new Set(grantIds)])
  session.apply(reverseUsage(session.account, entries, grants, now))
}

interface EntryRow {
  credit_type_pk: number
  grant_id: string | null
  kind: UsageEntry['kind']
  amount: string
  cause: UsageEntry['cause']['detail'] | null
}

// A customer may have millions of entries and an index on versions would slow every draw down. But their entries stand in
// the order of their versions, so halving finds where this version begins and where the next one does.
const ENTRIES = `
  with recursive halved(version, low, high) as (
    select v.version, 0::bigint, (select coalesce(max(pk), 0) + 1 from ledger_entry where customer_pk = $1)
    from (values ($2::bigint), ($2::bigint + 1)) as v(version)
    union all
    select h.version, case when e.version < h.version then e.pk + 1 else h.low end,
      case when e.version < h.version then h.high else (h.low + h.high) / 2 end
    from halved h
    left join lateral (select pk, version from ledger_entry where customer_pk = $1 and pk >= (h.low + h.high) / 2
      order by pk limit 1) e on true
    where h.low < h.high)
  select credit_type_pk, grant_id, kind::text, amount, cause from ledger_entry
  where customer_pk = $1 and cause_type = 'usage_event' and cause_id = $3
    and pk >= (select max(low) from halved where version = $2)
    and pk < (select max(low) from halved where version = $2 + 1)
  order by pk`

async function readEntries(tx: Transaction, { customerPk, key, version }: EventVersion): Promise<UsageEntry[]> {
  const rows = await tx.query<EntryRow>(ENTRIES, [customerPk, version, key])
  return rows.map((row) => ({
    creditType: row.credit_type_pk,
    grantId: row.grant_id,
    kind: row.kind,
    amount: amountOf(row.amount),
    cause: { type: 'usage_event', id: key, detail: row.cause ?? {} },
  }))
}

async function readDrawnGrants(tx: Transaction, ids: readonly string[]): Promise<Map<string, Grant>> {
  const rows = await tx.query<GrantRow>(`select ${GRANT_COLUMNS} from "grant" where id = any($1::uuid[])`, [ids])
  return new Map(rows.map((row) => [row.id, toGrant(row)]))
}
