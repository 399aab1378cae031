import { arrayOf, type Database } from '../../../platform/database.ts'
import { notFound } from '../../../platform/errors.ts'
import type { Project } from '../../accounts/viewer.ts'

export type WebhookDeliveryStatus = 'PENDING' | 'SUCCEEDED' | 'FAILED'

/** One request that was made. `at` in epoch milliseconds, real time. */
export interface WebhookAttempt {
  readonly number: number
  readonly at: number
  readonly durationMs: number
  readonly status: number | null
  readonly body: string | null
  readonly error: string | null
}

/** An event on its way to an endpoint, with the log of its attempts. */
export interface WebhookDelivery {
  readonly pk: number
  readonly endpointId: string
  readonly status: WebhookDeliveryStatus
  readonly replay: boolean
  readonly nextAttemptAt: number | null
  readonly deliveredAt: number | null
  readonly createdAt: number
  readonly eventId: string
  readonly type: string
  readonly sequence: number | null
  readonly data: unknown
  /** In the project's time. */
  readonly occurredAt: number
  readonly attempts: readonly WebhookAttempt[]
}

export interface DeliveryQuery {
  readonly endpointId: string | null
  readonly status: WebhookDeliveryStatus | null
  readonly take: number
  /** Only deliveries older than this one. */
  readonly before: number | null
}

const COLUMNS = `d.pk, d.endpoint_id as "endpointId", d.status::text, d.replay, d.next_attempt_at as "nextAttemptAt",
  d.delivered_at as "deliveredAt", d.created_at as "createdAt", o.id as "eventId", o.type, o.sequence, o.data,
  o.occurred_at as "occurredAt"`
const TABLES = `webhook_delivery d join webhook_endpoint e on e.id = d.endpoint_id join outbound_event o on o.id = d.event_id`

/** A project's deliveries, newest first. */
export async function readWebhookDeliveries(
  { database }: { database: Database },
  project: Project,
  { endpointId, status, take, before }: DeliveryQuery,
): Promise<WebhookDelivery[]> {
  const rows = await database.query<WebhookDelivery>(
    `select ${COLUMNS} from ${TABLES}
     where e.project_id = $1 and ($2::uuid is null or e.id = $2)
       and ($3::webhook_delivery_status is null or d.status = $3) and ($4::bigint is null or d.pk < $4)
     order by d.pk desc limit $5`,
    [project.id, endpointId, status, before, take],
  )
  return withAttempts(database, rows)
}

/** One of the project's deliveries, by the id that the API shows. Throws NOT_FOUND. */
export async function readWebhookDelivery(
  { database }: { database: Database },
  project: Project,
  deliveryId: string,
): Promise<WebhookDelivery> {
  const rows = /^\d{1,18}$/.test(deliveryId)
    ? await database.query<WebhookDelivery>(`select ${COLUMNS} from ${TABLES} where e.project_id = $1 and d.pk = $2`, [
        project.id,
        deliveryId,
      ])
    : []
  const [delivery] = await withAttempts(database, rows)
  if (!delivery) throw notFound('webhook delivery', deliveryId, 'deliveryId')
  return delivery
}

async function withAttempts(database: Database, rows: readonly WebhookDelivery[]): Promise<WebhookDelivery[]> {
  const attempts = await database.query<WebhookAttempt & { deliveryPk: number }>(
    `select delivery_pk as "deliveryPk", number, at, duration_ms as "durationMs", status, body, error
     from webhook_attempt where delivery_pk = any($1::bigint[]) order by delivery_pk, number`,
    [arrayOf(rows.map(({ pk }) => pk))],
  )
  return rows.map((row) => ({ ...row, attempts: attempts.filter(({ deliveryPk }) => deliveryPk === row.pk) }))
}
