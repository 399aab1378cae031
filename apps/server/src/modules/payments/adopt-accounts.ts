import { nowOf } from '../../platform/clock.ts'
import { PROJECT_COLUMNS, type ProjectRow, toProject } from '../accounts/read-project.ts'
import type { Project } from '../accounts/viewer.ts'
import { withAccount } from '../ledger/with-account.ts'
import type { PaymentDeps } from './deps.ts'
import { switchAccount } from './payment-profile.ts'

const BATCH = 200

/**
 * Looks once whether projects are paid at another account of the provider than before: their customers have nothing on file
 * there, and what they had is kept for the way back. Answers a job that does nothing once that is done.
 */
export function adoptAccounts(deps: PaymentDeps): () => Promise<void> {
  let done = false
  return async () => {
    if (done) return
    const rows = await deps.database.query<ProjectRow>(
      `select ${PROJECT_COLUMNS} from project p where exists (
         select 1 from customer c join payment_profile f on f.customer_pk = c.pk where c.project_id = p.id)`,
    )
    for (const row of rows) await adoptProject(deps, toProject(row))
    done = true
  }
}

async function adoptProject(deps: PaymentDeps, project: Project): Promise<void> {
  const account = await accountOf(deps, project)
  if (account === null) return
  for (;;) {
    const customers = await deps.database.query<{ pk: number }>(
      `select c.pk from payment_profile f join customer c on c.pk = f.customer_pk
       where c.project_id = $1 and f.active and f.account <> $2 limit ${BATCH}`,
      [project.id, account],
    )
    if (customers.length === 0) return
    for (const { pk } of customers) {
      const { version } = await deps.database.transaction((tx) =>
        withAccount(tx, pk, nowOf(project), async (session) => {
          await switchAccount(tx, account, [pk])
          session.touch()
        }),
      )
      deps.pubsub.publish([{ key: pk, version }])
    }
  }
}

/** Null where the project has no provider now, or its key may not ask. */
async function accountOf({ providerFor, log }: PaymentDeps, project: Project): Promise<string | null> {
  try {
    return await providerFor(project).account()
  } catch (error) {
    log.warn({ err: error, project: project.id }, 'the account of the payment provider is not known')
    return null
  }
}
