import { realNow } from '../../../platform/clock.ts'
import type { PaymentDeps } from '../../payments/deps.ts'
import { type PaymentProvider, REFERENCE } from '../../payments/provider.ts'
import { settleReference } from '../../payments/settle-reference.ts'

// What an event says is never believed: it only tells which of our own things to ask the provider about. So order,
// repetition and forgery of content don't matter.

// What has only begun settles nothing, and asking about it meets the request that began it.
const RELEVANT = /^(checkout\.session\.|payment_intent\.(?!created)|charge\.(?!updated))/

/** Verifies and stores an event; answers as soon as it is durable. Throws UNAUTHENTICATED for a bad signature. */
export async function receiveEvent(
  deps: PaymentDeps,
  provider: PaymentProvider,
  rawBody: string,
  signature: string,
): Promise<void> {
  const event = provider.readEvent(rawBody, signature, realNow())
  const relevant = RELEVANT.test(event.type)
  await deps.database.query(
    `insert into provider_event (id, type, payload, processed_at) values ($1, $2, $3, $4) on conflict (id) do nothing`,
    [event.id, event.type, JSON.stringify(event.data.object), relevant ? null : new Date(realNow())],
  )
  if (relevant) setImmediate(() => void processEvent(deps, event.id))
}

/** Does what a stored event asks for, unless it was done. A failure is kept with the event and tried again. */
export async function processEvent(deps: PaymentDeps, id: string): Promise<void> {
  try {
    const [event] = await deps.database.query<{ type: string; payload: { metadata?: Record<string, string> } }>(
      `select type, payload from provider_event where id = $1 and processed_at is null`,
      [id],
    )
    if (!event) return
    const reference = event.payload.metadata?.[REFERENCE]
    if (reference && !(await settleReference(deps, reference))) {
      throw new Error(`nothing here is called ${reference}`)
    }
    await deps.database.query(`update provider_event set processed_at = now() where id = $1`, [id])
  } catch (error) {
    deps.log.warn({ err: error, event: id }, 'a payment event could not be processed; it is tried again')
    await deps.database
      .query(`update provider_event set attempts = attempts + 1, last_error = $2 where id = $1`, [id, String(error)])
      .catch(() => {})
  }
}

/** Tries again what could not be processed. */
export async function retryEvents(deps: PaymentDeps): Promise<void> {
  const rows = await deps.database.query<{ id: string }>(
    `select id from provider_event where processed_at is null and received_at < $1 and attempts < 50
     order by received_at limit 50`,
    [new Date(realNow() - 5_000)],
  )
  for (const { id } of rows) await processEvent(deps, id)
}
