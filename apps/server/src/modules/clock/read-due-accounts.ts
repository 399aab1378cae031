import { realNow } from '../../platform/clock.ts'
import type { Database } from '../../platform/database.ts'
import { PROJECT_COLUMNS, type ProjectRow, toProject } from '../accounts/read-project.ts'
import type { Project } from '../accounts/viewer.ts'
import type { DueCustomer } from '../subscriptions/settle-due-subscriptions.ts'
import { isTrialUntoldBy } from '../subscriptions/tell-trial-end.ts'
import { isTopUpDueBy } from '../topups/read-due-top-ups.ts'

const MOST = 200

// By real time, from indices in order of time: what is due is little, whatever there is.
const IN_REAL_TIME = `
  select ${PROJECT_COLUMNS}, d.customer_pk from (
    select payer_pk as customer_pk from hold where status = 'OPEN' and expires_at <= $1
    union select customer_pk from "grant"
      where closed_at is null and kind <> 'ALLOWANCE' and remaining > 0 and expires_at <= $1
    union select customer_pk from "grant" where closed_at is null and not entered and effective_at <= $1
    union select customer_pk from commitment where due_at <= $1
    union select customer_pk from subscription s where ${isTrialUntoldBy('$1')}) d
  join customer c on c.pk = d.customer_pk join project p on p.id = c.project_id
  where p.clock_offset_ms = 0 limit ${MOST}`

/** Whether something is due for the customer `c` by an instant, besides subscriptions. */
const isDueBy = (now: string) => `(
  exists (select 1 from subscription s where s.customer_pk = c.pk and ${isTrialUntoldBy(now)})
  or exists (select 1 from commitment m where m.customer_pk = c.pk and m.due_at <= ${now})
  or exists (select 1 from hold h where h.payer_pk = c.pk and h.status = 'OPEN' and h.expires_at <= ${now})
  or exists (select 1 from "grant" g where g.customer_pk = c.pk and g.closed_at is null
    and (g.kind <> 'ALLOWANCE' and g.remaining > 0 and g.expires_at <= ${now} or not g.entered and g.effective_at <= ${now})))`

// A sandbox whose clock was moved has a time of its own, and few customers: they are asked one by one.
const IN_SANDBOX_TIME = `
  select ${PROJECT_COLUMNS}, c.pk as customer_pk from project p join customer c on c.project_id = p.id
  cross join lateral (select $1::timestamptz + p.clock_offset_ms * interval '1 millisecond' as now) t
  where p.clock_offset_ms <> 0 and ${isDueBy('t.now')} limit ${MOST}`

/** Customers for whom something is due besides subscriptions, by their projects' clocks: their accounts, their contracts. */
export async function readDueAccounts({ database }: { database: Database }): Promise<DueCustomer[]> {
  const now = [new Date(realNow())]
  const rows = await Promise.all(
    [IN_REAL_TIME, IN_SANDBOX_TIME].map((text) => database.query<ProjectRow & { customer_pk: number }>(text, now)),
  )
  return rows.flat().map((row) => ({ project: toProject(row), customerPk: row.customer_pk }))
}

// Top-ups have a job of their own; whoever moves a clock waits for them too.
const OF_PROJECT = `
  select c.pk from customer c where c.project_id = $1 and (${isDueBy('$2')} or ${isTopUpDueBy('c.pk', '$2')}) order by c.pk`

/** The same for one project, up to an instant. */
export async function readDueCustomers(
  { database }: { database: Database },
  project: Project,
  until: number,
): Promise<number[]> {
  return (await database.query<{ pk: number }>(OF_PROJECT, [project.id, new Date(until)])).map(({ pk }) => pk)
}
