import { auditLedger, type Breach } from '../apps/server/src/modules/audit/audit-ledger.ts'
import type { Database } from '../apps/server/src/platform/database.ts'

/** What became of the usage that the server acknowledged, since the bench began, and of what a row counted itself. */
export interface Books {
  readonly acknowledged: number
  /** Acknowledged, and not in the database. */
  readonly lost: number
  /** Drawn beyond what was acknowledged: each use costs one credit. */
  readonly doubled: number
  /** Balances and grants below zero, and every other contradiction that the audit found. */
  readonly breaches: readonly Breach[]
}

/** Compares the database with what the load was answered. No load may be running. */
export async function checkBooks(
  database: Database,
  acknowledged: number,
  counted: { readonly lost: number; readonly doubled: number } = { lost: 0, doubled: 0 },
): Promise<Books> {
  const [events] = await database.query<{ recorded: number }>(
    `select count(*) as recorded from usage_event
     where status = 'RECORDED' and operation in ('consume', 'recordUsage', 'captureHold')`,
  )
  const [entries] = await database.query<{ drawn: number }>(
    `select coalesce(-sum(amount), 0)::bigint as drawn from ledger_entry where kind = 'DRAW'`,
  )
  const recorded = events?.recorded ?? 0
  const drawn = entries?.drawn ?? 0
  return {
    acknowledged,
    lost: counted.lost + Math.max(0, acknowledged - Math.min(recorded, drawn)),
    doubled: counted.doubled + Math.max(0, Math.max(recorded, drawn) - acknowledged),
    breaches: await auditLedger(database),
  }
}

export function areClean({ lost, doubled, breaches }: Books): boolean {
  return lost === 0 && doubled === 0 && breaches.length === 0
}
