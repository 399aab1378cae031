import { realNow } from '../../../platform/clock.ts'
import { Fault } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import type { Project } from '../../accounts/viewer.ts'
import { type BalanceAlertFilter, checkBalanceAlert } from './check-balance-alert.ts'
import { checkEndpoint, type EndpointTerms } from './check-endpoint.ts'
import { checkEndpointUrl } from './check-endpoint-url.ts'
import type { WebhookDeps } from './deps.ts'
import { ENDPOINT_COLUMNS, type StoredSecret, type WebhookEndpoint } from './read-webhook-endpoints.ts'
import { newWebhookSecret } from './sign-webhook.ts'

export interface CreateWebhookEndpointInput extends EndpointTerms {
  readonly url: string
  /** In place of types and filter. */
  readonly balanceAlert?: BalanceAlertFilter | null | undefined
}

/** An endpoint, and its newest secret, which is never shown again. */
export interface EndpointWithSecret {
  readonly endpoint: WebhookEndpoint
  readonly secret: string
}

const MOST_ENDPOINTS = 50

/** Tells a project's events to a URL from now on. Throws INVALID_INPUT, and CONFLICT where a project has too many. */
export async function createWebhookEndpoint(
  deps: WebhookDeps,
  project: Project,
  input: CreateWebhookEndpointInput,
): Promise<EndpointWithSecret> {
  const url = await checkEndpointUrl(deps, project, input.url)
  const alert = input.balanceAlert && checkBalanceAlert(input.balanceAlert, input)
  const { description, types, filter } = checkEndpoint({ ...input, ...alert })
  const id = newId()
  const secret = newWebhookSecret()
  const stored: StoredSecret[] = [{ sealed: deps.secretBox.seal(secret, id), endsAt: null }]
  const [endpoint] = await deps.database.query<WebhookEndpoint>(
    `insert into webhook_endpoint as e (id, project_id, url, description, types, filter, secrets, created_at)
     select $1, $2, $3, $4, $5, $6, $7, $8
     where (select count(*) from webhook_endpoint where project_id = $2) < ${MOST_ENDPOINTS}
     returning ${ENDPOINT_COLUMNS}`,
    [
      id,
      project.id,
      url,
      description ?? null,
      types ?? [],
      filter && JSON.stringify(filter),
      JSON.stringify(stored),
      new Date(realNow()),
    ],
  )
  if (!endpoint)
    throw new Fault('CONFLICT', `a project has at most ${MOST_ENDPOINTS} webhook endpoints: delete one first`)
  return { endpoint, secret }
}
