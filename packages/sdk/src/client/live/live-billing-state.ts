import type { FlorinError } from '../errors.ts'
import type { BillingState } from '../types.ts'
import type { Feed, FeedOptions } from './feed.ts'
import { shareStructure } from './share-structure.ts'

/**
 * `loading`: nothing live yet (`state` may hold what the server rendered). `live`: `state` is current. `reconnecting`:
 * the last state stays on screen. `signed-out`: there is nobody to show it to. `error`: the API said no, or there is no token;
 * it is tried again all the same.
 */
export type LiveStatus = 'loading' | 'live' | 'reconnecting' | 'signed-out' | 'error'

export interface LiveSnapshot {
  readonly state: BillingState | null
  readonly status: LiveStatus
  readonly error: FlorinError | null
}

/** A value that changes, as React's `useSyncExternalStore` wants it. */
export interface Store<Snapshot> {
  readonly subscribe: (listener: () => void) => () => void
  readonly getSnapshot: () => Snapshot
  readonly getServerSnapshot: () => Snapshot
}

export type LiveBillingState = Store<LiveSnapshot>

/** Handlers that the store gives to the feed it opens. */
export type FeedHandlers = Pick<FeedOptions, 'onState' | 'onInterrupted'>

/** How long a connection outlives its last listener: longer than a remount (Strict Mode, navigation) takes. */
const LINGER_MS = 250

/** One customer's state for any number of listeners: the feed opens with the first and closes with the last. */
export function createLiveBillingState(
  open: (handlers: FeedHandlers) => Feed,
  initialState: BillingState | null = null,
): LiveBillingState {
  const atStart: LiveSnapshot = { state: initialState, status: 'loading', error: null }
  const listeners = new Set<() => void>()
  let snapshot = atStart
  let feed: Feed | undefined
  let closing: ReturnType<typeof setTimeout> | undefined

  const publish = (next: LiveSnapshot) => {
    const { state, status, error } = snapshot
    if (next.state === state && next.status === status && next.error === error) return
    snapshot = next
    for (const listener of [...listeners]) listener()
  }
  const handlers: FeedHandlers = {
    onState: (state) => {
      const kept = isOlder(state, snapshot.state) ? snapshot.state : shareStructure(snapshot.state, state)
      publish({ state: kept, status: 'live', error: null })
    },
    onInterrupted: (error, denied) => {
      if (error.code === 'SIGNED_OUT') return publish({ state: null, status: 'signed-out', error })
      publish({ state: snapshot.state, status: denied ? 'error' : 'reconnecting', error })
    },
  }
  const close = () => {
    feed?.close()
    feed = undefined
    if (snapshot.state) snapshot = { ...snapshot, status: 'reconnecting' }
  }

  return {
    subscribe: (listener) => {
      clearTimeout(closing)
      listeners.add(listener)
      feed ??= open(handlers)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) closing = setTimeout(close, LINGER_MS)
      }
    },
    getSnapshot: () => snapshot,
    getServerSnapshot: () => atStart,
  }
}

/** Versions belong to a customer: another one's lower version is news. */
const isOlder = (state: BillingState, current: BillingState | null): boolean =>
  current !== null && state.customerId === current.customerId && state.version < current.version
