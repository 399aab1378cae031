import type { Project } from '../accounts/viewer.ts'
import type { SubscriptionDeps } from '../subscriptions/deps.ts'
import { collectCommitment } from './collect-commitment.ts'
import { endCommitment } from './end-commitment.ts'
import { readCommitment } from './read-commitments.ts'
import { readNextDue } from './read-due-commitments.ts'

/**
 * Does what is due of a customer's commitments at or before an instant, in order and each as of its own time: ends, and
 * attempts to collect what they invoiced. Any number of workers may be at it, and a crash in between is taken up again.
 */
export async function settleDueCommitments(
  deps: SubscriptionDeps,
  project: Project,
  customerPk: number,
  at: number,
): Promise<void> {
  const next = () => readNextDue(deps.database, customerPk, at)
  for (let due = await next(); due; due = await next()) {
    const commitment = await readCommitment(deps.database, due.id)
    if (commitment.settledAt === null) await endCommitment(deps, project, commitment)
    else await collectCommitment(deps, project, commitment, due.dueAt)
  }
}
