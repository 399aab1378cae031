import type { Grant } from '@florin/core'
import { nowOf } from '../../platform/clock.ts'
import { checkKey, runCommand } from '../../platform/command.ts'
import { Fault, notFound } from '../../platform/errors.ts'
import { storedId } from '../../platform/ids.ts'
import type { Project } from '../accounts/viewer.ts'
import type { LedgerDeps } from './create-wallet.ts'
import { type GrantState, storeGrant } from './grant-state.ts'
import { withAccount } from './with-account.ts'

/** Takes back what remains of a grant. Throws NOT_FOUND, and CONFLICT when nothing is left. */
export async function voidGrant(
  deps: LedgerDeps,
  project: Project,
  input: { grantId: string; idempotencyKey: string },
): Promise<GrantState> {
  const grantId = storedId('gr', input.grantId)
  const [owner] = grantId
    ? await deps.database.query<{ customer_pk: number; id: string }>(
        `select g.customer_pk, c.id from "grant" g join customer c on c.pk = g.customer_pk
         where g.id = $1 and c.project_id = $2`,
        [grantId, project.id],
      )
    : []
  if (!grantId || !owner) throw notFound('grant', input.grantId, 'grantId')
  const key = checkKey(input.idempotencyKey)
  const command = { projectId: project.id, operation: 'voidGrant', scope: owner.id, key, input: { grantId } }
  const answer = await runCommand(deps.database, command, async (tx) => {
    const { result, version } = await withAccount(tx, owner.customer_pk, nowOf(project), async (session) => {
      const grant = session.account.grants.find(({ id }) => id === grantId)
      if (!grant || grant.remaining === 0n) throw new Fault('CONFLICT', 'nothing remains of this grant', 'grantId')
      session.end(grantId, 'VOID', { type: 'grant', id: grantId, detail: { reason: 'voided by an operator' } })
      return session.account.grants.find(({ id }) => id === grantId) as Grant
    })
    return { grant: storeGrant(result), version }
  })
  deps.pubsub.publish([{ key: owner.customer_pk, version: answer.version }])
  return answer.grant
}
