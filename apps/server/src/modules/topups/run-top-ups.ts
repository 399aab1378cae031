import { arrayOf } from '../../platform/database.ts'
import { inLanes } from '../../platform/lanes.ts'
import { PROJECT_COLUMNS, type ProjectRow, toProject } from '../accounts/read-project.ts'
import type { SubscriptionDeps } from '../subscriptions/deps.ts'
import { settleDueTopUps } from './settle-due-top-ups.ts'

const AT_ONCE = 4

/** Tops up customers whose balance has just crossed its threshold. A failure is left to the workers. */
export async function runTopUps(deps: SubscriptionDeps, customerPks: readonly number[]): Promise<void> {
  const rows = await deps.database.query<ProjectRow & { customer_pk: number }>(
    `select ${PROJECT_COLUMNS}, c.pk as customer_pk from customer c join project p on p.id = c.project_id
     where c.pk = any($1::bigint[]) and exists (select 1 from auto_top_up t where t.customer_pk = c.pk)`,
    [arrayOf(customerPks)],
  )
  await inLanes(rows, AT_ONCE, (row) =>
    settleDueTopUps(deps, toProject(row), row.customer_pk).catch((error: unknown) =>
      deps.log.warn({ err: error, customerPk: row.customer_pk }, 'a top-up could not be made; it is tried again'),
    ),
  )
}
