import { realNow } from '../../../platform/clock.ts'
import { forgetPayloads } from './forget-payloads.ts'
import type { ReceiveDeps } from './receive-event.ts'
import { sweepEvents } from './sweep-events.ts'

const FORGET_EVERY_MS = 60 * 60_000

/** Due work about events of the provider's. */
export interface InboundJobs {
  /** Begins what is due. Waits for nothing that the provider must answer. */
  begin(): Promise<void>
  /** Ends what was begun. */
  stop(): Promise<void>
}

export function createInboundJobs(deps: ReceiveDeps): InboundJobs {
  let stopped = false
  let sweeping: Promise<void> | null = null
  let forgetAt = 0

  async function sweep(): Promise<void> {
    for (const provider of deps.providers) {
      await sweepEvents(deps, provider, () => stopped).catch((error: unknown) =>
        deps.log.warn(
          { err: error, source: provider.source },
          'missed events could not be looked for; that is tried again',
        ),
      )
    }
  }

  return {
    begin: async () => {
      deps.providerEvents.wake()
      sweeping ??= sweep().finally(() => {
        sweeping = null
      })
      if (realNow() < forgetAt) return
      forgetAt = realNow() + FORGET_EVERY_MS
      await forgetPayloads(deps)
    },
    stop: async () => {
      stopped = true
      await sweeping
    },
  }
}
