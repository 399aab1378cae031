import type { Project } from '../../accounts/viewer.ts'
import { checkEndpoint, type EndpointTerms } from './check-endpoint.ts'
import { checkEndpointUrl } from './check-endpoint-url.ts'
import type { WebhookDeps } from './deps.ts'
import { ENDPOINT_COLUMNS, findEndpoint, type WebhookEndpoint } from './read-webhook-endpoints.ts'

export interface UpdateWebhookEndpointInput extends EndpointTerms {
  readonly endpointId: string
  readonly url?: string | null | undefined
}

/** Changes what was sent of an endpoint; what was left out stays. What waits for it goes to the new URL. Throws NOT_FOUND, INVALID_INPUT. */
export async function updateWebhookEndpoint(
  deps: WebhookDeps,
  project: Project,
  input: UpdateWebhookEndpointInput,
): Promise<WebhookEndpoint> {
  const url = input.url == null ? null : await checkEndpointUrl(deps, project, input.url)
  const { description, types, filter } = checkEndpoint(input)
  return deps.database.transaction(async (tx) => {
    const before = await findEndpoint(tx, project, input.endpointId, 'for update')
    const after = filter === undefined ? before.filter : filter
    const [endpoint] = await tx.query<WebhookEndpoint>(
      `update webhook_endpoint e set url = $2, description = $3, types = $4, filter = $5 where id = $1
       returning ${ENDPOINT_COLUMNS}`,
      [
        before.id,
        url ?? before.url,
        description === undefined ? before.description : description,
        types === undefined ? before.types : (types ?? []),
        after && JSON.stringify(after),
      ],
    )
    return endpoint as WebhookEndpoint
  })
}
