import { setTimeout as sleep } from 'node:timers/promises'
import { nowOf, realNow } from '../../platform/clock.ts'
import { Fault, invalidInput } from '../../platform/errors.ts'
import { inLanes } from '../../platform/lanes.ts'
import { readProject } from '../accounts/read-project.ts'
import type { Project } from '../accounts/viewer.ts'
import type { SubscriptionDeps } from '../subscriptions/deps.ts'
import { claimDueCustomers, releaseClaim } from '../subscriptions/settle-due-subscriptions.ts'
import { readDueCustomers } from './read-due-accounts.ts'
import { settleDueCustomer } from './settle-due-customer.ts'

const AT_ONCE = 8
/** Five years: each period on the way is really renewed, so a jump to the year 9999 would never end. */
const FARTHEST_MS = 5 * 366 * 86_400_000
const CLAIM = 40
/** How long to wait for what others are at. */
const OTHERS_MS = 50

/**
 * Moves a sandbox's clock forward and does, in order for each customer, all that falls due on the way, by the code that a
 * worker runs in real time. Answers when it is done, payments included. Throws FORBIDDEN for a LIVE project, INVALID_INPUT
 * for an instant that has passed. Asked again for where it has just arrived, it answers the same.
 */
export async function advanceClock(deps: SubscriptionDeps, project: Project, to: number): Promise<number> {
  if (project.mode !== 'SANDBOX') throw new Fault('FORBIDDEN', 'only the clock of a SANDBOX project can be moved')
  if (Number.isNaN(to)) throw invalidInput('to', 'to is not an instant such as "2027-01-31T00:00:00Z"')
  if (to < nowOf(project)) {
    if (await hasArrived(deps, project, to)) return to
    const now = new Date(nowOf(project)).toISOString()
    throw invalidInput('to', `the clock only moves forward: it is ${now} in this project`)
  }
  if (to > nowOf(project) + FARTHEST_MS) throw invalidInput('to', 'move the clock by at most five years a call')
  await deps.database.query(`update project set clock_target = greatest(clock_target, $2) where id = $1`, [
    project.id,
    new Date(to),
  ])
  await settleUntil(deps, project, to)
  await deps.database.query(`update project set clock_offset_ms = greatest(clock_offset_ms, $2) where id = $1`, [
    project.id,
    to - realNow(),
  ])
  await readProject(deps.database, project.id)
  return to
}

/** Whether this is where the clock was moved last: whoever lost the answer and asks again gets it. */
async function hasArrived({ database }: SubscriptionDeps, project: Project, to: number): Promise<boolean> {
  const rows = await database.query(`select 1 from project where id = $1 and clock_target = $2`, [
    project.id,
    new Date(to),
  ])
  return rows.length > 0
}

/** What is due for subscriptions first, with all else on the way of their customers; then those for whom only other things are. */
async function settleUntil(deps: SubscriptionDeps, project: Project, until: number): Promise<void> {
  for (;;) {
    const claimed = await claimDueCustomers(deps, CLAIM, { project, until })
    await inLanes(claimed, AT_ONCE, async ({ customerPk }) => {
      // Whoever moves the clock hears of a failure, and may ask again at once.
      await settleDueCustomer(deps, project, customerPk, until).finally(() => releaseClaim(deps, customerPk))
    })
    if (claimed.length > 0) continue
    const others = await readDueCustomers(deps, project, until)
    await inLanes(others, AT_ONCE, (customerPk) => settleDueCustomer(deps, project, customerPk, until))
    if (others.length > 0) continue
    if (!(await isAnythingDue(deps, project, until))) return
    await sleep(OTHERS_MS)
  }
}

/** Also what workers have claimed is waited for: the clock passes nothing by. */
async function isAnythingDue({ database }: SubscriptionDeps, project: Project, until: number): Promise<boolean> {
  const rows = await database.query(
    `select 1 from subscription s join customer c on c.pk = s.customer_pk
     where c.project_id = $1 and s.due_at <= $2 limit 1`,
    [project.id, new Date(until)],
  )
  return rows.length > 0
}
