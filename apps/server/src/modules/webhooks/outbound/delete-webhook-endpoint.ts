import type { Project } from '../../accounts/viewer.ts'
import type { WebhookDeps } from './deps.ts'
import { findEndpoint, type WebhookEndpoint } from './read-webhook-endpoints.ts'

/** Forgets an endpoint with its secrets and its log; what waits for it is not sent. Answers it as it was. Throws NOT_FOUND. */
export async function deleteWebhookEndpoint(
  { database }: WebhookDeps,
  project: Project,
  endpointId: string,
): Promise<WebhookEndpoint> {
  const endpoint = await findEndpoint(database, project, endpointId)
  await database.query(`delete from webhook_endpoint where id = $1`, [endpoint.id])
  return endpoint
}
