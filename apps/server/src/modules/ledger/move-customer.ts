import { nowOf } from '../../platform/clock.ts'
import type { Transaction } from '../../platform/database.ts'
import { Fault, invalidInput } from '../../platform/errors.ts'
import type { Announcement } from '../../platform/pubsub.ts'
import type { Project } from '../accounts/viewer.ts'
import { inLockOrder, readLineages } from './in-lineages.ts'
import { type AccountSession, sessionOf, withAccounts } from './with-account.ts'

/** How many levels a tree may have. */
export const DEEPEST = 5

/**
 * Puts a customer below a parent, whose pools then pay for what the customer's own cards don't rate; null: below nobody.
 * Throws NOT_FOUND, INVALID_INPUT, and CONFLICT while those above pay for open holds.
 */
export async function moveCustomer(
  tx: Transaction,
  project: Project,
  customerPk: number,
  parentId: string | null,
): Promise<Announcement[]> {
  // One move at a time in a project: two at once could close a circle.
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('move ' || $1, 0))`, [project.id])
  const parentPk = parentId === null ? null : await findParent(tx, project, parentId)
  const lineages = await readLineages(tx, parentPk === null ? [customerPk] : [customerPk, parentPk])
  const before = lineages.get(customerPk) ?? []
  const after = parentPk === null ? [] : [parentPk, ...(lineages.get(parentPk) ?? [])]
  if (before[0] === after[0]) return []
  const below = await readBelow(tx, customerPk)
  if (after.includes(customerPk) || after.length + below.height > DEEPEST) throw impossible(after.includes(customerPk))
  const now = nowOf(project)
  const locked = [...new Set([...inLockOrder(lineages), customerPk])]
  const { changes } = await withAccounts(tx, locked, now, async (sessions) => {
    await refuseWithHolds(tx, below.pks, before, now)
    tx.send(`update customer_ledger set parent_pk = $2 where customer_pk = $1`, [customerPk, parentPk])
    keepGrowing(sessionOf(sessions, customerPk), sumOf(sessions, before) - sumOf(sessions, after))
  })
  return changes.map((change) => ({ key: change.customerPk, version: change.after.version }))
}

async function findParent(tx: Transaction, project: Project, parentId: string): Promise<number> {
  const [row] = await tx.query<{ pk: number }>(`select pk from customer where project_id = $1 and id = $2`, [
    project.id,
    parentId,
  ])
  if (!row) throw new Fault('NOT_FOUND', `there is no customer "${parentId}": create the parent first`, 'parentId')
  return row.pk
}

/** The customer and all below, and how many levels they are. */
async function readBelow(tx: Transaction, customerPk: number): Promise<{ pks: number[]; height: number }> {
  const rows = await tx.query<{ pk: number; level: number }>(
    `with recursive below(pk, level) as (
       select $1::bigint, 1
       union all
       select l.customer_pk, b.level + 1 from below b join customer_ledger l on l.parent_pk = b.pk)
     select pk, level from below`,
    [customerPk],
  )
  return { pks: rows.map(({ pk }) => pk), height: Math.max(...rows.map(({ level }) => level)) }
}

function impossible(circle: boolean): Fault {
  return circle
    ? invalidInput('parentId', 'a customer cannot stand above themselves: name a parent who is not below them')
    : invalidInput('parentId', `a tree has at most ${DEEPEST} levels: name a parent further up`)
}

/** Holds that have run out by now have been written down with the locks. */
async function refuseWithHolds(
  tx: Transaction,
  below: readonly number[],
  payers: readonly number[],
  now: number,
): Promise<void> {
  if (payers.length === 0) return
  const [open] = await tx.query<{ id: string }>(
    `select id from hold where payer_pk = any($1::bigint[]) and customer_pk = any($2::bigint[]) and status = 'OPEN'
       and expires_at > $3 limit 1`,
    [payers, below, new Date(now)],
  )
  if (open) {
    throw new Fault('CONFLICT', 'those above pay for open holds: capture or release them first', 'parentId')
  }
}

/** A client shows the sum of all versions from the customer up, and must never see it fall. */
function keepGrowing(session: AccountSession, lost: number): void {
  session.touch(1 + Math.max(0, lost))
}

function sumOf(sessions: ReadonlyMap<number, AccountSession>, pks: readonly number[]): number {
  return pks.reduce((sum, pk) => sum + sessionOf(sessions, pk).account.version, 0)
}
