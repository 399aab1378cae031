import type { Database, Transaction } from '../../../platform/database.ts'
import { notFound } from '../../../platform/errors.ts'
import { storedId } from '../../../platform/ids.ts'
import type { Project } from '../../accounts/viewer.ts'
import type { EventFilter } from './check-endpoint.ts'

/** A signing secret as stored. `endsAt`, in real time: when it signs no more; null: it is the newest. */
export interface StoredSecret {
  readonly sealed: string
  readonly endsAt: number | null
}

/** An endpoint as stored. Instants in epoch milliseconds, real time. */
export interface WebhookEndpoint {
  readonly id: string
  readonly url: string
  readonly description: string | null
  readonly types: readonly string[]
  readonly filter: EventFilter | null
  readonly disabledAt: number | null
  readonly disabledWhy: string | null
  readonly failingSince: number | null
  readonly createdAt: number
}

export const ENDPOINT_COLUMNS = `e.id, e.url, e.description, e.types, e.filter, e.disabled_at as "disabledAt",
  e.disabled_why as "disabledWhy", e.failing_since as "failingSince", e.created_at as "createdAt"`

/** A project's endpoints, oldest first. */
export async function readWebhookEndpoints({ database }: { database: Database }, project: Project) {
  return database.query<WebhookEndpoint>(
    `select ${ENDPOINT_COLUMNS} from webhook_endpoint e where e.project_id = $1 order by e.id`,
    [project.id],
  )
}

/** One of the project's endpoints, by the id that the API shows. Throws NOT_FOUND. */
export async function findEndpoint(
  database: Pick<Transaction, 'query'>,
  project: Project,
  endpointId: string,
  lock: '' | 'for update' = '',
): Promise<WebhookEndpoint & { readonly secrets: readonly StoredSecret[] }> {
  const id = storedId('we', endpointId)
  const [found] = id
    ? await database.query<WebhookEndpoint & { secrets: readonly StoredSecret[] }>(
        `select ${ENDPOINT_COLUMNS}, e.secrets from webhook_endpoint e where e.project_id = $1 and e.id = $2 ${lock}`,
        [project.id, id],
      )
    : []
  if (!found) throw notFound('webhook endpoint', endpointId, 'endpointId')
  return found
}
