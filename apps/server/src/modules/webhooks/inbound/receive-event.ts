import { realNow } from '../../../platform/clock.ts'
import type { PaymentDeps } from '../../payments/deps.ts'
import type { PaymentProvider } from '../../payments/provider.ts'
import { REFERENCE } from '../../payments/provider-calls.ts'
import { PINNED_VERSION, type ProviderEvent } from '../../payments/provider-events.ts'
import { settleReference } from '../../payments/settle-reference.ts'
import { settleReversalsAt } from '../../payments/settle-reversals.ts'

// What an event says is never believed: it only tells which of our own things to ask the provider about. So order,
// repetition and forgery of content don't matter.

// What has only begun settles nothing, and asking about it meets the request that began it.
const RELEVANT = /^(checkout\.session\.|payment_intent\.(?!created)|charge\.(?!updated)|refund\.)/

// These name the provider's payment. A refund that was made on the provider's pages knows nothing of ours.
const REVERSAL = /^(charge\.(refunded|refund\.|dispute\.)|refund\.)/

/**
 * Verifies and stores an event; answers as soon as it is durable. Throws UNAUTHENTICATED for a bad signature, INVALID_INPUT for
 * what is signed and no event of ours.
 */
export async function receiveEvent(
  deps: PaymentDeps,
  provider: PaymentProvider,
  body: Uint8Array,
  signature: string,
): Promise<void> {
  const event = await provider.readEvent(body, signature, realNow())
  tellOfVersion(deps, provider, event)
  const relevant = RELEVANT.test(event.type)
  await deps.database.query(
    `insert into provider_event (id, type, payload, processed_at) values ($1, $2, $3, $4) on conflict (id) do nothing`,
    [event.id, event.type, JSON.stringify(event.subject), relevant ? null : new Date(realNow())],
  )
  if (relevant) setImmediate(() => void processEvent(deps, event.id))
}

/** Endpoint and version that were told of. */
const told = new Set<string>()

/** What it is about is asked for in our version, so an event of another one does no harm. */
function tellOfVersion({ log }: PaymentDeps, { source }: PaymentProvider, { apiVersion }: ProviderEvent): void {
  const name = `${source} ${apiVersion}`
  if (apiVersion === null || apiVersion === PINNED_VERSION || told.has(name)) return
  told.add(name)
  log.warn(
    { source, apiVersion, pinned: PINNED_VERSION },
    'events of the payment provider come in another version: they are looked up in ours',
  )
}

interface StoredEvent {
  readonly type: string
  readonly payload: { readonly metadata?: Readonly<Record<string, string>>; readonly payment_intent?: string | null }
}

/** Does what a stored event asks for, unless it was done. A failure is kept with the event and tried again. */
export async function processEvent(deps: PaymentDeps, id: string): Promise<void> {
  try {
    const [event] = await deps.database.query<StoredEvent>(
      `select type, payload from provider_event where id = $1 and processed_at is null`,
      [id],
    )
    if (!event) return
    await carryOut(deps, event)
    await deps.database.query(`update provider_event set processed_at = now() where id = $1`, [id])
  } catch (error) {
    deps.log.warn({ err: error, event: id }, 'a payment event could not be processed; it is tried again')
    await deps.database
      .query(`update provider_event set attempts = attempts + 1, last_error = $2 where id = $1`, [id, String(error)])
      .catch(() => {})
  }
}

async function carryOut(deps: PaymentDeps, { type, payload }: StoredEvent): Promise<void> {
  const reference = payload.metadata?.[REFERENCE]
  if (REVERSAL.test(type)) return reverse(deps, payload.payment_intent ?? null, reference)
  if (reference && !(await settleReference(deps, reference))) throw new Error(`nothing here is called ${reference}`)
}

/** Money went back, or is disputed. The payment itself may not be settled yet. */
async function reverse(deps: PaymentDeps, providerPaymentId: string | null, reference?: string): Promise<void> {
  if (providerPaymentId === null || (await settleReversalsAt(deps, providerPaymentId))) return
  if (reference) await settleReference(deps, reference)
  if (!(await settleReversalsAt(deps, providerPaymentId))) throw new Error(`no payment here is ${providerPaymentId}`)
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
