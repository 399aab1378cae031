import { auditLedger } from '../../apps/server/src/modules/audit/audit-ledger.ts'
import { openDatabase } from '../../apps/server/src/platform/database.ts'
import { endProcess } from '../program.ts'
import { countRenewals, type RenewalCounts } from '../renewals/count-renewals.ts'
import { makeDue, type Renewals, seedRenewals } from '../renewals/seed-renewals.ts'
import { type Course, courseOf, watchDue } from '../renewals/watch-due.ts'
import { type Pace, type Sample, summarize } from '../rounds.ts'
import type { Services } from '../services.ts'
import type { Measured, Row } from './row.ts'

const WORKERS = 3
/** What a worker renews at once, by as many workers. */
const CONNECTIONS = 4 * WORKERS

/** The end of the month: everything is due at once, and a worker dies in the middle of it. */
export const renewalsRow: Row = {
  topic: 'renewals',
  name: `renewals due at once, ${WORKERS} workers, one killed`,
  unit: 'renewals/s',
  floor: `the rows of a renewal in one transaction, a paid one’s in three, raw pg, ${CONNECTIONS} connections, no provider`,
  aim: null,
  measure: async (services, pace) => {
    const database = openDatabase(services.databaseUrl, { connections: 8 })
    try {
      return await measure(services, pace, database)
    } finally {
      await database.close()
    }
  },
}

async function measure(services: Services, pace: Pace, database: Services['database']): Promise<Measured> {
  const floors = await measureFloor(services, pace, Math.ceil(pace.rounds / 2))
  const renewals = await seedRenewals(services.api, database, pace.subscriptions)
  const [breach] = await auditLedger(database)
  if (breach) throw new Error(`the books don't add up before the bench: ${JSON.stringify(breach)}`)
  const workers = await Promise.all(Array.from({ length: WORKERS }, () => services.startWorker()))
  await makeDue(database, renewals)
  const moments = await watchDue(database, renewals, () => workers[0]?.kill('SIGKILL'))
  await Promise.all(workers.map(endProcess))
  floors.push(...(await measureFloor(services, pace, Math.ceil(pace.rounds / 2))))
  const course = courseOf(moments, pace.subscriptions)
  const counts = await countRenewals(database, services.api.port, renewals)
  const subject = summarize(course.perSecond.map(sampleOf))
  const floor = summarize(floors.map(sampleOf))
  return {
    speed: { subject, floor, ratio: subject.median / floor.median, acknowledged: 0 },
    delay: null,
    acknowledged: 0,
    counted: { lost: counts.lost, doubled: counts.doubled, notes: notesOf(renewals, course, counts) },
  }
}

async function measureFloor({ renewalsFloor, databaseUrl: url }: Services, pace: Pace, rounds: number) {
  const speeds: number[] = []
  for (let round = 0; round < rounds; round++) {
    const { seconds, subscriptions } = pace
    speeds.push(await renewalsFloor.ask({ url, connections: CONNECTIONS, subscriptions, seconds }))
  }
  return speeds
}

const sampleOf = (perSecond: number): Sample => ({ perSecond, latency: null, acknowledged: 0 })

function notesOf({ free, paid }: Renewals, course: Course, counts: RenewalCounts): string[] {
  const seconds = (ms: number) => (ms / 1_000).toFixed(1)
  const { doneMs, workedMs, stranded, overall } = course
  const all = `${free + paid} renewals (${free} free, ${paid} paid), ${Math.round(overall)}/s: all done after ${seconds(doneMs)} s`
  const claimed =
    stranded > 0
      ? `all but the ${stranded} that the killed worker had claimed after ${seconds(workedMs)} s`
      : 'and none waited: what the killed worker had claimed was free again before the others were through'
  return [
    `${all}, ${claimed}`,
    `renewed exactly once: ${counts.once} subscriptions, with ${counts.allowances} allowances, ${counts.invoices} invoices and ${counts.charges} charges at the provider; lost ${counts.lost}, doubled ${counts.doubled}`,
  ]
}
