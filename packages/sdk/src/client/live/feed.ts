import { asFlorinError, type FlorinError } from '../errors.ts'
import { backOff, now, sleep } from '../timing.ts'
import type { BillingState } from '../types.ts'
import { type Connection, connect, type Ended, type WebSocketConstructor } from './connection.ts'

export interface FeedOptions {
  readonly url: string
  readonly webSocket?: WebSocketConstructor | undefined
  /** Asked before each attempt to connect, so that a new token may be given. */
  readonly identify: () => Promise<{ readonly bearer: string; readonly customerId: string }>
  /** Called when the API refused `bearer`. */
  readonly onRefused: (bearer: string) => void
  readonly onState: (state: BillingState) => void
  /** The feed is trying again. `denied`: waiting alone won't help, as the API said no or there is no token. */
  readonly onInterrupted: (error: FlorinError, denied: boolean) => void
}

export interface Feed {
  close(): void
  /** The machine woke up or is online again: don't wait for the next attempt. */
  wake(): void
}

const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 10_000
/** A connection that ends sooner than this counts as a failed attempt, so that a crashing server isn't hammered. */
const STABLE_MS = 5_000

/** The states of one customer for as long as it is open, over as many connections as that takes. */
export function openFeed(options: FeedOptions): Feed {
  let closed = false
  let connection: Connection | undefined
  let waiting = new AbortController()
  let failures = 0
  let renewed = false

  const attempt = async (): Promise<Ended | null> => {
    const identity = await options.identify()
    if (closed) return null
    const startedAt = now()
    const ended = await new Promise<Ended>((onEnd) => {
      connection = connect({ ...options, ...identity, onEnd })
    })
    connection = undefined
    if (ended.refused) options.onRefused(identity.bearer)
    if (now() - startedAt >= STABLE_MS) {
      failures = 0
      renewed = false
    }
    return ended
  }
  const noAttempt = (thrown: unknown): Ended => ({
    error: asFlorinError(thrown, 'No live connection'),
    refused: false,
    denied: true,
  })

  const run = async () => {
    while (!closed) {
      const ended = await attempt().catch(noAttempt)
      if (closed || !ended) return
      const renewing = ended.refused && !renewed
      options.onInterrupted(ended.error, ended.denied && !renewing)
      renewed ||= renewing
      if (renewing) continue
      waiting = new AbortController()
      // Where nobody is signed in, asking again and again helps nobody: until something wakes it.
      if (ended.error.code === 'SIGNED_OUT') await aborted(waiting.signal)
      else await sleep(backOff(failures++, FIRST_WAIT_MS, LONGEST_WAIT_MS), waiting.signal)
    }
  }
  void run()

  return {
    close: () => {
      closed = true
      connection?.close()
      waiting.abort()
    },
    wake: () => {
      failures = 0
      connection?.endIfSilent()
      waiting.abort()
    },
  }
}

const aborted = (signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
