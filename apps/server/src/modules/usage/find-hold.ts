import { LRUCache } from 'lru-cache'
import { type Batched, createBatcher } from '../../platform/batch.ts'
import type { Database } from '../../platform/database.ts'
import { notFound } from '../../platform/errors.ts'
import { storedId } from '../../platform/ids.ts'
import type { Project } from '../accounts/viewer.ts'

/** What never changes about a hold. */
export interface HoldFacts {
  readonly id: string
  readonly projectId: string
  readonly customerPk: number
  readonly customerId: string
  readonly meterPk: number
  readonly properties: Readonly<Record<string, unknown>>
}

/** Finds a project's hold by the id that the API shows. Throws NOT_FOUND. */
export interface FindHold {
  (project: Project, holdId: string): Promise<HoldFacts>
  /** A hold that was just made, so that its stream need not look it up. */
  remember(hold: HoldFacts): void
}

const REMEMBERED = 50_000

export function createFindHold(database: Database): FindHold {
  const known = new LRUCache<string, HoldFacts>({ max: REMEMBERED })
  const look: Batched<string, HoldFacts | null> = createBatcher({ concurrency: 2, capacity: 1_000 }, async (ids) => {
    const rows = await database.query<HoldFacts>(
      `select h.id, c.project_id as "projectId", h.customer_pk as "customerPk", c.id as "customerId",
         h.meter_pk as "meterPk", coalesce(h.properties, '{}') as properties
       from hold h join customer c on c.pk = h.customer_pk where h.id = any($1::uuid[])`,
      [ids],
    )
    for (const row of rows) known.set(row.id, row)
    return ids.map((id) => known.get(id) ?? null)
  })
  const find = async (project: Project, holdId: string): Promise<HoldFacts> => {
    const id = storedId('hold', holdId)
    const hold = id && (known.get(id) ?? (await look(id)))
    if (!hold || hold.projectId !== project.id) throw notFound('hold', holdId, 'holdId')
    return hold
  }
  return Object.assign(find, { remember: (hold: HoldFacts) => void known.set(hold.id, hold) })
}
