import { realNow } from '../../../platform/clock.ts'
import type { Transaction } from '../../../platform/database.ts'
import { publicId } from '../../../platform/ids.ts'
import { type PostOutcome, sendOutbound } from '../../../platform/outbound-post.ts'
import type { ClaimedDelivery } from './claim-deliveries.ts'
import type { WebhookDeps } from './deps.ts'
import { mayDeliverTo } from './may-deliver-to.ts'
import { scheduleRetry } from './schedule-retry.ts'
import { signWebhook } from './sign-webhook.ts'

const TIMEOUT_MS = 15_000
const KEPT_BYTES = 1_024
/** An endpoint that has failed for so long without a success is told no more. */
const DISABLE_AFTER_MS = 5 * 86_400_000
const GONE = 410

/** Sends a delivery once and writes down what came of it. Cut off by `signal` it writes nothing: the claim runs out. */
export async function attemptDelivery(
  deps: WebhookDeps,
  delivery: ClaimedDelivery,
  signal?: AbortSignal,
): Promise<void> {
  const begun = realNow()
  const outcome = await send(deps, delivery, begun, signal)
  if (signal?.aborted) return
  await deps.database.transaction((tx) => writeOutcome(tx, delivery, begun, outcome))
}

async function send(
  deps: WebhookDeps,
  delivery: ClaimedDelivery,
  now: number,
  signal: AbortSignal | undefined,
): Promise<PostOutcome> {
  const { mode, eventId, type, sequence, data, occurredAt } = delivery
  const id = publicId('evt', eventId)
  const body = JSON.stringify({ type, timestamp: new Date(occurredAt).toISOString(), sequence, data })
  try {
    const url = new URL(delivery.url)
    return await sendOutbound(deps.resolveHost, {
      url,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Florin',
        ...signWebhook(signingSecrets(deps, delivery, now), { id, at: now, body }),
      },
      body,
      timeoutMs: TIMEOUT_MS,
      keepBytes: KEPT_BYTES,
      mayDial: mayDeliverTo(deps, mode, url),
      ...(signal ? { signal } : {}),
    })
  } catch (error) {
    deps.log.warn({ err: error, delivery: delivery.pk }, 'a webhook could not be made')
    return { kind: 'failed', error: (error as Error).message }
  }
}

/** The newest, which must open, and older ones whose grace runs. One of those that no longer opens helps nobody. */
function signingSecrets({ secretBox }: WebhookDeps, { secrets, endpointId }: ClaimedDelivery, now: number): string[] {
  if (secrets.length === 0) throw new Error('the endpoint has no secret: give it one with rotateWebhookSecret')
  return secrets.flatMap(({ sealed, endsAt }) => {
    if (endsAt === null) return [secretBox.open(sealed, endpointId)]
    if (endsAt <= now) return []
    try {
      return [secretBox.open(sealed, endpointId)]
    } catch {
      return []
    }
  })
}

async function writeOutcome(
  tx: Transaction,
  delivery: ClaimedDelivery,
  begun: number,
  outcome: PostOutcome,
): Promise<void> {
  const { pk, attempt, endpointId } = delivery
  const now = realNow()
  // First the endpoint, as whoever deletes it does. Gone with it meanwhile: nobody asks.
  await tx.query(`select 1 from webhook_endpoint where id = $1 for key share`, [endpointId])
  const known = await tx.query(`select 1 from webhook_delivery where pk = $1 for update`, [pk])
  if (known.length === 0) return
  const answer = outcome.kind === 'answered' ? outcome : null
  const succeeded = answer !== null && answer.status >= 200 && answer.status < 300
  tx.send(
    `insert into webhook_attempt (delivery_pk, number, at, duration_ms, status, body, error)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      pk,
      attempt,
      new Date(begun),
      now - begun,
      answer?.status ?? null,
      answer?.body ?? null,
      outcome.kind === 'answered' ? null : outcome.error,
    ],
  )
  if (succeeded) await markSucceeded(tx, delivery, now)
  else await markFailed(tx, delivery, now, answer?.status === GONE)
}

const TEST = 'endpoint.test'

/** A success counts whenever it comes: also after its claim ran out and another attempt failed. */
async function markSucceeded(tx: Transaction, { pk, endpointId, type }: ClaimedDelivery, now: number): Promise<void> {
  await tx.query(
    `update webhook_delivery set status = 'SUCCEEDED', next_attempt_at = null, delivered_at = $2
     where pk = $1 and status <> 'SUCCEEDED'`,
    [pk, new Date(now)],
  )
  if (type === TEST) return
  await tx.query(`update webhook_endpoint set failing_since = null where id = $1 and failing_since is not null`, [
    endpointId,
  ])
}

/** A failure counts only while nothing else has happened: the attempt is the newest, and none has succeeded. */
async function markFailed(
  tx: Transaction,
  { pk, attempt, endpointId, type }: ClaimedDelivery,
  now: number,
  gone: boolean,
): Promise<void> {
  const wait = type === TEST || gone ? null : scheduleRetry(pk, attempt)
  const counted = await tx.query(
    `update webhook_delivery set status = $3::webhook_delivery_status, next_attempt_at = $4
     where pk = $1 and status = 'PENDING' and attempts = $2 returning 1`,
    [pk, attempt, wait === null ? 'FAILED' : 'PENDING', wait === null ? null : new Date(now + wait)],
  )
  if (counted.length === 0 || type === TEST) return
  await tx.query(
    `update webhook_endpoint set failing_since = coalesce(failing_since, $2),
       disabled_at = case when $3 or failing_since <= $4 then coalesce(disabled_at, $2) else disabled_at end,
       disabled_why = coalesce(disabled_why, case when $3 then 'it answered 410 Gone'
         when failing_since <= $4 then 'nothing could be delivered for 5 days' end)
     where id = $1`,
    [endpointId, new Date(now), gone, new Date(now - DISABLE_AFTER_MS)],
  )
}
