import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../../apps/server/src/platform/database.ts'
import type { Renewals } from './seed-renewals.ts'

/** What was left to do at an instant. */
export interface Moment {
  /** Milliseconds since the watch began. */
  readonly at: number
  readonly left: number
  /** Of those: claimed before the worker was killed, so perhaps by it. */
  readonly stranded: number
}

const EVERY_MS = 100
/** Longer than a claim lasts. */
const PATIENCE_MS = 150_000

/** Watches until nothing is due any more. `halfDone` is called once, in the middle. */
export async function watchDue(database: Database, renewals: Renewals, halfDone: () => void): Promise<Moment[]> {
  const total = renewals.free + renewals.paid
  const began = performance.now()
  const moments: Moment[] = []
  let lastClaim: number | null = null
  let moved = began
  for (;;) {
    const { left, stranded } = await countDue(database, renewals, lastClaim)
    const at = performance.now() - began
    if (moments.at(-1)?.left !== left) moved = performance.now()
    moments.push({ at, left, stranded })
    if (left === 0) return moments
    if (performance.now() - moved > PATIENCE_MS) throw new Error(`${left} renewals are due and nobody does them`)
    if (lastClaim === null && left <= total / 2) {
      halfDone()
      lastClaim = await readLastClaim(database)
    }
    await sleep(EVERY_MS)
  }
}

async function countDue(
  database: Database,
  { projectId, dueAt }: Renewals,
  lastClaim: number | null,
): Promise<{ left: number; stranded: number }> {
  const [row] = await database.query<{ left: number; stranded: number }>(
    `select count(*) as left, count(*) filter (where s.claimed_until <= $3) as stranded
     from subscription s join customer c on c.pk = s.customer_pk where c.project_id = $1 and s.due_at <= $2`,
    [projectId, new Date(dueAt), lastClaim === null ? null : new Date(lastClaim)],
  )
  return row as { left: number; stranded: number }
}

/** When the latest claim runs out. */
async function readLastClaim(database: Database): Promise<number> {
  const [row] = await database.query<{ last: number | null }>(`select max(claimed_until) as last from subscription`)
  return row?.last ?? 0
}

export interface Course {
  /** Renewals a second, for each tenth of those that no killed worker held. */
  readonly perSecond: readonly number[]
  readonly doneMs: number
  /** When nothing was left but what the killed worker had claimed. */
  readonly workedMs: number
  /** How many those were. */
  readonly stranded: number
  /** From the first renewal that was seen to `workedMs`. */
  readonly overall: number
}

/** Reads the course of the work from what was seen. */
export function courseOf(moments: readonly Moment[], total: number): Course {
  const begin = moments.findLast(({ left }) => left === total) as Moment
  const worked = moments.find(({ left, stranded }) => left === stranded) as Moment
  const perSecond: number[] = []
  let mark = begin
  for (const moment of moments) {
    if (moment.at > worked.at) break
    if (mark.left - moment.left < (total - worked.left) / 10) continue
    perSecond.push(speedBetween(mark, moment))
    mark = moment
  }
  return {
    perSecond: perSecond.length > 0 ? perSecond : [speedBetween(begin, worked)],
    doneMs: (moments.at(-1) as Moment).at,
    workedMs: worked.at,
    stranded: worked.left,
    overall: speedBetween(begin, worked),
  }
}

function speedBetween(from: Moment, to: Moment): number {
  return ((from.left - to.left) * 1_000) / (to.at - from.at)
}
