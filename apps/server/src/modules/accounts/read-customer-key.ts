import { LRUCache } from 'lru-cache'
import { createBatcher } from '../../platform/batch.ts'
import type { Database } from '../../platform/database.ts'
import { isStorable } from '../../platform/storable.ts'
import type { Project } from './viewer.ts'

/** The internal key of a customer, or null if the project has none of that id. */
export type ReadCustomerKey = (project: Project, customerId: string) => Promise<number | null>

const REMEMBERED = 200_000

const KEYS = {
  name: 'customer-keys',
  text: `select c.project_id, c.id, c.pk from customer c
         join unnest($1::uuid[], $2::text[]) as w(project_id, id) on w.project_id = c.project_id and w.id = c.id`,
}

/** A customer's key never changes, so what was found is remembered; what was not is asked again. */
export function createReadCustomerKey(database: Database): ReadCustomerKey {
  const known = new LRUCache<string, number>({ max: REMEMBERED })
  const nameOf = (projectId: string, id: string) => `${projectId} ${id}`
  const look = createBatcher<{ project: Project; id: string }, number | null>(
    { concurrency: 2, capacity: 1_000 },
    async (items) => {
      const rows = await database.query<{ project_id: string; id: string; pk: number }>(KEYS, [
        items.map(({ project }) => project.id),
        items.map(({ id }) => id),
      ])
      for (const row of rows) known.set(nameOf(row.project_id, row.id), row.pk)
      return items.map(({ project, id }) => known.get(nameOf(project.id, id)) ?? null)
    },
  )
  return async (project, id) => known.get(nameOf(project.id, id)) ?? (isStorable(id) ? look({ project, id }) : null)
}
