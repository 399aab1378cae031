import { realNow } from '../../../platform/clock.ts'
import type { Project } from '../../accounts/viewer.ts'
import type { WebhookDeps } from './deps.ts'
import { readWebhookDelivery, type WebhookDelivery } from './read-webhook-deliveries.ts'

/**
 * Sends a delivery's event to its endpoint again, under the same webhook-id: a delivery that waits is tried at once, for one
 * that is over there is a new one. Throws NOT_FOUND.
 */
export async function redeliverWebhook(
  deps: WebhookDeps,
  project: Project,
  deliveryId: string,
): Promise<WebhookDelivery> {
  const { pk } = await readWebhookDelivery(deps, project, deliveryId)
  const now = new Date(realNow())
  const [waiting] = await deps.database.query<{ pk: number }>(
    `update webhook_delivery set next_attempt_at = least(next_attempt_at, $2) where pk = $1 and status = 'PENDING' returning pk`,
    [pk, now],
  )
  const [sent] = waiting
    ? [waiting]
    : await deps.database.query<{ pk: number }>(
        `insert into webhook_delivery (endpoint_id, event_id, next_attempt_at, replay)
         select endpoint_id, event_id, $2, true from webhook_delivery where pk = $1 returning pk`,
        [pk, now],
      )
  return readWebhookDelivery(deps, project, String(sent?.pk ?? pk))
}
