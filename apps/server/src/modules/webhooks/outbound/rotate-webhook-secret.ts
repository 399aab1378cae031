import { realNow } from '../../../platform/clock.ts'
import { invalidInput } from '../../../platform/errors.ts'
import type { Project } from '../../accounts/viewer.ts'
import type { EndpointWithSecret } from './create-webhook-endpoint.ts'
import type { WebhookDeps } from './deps.ts'
import { findEndpoint, type StoredSecret } from './read-webhook-endpoints.ts'
import { newWebhookSecret } from './sign-webhook.ts'

const DAY_SECONDS = 86_400
const LONGEST_SECONDS = 7 * DAY_SECONDS
/** Newest ones that sign at the same time. */
const MOST_SECRETS = 5

/**
 * Gives an endpoint a new secret. The one before signs as well for a while, so that the receiver can change over; 0 seconds:
 * not at all, for one that got out. Throws NOT_FOUND, INVALID_INPUT.
 */
export async function rotateWebhookSecret(
  deps: WebhookDeps,
  project: Project,
  { endpointId, graceSeconds = DAY_SECONDS }: { endpointId: string; graceSeconds?: number | undefined },
): Promise<EndpointWithSecret> {
  if (graceSeconds < 0 || graceSeconds > LONGEST_SECONDS) {
    throw invalidInput('graceSeconds', `graceSeconds must be between 0 and ${LONGEST_SECONDS}, a week`)
  }
  const secret = newWebhookSecret()
  const endpoint = await deps.database.transaction(async (tx) => {
    const { secrets, ...found } = await findEndpoint(tx, project, endpointId, 'for update')
    const now = realNow()
    const end = now + graceSeconds * 1000
    // A grace that is running never gets longer.
    const older = secrets.map(({ sealed, endsAt }) => ({ sealed, endsAt: Math.min(endsAt ?? end, end) }))
    const signing = older.filter(({ endsAt }) => endsAt > now).slice(0, MOST_SECRETS - 1)
    const stored: StoredSecret[] = [{ sealed: deps.secretBox.seal(secret, found.id), endsAt: null }, ...signing]
    await tx.query(`update webhook_endpoint set secrets = $2 where id = $1`, [found.id, JSON.stringify(stored)])
    return found
  })
  return { endpoint, secret }
}
