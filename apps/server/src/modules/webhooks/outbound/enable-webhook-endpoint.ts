import { realNow } from '../../../platform/clock.ts'
import type { Project } from '../../accounts/viewer.ts'
import type { WebhookDeps } from './deps.ts'
import { findEndpoint, type WebhookEndpoint } from './read-webhook-endpoints.ts'

/** Tells an endpoint again that was disabled: at once what waits for it, and all that happens from now on. Throws NOT_FOUND. */
export async function enableWebhookEndpoint(
  { database }: WebhookDeps,
  project: Project,
  endpointId: string,
): Promise<WebhookEndpoint> {
  const { id, disabledAt } = await findEndpoint(database, project, endpointId)
  if (disabledAt !== null) {
    await database.query(
      `update webhook_endpoint set disabled_at = null, disabled_why = null, failing_since = null where id = $1`,
      [id],
    )
    await database.query(
      `update webhook_delivery set next_attempt_at = $2 where endpoint_id = $1 and status = 'PENDING'`,
      [id, new Date(realNow())],
    )
  }
  return findEndpoint(database, project, endpointId)
}
