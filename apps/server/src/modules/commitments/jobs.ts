import { nowOf, realNow } from '../../platform/clock.ts'
import { PROJECT_COLUMNS, type ProjectRow, toProject } from '../accounts/read-project.ts'
import type { SubscriptionDeps } from '../subscriptions/deps.ts'
import { settleDueCommitments } from './settle-due-commitments.ts'

const BATCH = 50

/**
 * Ends and collects the commitments that are due in every project, by its clock. Each is settled once, however many workers do
 * this; one that fails is passed over until the next round.
 */
export async function settleCommitments(deps: SubscriptionDeps, stopped: () => boolean = () => false): Promise<void> {
  for (let after: number | null = 0; after !== null && !stopped(); ) after = await settleBatch(deps, after)
}

/** Answers the customer at whom the next batch goes on; null: this was the last one. */
async function settleBatch(deps: SubscriptionDeps, after: number): Promise<number | null> {
  const rows = await deps.database.query<ProjectRow & { customer_pk: number }>(
    `select ${PROJECT_COLUMNS}, x.customer_pk from (
       select distinct m.customer_pk, c.project_id from commitment m
       join customer c on c.pk = m.customer_pk join project p on p.id = c.project_id
       where m.due_at <= $1::timestamptz + p.clock_offset_ms * interval '1 millisecond' and m.customer_pk > $2
       order by m.customer_pk limit ${BATCH}) x
     join project p on p.id = x.project_id order by x.customer_pk`,
    [new Date(realNow()), after],
  )
  for (const row of rows) {
    const project = toProject(row)
    await settleDueCommitments(deps, project, row.customer_pk, nowOf(project)).catch((error: unknown) =>
      deps.log.warn(
        { err: error, customerPk: row.customer_pk },
        'a commitment could not be settled; it is tried again',
      ),
    )
  }
  return rows.length === BATCH ? (rows.at(-1)?.customer_pk ?? null) : null
}
