import { nowOf, realNow } from '../../../platform/clock.ts'
import { newId, publicId } from '../../../platform/ids.ts'
import type { Project } from '../../accounts/viewer.ts'
import { attemptDelivery } from './attempt-delivery.ts'
import { claimDelivery } from './claim-deliveries.ts'
import type { WebhookDeps } from './deps.ts'
import { readWebhookDelivery, type WebhookDelivery } from './read-webhook-deliveries.ts'
import { findEndpoint } from './read-webhook-endpoints.ts'

/**
 * Sends an `endpoint.test` event now, once, also to an endpoint that is disabled, and waits for the answer. What comes of it
 * changes nothing else about the endpoint. Throws NOT_FOUND.
 */
export async function testWebhookEndpoint(
  deps: WebhookDeps,
  project: Project,
  endpointId: string,
): Promise<WebhookDelivery> {
  const { id } = await findEndpoint(deps.database, project, endpointId)
  const claimed = await deps.database.transaction(async (tx) => {
    const eventId = newId()
    const now = new Date(realNow())
    tx.send(
      `insert into outbound_event (id, project_id, type, data, occurred_at, sent_out_at)
       values ($1, $2, 'endpoint.test', $3, $4, $5)`,
      [eventId, project.id, JSON.stringify({ endpointId: publicId('we', id) }), new Date(nowOf(project)), now],
    )
    const [delivery] = await tx.query<{ pk: number }>(
      `insert into webhook_delivery (endpoint_id, event_id, next_attempt_at) values ($1, $2, $3) returning pk`,
      [id, eventId, now],
    )
    return claimDelivery(tx, (delivery as { pk: number }).pk)
  })
  await attemptDelivery(deps, claimed)
  return readWebhookDelivery(deps, project, String(claimed.pk))
}
