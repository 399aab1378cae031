import type { Project } from '../accounts/viewer.ts'
import { withAccount } from '../ledger/with-account.ts'
import type { SubscriptionDeps } from '../subscriptions/deps.ts'
import { billCommitment, writeSettlement } from './bill-commitment.ts'
import { readCommitment, type StoredCommitment } from './read-commitments.ts'

/**
 * Ends a commitment whose term is over, as of its end, however late this runs: what became of it, and its invoice. The
 * customer's lock lets one worker through. What else was due in the term has been done before it, in order of time. Credits that were not drawn have ended with the grant itself.
 */
export async function endCommitment(
  deps: SubscriptionDeps,
  project: Project,
  { id, customerPk, endsAt }: StoredCommitment,
): Promise<void> {
  const { version } = await deps.database.transaction((tx) =>
    withAccount(tx, customerPk, endsAt, async (session) => {
      const commitment = await readCommitment(tx, id)
      if (commitment.settledAt !== null) return
      session.touch()
      const settlement = await billCommitment(tx, project, commitment, endsAt)
      writeSettlement(tx, commitment, settlement, { at: endsAt, how: 'ENDED' })
    }),
  )
  deps.pubsub.publish([{ key: customerPk, version }])
}
