import type { Project } from '../accounts/viewer.ts'
import type { SubscriptionDeps } from '../subscriptions/deps.ts'
import { collectCommitment } from './collect-commitment.ts'
import { endCommitment } from './end-commitment.ts'
import { readCommitment } from './read-commitments.ts'

/** The earliest instant, up to the one given, at which something is due for a commitment of the customer; null: nothing. */
export async function readDueCommitment(
  deps: SubscriptionDeps,
  customerPk: number,
  until: number,
): Promise<number | null> {
  return (await firstDue(deps, customerPk, until))?.dueAt ?? null
}

/**
 * Does the first thing that is due at an instant or before it, as of its own time: an end, or an attempt to collect what one
 * invoiced. Another worker may have been first, and a crash in between is taken up again.
 */
export async function settleDueCommitments(
  deps: SubscriptionDeps,
  project: Project,
  customerPk: number,
  until: number,
): Promise<void> {
  const due = await firstDue(deps, customerPk, until)
  if (!due) return
  const commitment = await readCommitment(deps.database, due.id)
  if (commitment.settledAt === null) await endCommitment(deps, project, commitment)
  else await collectCommitment(deps, project, commitment, due.dueAt)
}

async function firstDue({ database }: SubscriptionDeps, customerPk: number, until: number) {
  const [due] = await database.query<{ id: string; dueAt: number }>(
    `select id, due_at as "dueAt" from commitment where customer_pk = $1 and due_at <= $2 order by due_at, id limit 1`,
    [customerPk, new Date(until)],
  )
  return due
}
