import { realNow } from '../../../platform/clock.ts'
import type { PaymentProvider } from '../../payments/provider.ts'
import { PINNED_VERSION, type ProviderEvent } from '../../payments/provider-events.ts'
import type { InboundDeps } from './deps.ts'
import type { ProcessEvents } from './process-events.ts'
import { storeEvents } from './store-events.ts'

export interface ReceiveDeps extends InboundDeps {
  readonly providerEvents: ProcessEvents
}

/**
 * Verifies and stores an event, and answers as soon as it is durable: what it asks for comes later. Throws UNAUTHENTICATED for
 * a bad signature, INVALID_INPUT for what is signed and no event of ours.
 */
export async function receiveEvent(
  deps: ReceiveDeps,
  provider: PaymentProvider,
  body: Uint8Array,
  signature: string,
): Promise<void> {
  const event = await provider.readEvent(body, signature, realNow())
  tellOfVersion(deps, provider, event)
  await storeEvents(deps.database, provider, [event])
  // Also for one that is known: while it was looked up, others passed it over.
  deps.providerEvents.wake()
}

/** Provider and version that were told of. */
const told = new Set<string>()

/** What it is about is asked for in our version, so an event of another one does no harm. */
function tellOfVersion({ log }: ReceiveDeps, { source }: PaymentProvider, { apiVersion }: ProviderEvent): void {
  const name = `${source} ${apiVersion}`
  if (apiVersion === null || apiVersion === PINNED_VERSION || told.has(name)) return
  told.add(name)
  log.warn(
    { source, apiVersion, pinned: PINNED_VERSION },
    'events of the payment provider come in another version: they are looked up in ours',
  )
}
