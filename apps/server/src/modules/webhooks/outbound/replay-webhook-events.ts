import { realNow } from '../../../platform/clock.ts'
import { Fault, invalidInput } from '../../../platform/errors.ts'
import { firstIdAt } from '../../../platform/ids.ts'
import type { Project } from '../../accounts/viewer.ts'
import type { WebhookDeps } from './deps.ts'
import { WANTS } from './fan-out-events.ts'
import { findEndpoint } from './read-webhook-endpoints.ts'

export interface ReplayWebhookEventsInput {
  readonly endpointId: string
  /** In real time, epoch milliseconds; NaN: what was sent is no instant. */
  readonly since: number
  readonly until?: number | null | undefined
}

const MOST_EVENTS = 10_000

/**
 * Sends an endpoint all events again that it wants and that were written down in a span of real time, in their order and
 * under their ids; what waits for it comes anyway. Answers how many. Throws NOT_FOUND, INVALID_INPUT, CONFLICT.
 */
export async function replayWebhookEvents(
  { database }: WebhookDeps,
  project: Project,
  input: ReplayWebhookEventsInput,
): Promise<number> {
  const now = realNow()
  const [since, until] = [input.since, Math.min(input.until ?? now, now)]
  for (const [field, instant] of Object.entries({ since, until })) {
    if (Number.isNaN(instant)) throw invalidInput(field, `${field} is not an instant such as "2027-01-31T00:00:00Z"`)
  }
  if (since >= until) throw invalidInput('since', 'since must be before until, and in the past')
  return database.transaction(async (tx) => {
    const { id, disabledAt } = await findEndpoint(tx, project, input.endpointId, 'for update')
    if (disabledAt !== null) {
      throw new Fault('CONFLICT', 'the endpoint is disabled: enableWebhookEndpoint first', 'endpointId')
    }
    const replayed = await tx.query(
      `insert into webhook_delivery (endpoint_id, event_id, next_attempt_at, replay)
       select e.id, o.id, $5, true from webhook_endpoint e join outbound_event o on o.project_id = e.project_id
       where e.id = $1 and o.project_id = $2 and o.id >= $3 and o.id < $4 and o.sent_out_at is not null and ${WANTS}
         and not exists (select 1 from webhook_delivery d
           where d.endpoint_id = e.id and d.event_id = o.id and d.status = 'PENDING')
       order by o.id limit ${MOST_EVENTS} returning 1`,
      [id, project.id, firstIdAt(since), firstIdAt(until), new Date(now)],
    )
    return replayed.length
  })
}
