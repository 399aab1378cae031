import { nowOf } from '../../platform/clock.ts'
import { checkKey, runCommand } from '../../platform/command.ts'
import type { Transaction } from '../../platform/database.ts'
import { Fault, notFound } from '../../platform/errors.ts'
import { publicId, storedId } from '../../platform/ids.ts'
import type { Project } from '../accounts/viewer.ts'
import { type AccountSession, withAccount } from '../ledger/with-account.ts'
import type { SubscriptionDeps } from '../subscriptions/deps.ts'
import { settleOverdue } from '../subscriptions/settle-due-subscriptions.ts'
import { billCommitment, type Settlement, writeSettlement } from './bill-commitment.ts'
import { type CommitmentView, commitmentView, readCommitment, type StoredCommitment } from './read-commitments.ts'

const NOTHING: Settlement = { drawn: 0n, shortfall: 0n, invoice: null }

/**
 * Ends a commitment before its time. One that runs is settled as at its end: the whole shortfall is invoiced. One that has not
 * begun is called off, and nothing is owed. Throws NOT_FOUND, and CONFLICT for one that has ended.
 */
export async function cancelCommitment(
  deps: SubscriptionDeps,
  project: Project,
  input: { commitmentId: string; idempotencyKey: string },
): Promise<CommitmentView> {
  const { id, customerPk, customerId, kind } = await findCommitment(deps, project, input.commitmentId)
  const key = checkKey(input.idempotencyKey)
  const command = { projectId: project.id, operation: 'cancelCommitment', scope: customerId, key, input: { id } }
  // What they have to invoice by now counts, also where no worker has come to it yet.
  if (kind === 'MONEY') await settleOverdue(deps, project, customerPk)
  const answer = await runCommand(deps.database, command, async (tx) => {
    const now = nowOf(project)
    const { result, version } = await withAccount(tx, customerPk, now, async (session) => {
      const commitment = await readCommitment(tx, id)
      if (commitment.settledAt !== null || commitment.endsAt <= now) {
        throw new Fault('CONFLICT', 'this commitment has ended already', 'commitmentId')
      }
      await cancel(tx, session, project, commitment, now)
      return commitmentView(await readCommitment(tx, id), now)
    })
    return { view: result, version }
  })
  deps.pubsub.publish([{ key: customerPk, version: answer.version }])
  return answer.view
}

async function cancel(
  tx: Transaction,
  session: AccountSession,
  project: Project,
  commitment: StoredCommitment,
  now: number,
): Promise<void> {
  const { id, name, grantId, startsAt } = commitment
  session.touch()
  const settlement = startsAt > now ? NOTHING : await billCommitment(tx, project, commitment, now)
  writeSettlement(tx, commitment, settlement, { at: now, how: 'CANCELED' })
  // What is left of its credits has been paid for, and ends with it: as in a term that has run its course.
  const isOpen = session.account.grants.some((grant) => grant.id === grantId && !grant.closed)
  const how = startsAt > now ? 'VOID' : 'EXPIRE'
  if (grantId && isOpen) session.end(grantId, how, { type: 'commitment', id: publicId('com', id), detail: { name } })
}

async function findCommitment({ database }: SubscriptionDeps, project: Project, commitmentId: string) {
  const id = storedId('com', commitmentId)
  const [found] = id
    ? await database.query<{ id: string; customerPk: number; customerId: string; kind: StoredCommitment['kind'] }>(
        `select m.id, m.customer_pk as "customerPk", c.id as "customerId", m.kind::text from commitment m
         join customer c on c.pk = m.customer_pk where m.id = $1 and c.project_id = $2`,
        [id, project.id],
      )
    : []
  if (!found) throw notFound('commitment', commitmentId, 'commitmentId')
  return found
}
