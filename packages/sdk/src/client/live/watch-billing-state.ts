import type { FlorinError } from '../errors.ts'
import type { BillingState } from '../types.ts'
import type { WebSocketConstructor } from './connection.ts'
import { openFeed } from './feed.ts'

export interface WatchTarget {
  readonly url: string
  readonly bearer: string
  readonly customerId: string
  readonly webSocket?: WebSocketConstructor | undefined
}

export interface WatchOptions {
  /** Ends the loop without an error. */
  readonly signal?: AbortSignal
}

/** Newer states only. A slow reader misses those in between, never the newest. */
export async function* watchBillingState(
  { url, bearer, customerId, webSocket }: WatchTarget,
  { signal }: WatchOptions,
): AsyncGenerator<BillingState, void, undefined> {
  let newest: BillingState | undefined
  let shown = -1
  let denial: FlorinError | undefined
  let wakeReader = () => {}
  const onAbort = () => wakeReader()

  const feed = openFeed({
    url,
    webSocket,
    identify: async () => ({ bearer, customerId }),
    onRefused: () => {},
    onState: (state) => {
      newest = state
      wakeReader()
    },
    onInterrupted: (error, denied) => {
      if (!denied) return
      denial = error
      wakeReader()
    },
  })
  signal?.addEventListener('abort', onAbort)
  try {
    while (!signal?.aborted) {
      if (newest && newest.version > shown) {
        shown = newest.version
        yield newest
      } else if (denial) {
        throw denial
      } else {
        await new Promise<void>((resolve) => {
          wakeReader = resolve
        })
      }
    }
  } finally {
    signal?.removeEventListener('abort', onAbort)
    feed.close()
  }
}
