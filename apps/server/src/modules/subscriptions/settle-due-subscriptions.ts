import { nowOf, realNow } from '../../platform/clock.ts'
import { PROJECT_COLUMNS, type ProjectRow, readProject, toProject } from '../accounts/read-project.ts'
import type { Project } from '../accounts/viewer.ts'
import { collectRenewal } from './collect-renewal.ts'
import type { SubscriptionDeps } from './deps.ts'
import { readDueSubscriptions } from './read-subscriptions.ts'
import { renewSubscription } from './renew-subscription.ts'

/** The earliest instant, up to the one given, at which something is due for a subscription of the customer; null: nothing. */
export async function readDueSubscription(
  { database }: SubscriptionDeps,
  customerPk: number,
  until: number,
): Promise<number | null> {
  return (await readDueSubscriptions(database, customerPk, until))[0]?.dueAt ?? null
}

/** Does the first thing that is due at an instant or before it, as of its own time. Another worker may have been first. */
export async function settleDueSubscriptions(
  deps: SubscriptionDeps,
  project: Project,
  customerPk: number,
  until: number,
): Promise<void> {
  const [due] = await readDueSubscriptions(deps.database, customerPk, until)
  if (!due) return
  const at = due.dueAt as number
  if (due.openInvoiceId) await collectRenewal(deps, project, due, at)
  else await renewSubscription(deps, project, due, at)
}

/** Does all that is due for the customer's subscriptions by now, in order of time. */
export async function settleOverdue(deps: SubscriptionDeps, project: Project, customerPk: number): Promise<void> {
  const until = nowOf(project)
  while ((await readDueSubscription(deps, customerPk, until)) !== null) {
    await settleDueSubscriptions(deps, project, customerPk, until)
  }
}

/**
 * Takes a customer over the ends of periods that have come, without collecting: what a decision or a reading needs to be
 * as of now, when it comes before the worker does. The worker collects.
 */
export async function renewOverdue(deps: SubscriptionDeps, projectId: string, customerPk: number): Promise<void> {
  const project = await readProject(deps.database, projectId)
  if (!project) throw new Error(`project ${projectId} is missing`)
  const until = nowOf(project)
  for (;;) {
    const due = (await readDueSubscriptions(deps.database, customerPk, until)).find(
      ({ openInvoiceId }) => !openInvoiceId,
    )
    if (!due) return
    await renewSubscription(deps, project, due, due.dueAt as number)
  }
}

/** A customer for whom something is due, claimed for this worker. */
export interface DueCustomer {
  readonly project: Project
  readonly customerPk: number
}

const CLAIM_MS = 60_000

/**
 * Claims customers for whom something is due by their project's clock (of one project: by the instant given), those that
 * waited longest first. Workers pass over each other's claims, and the claim of a worker that died runs out.
 */
export async function claimDueCustomers(
  { database }: SubscriptionDeps,
  limit: number,
  only?: { project: Project; until: number },
): Promise<DueCustomer[]> {
  const now = new Date(realNow())
  const rows = await database.query<ProjectRow & { customer_pk: number }>(
    `with due as (
       select s.id from subscription s join customer c on c.pk = s.customer_pk join project p on p.id = c.project_id
       where s.due_at <= coalesce($4, $1::timestamptz + p.clock_offset_ms * interval '1 millisecond')
         and ($3::uuid is null or p.id = $3) and (s.claimed_until is null or s.claimed_until < $1)
       order by s.due_at, s.id limit $2 for update of s skip locked),
     claimed as (
       update subscription s set claimed_until = $1::timestamptz + $5 * interval '1 millisecond'
       from due where s.id = due.id returning s.customer_pk)
     select distinct ${PROJECT_COLUMNS}, x.customer_pk from claimed x join customer c on c.pk = x.customer_pk
     join project p on p.id = c.project_id`,
    [now, limit, only?.project.id ?? null, only ? new Date(only.until) : null, CLAIM_MS],
  )
  return rows.map((row) => ({ project: toProject(row), customerPk: row.customer_pk }))
}

/** Lets any worker claim the customer again. */
export async function releaseClaim({ database }: SubscriptionDeps, customerPk: number): Promise<void> {
  await database.query(
    `update subscription set claimed_until = null where customer_pk = $1 and claimed_until is not null`,
    [customerPk],
  )
}
