import { nowOf } from '../../platform/clock.ts'
import type { Database } from '../../platform/database.ts'
import type { Project } from '../accounts/viewer.ts'

/** How far a sandbox's clock has come that is being moved. Instants in epoch milliseconds. */
export interface ClockProgress {
  readonly from: number
  readonly to: number
  /** All that was due before it has been done. */
  readonly reached: number
  /** Subscriptions for which something is still due on the way. */
  readonly subscriptionsDue: number
}

/** Null while nobody moves the clock. Read from what is due, so that any process can tell. */
export async function readClockProgress(
  { database }: { database: Database },
  project: Project,
): Promise<ClockProgress | null> {
  const [row] = await database.query<{ to: number; reached: number | null; due: number }>(
    `select p.clock_target as to, min(s.due_at) as reached, count(s.id) as due
     from project p left join (customer c join subscription s on s.customer_pk = c.pk)
       on c.project_id = p.id and s.due_at <= p.clock_target
     where p.id = $1 and p.clock_target > $2 group by p.clock_target`,
    [project.id, new Date(nowOf(project))],
  )
  if (!row) return null
  const from = nowOf(project)
  return { from, to: row.to, reached: Math.max(from, row.reached ?? row.to), subscriptionsDue: row.due }
}
