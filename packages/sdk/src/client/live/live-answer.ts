import { asFlorinError } from '../errors.ts'
import { now, sleep } from '../timing.ts'
import type { BillingState } from '../types.ts'
import type { LiveBillingState, Store } from './live-billing-state.ts'
import type { Loaded } from './load-once.ts'
import { shareStructure } from './share-structure.ts'

/** What is asked about a customer, and asked again as their state moves. */
export interface Question<Answer> {
  /** The answer where the state holds it already; null: only the API can tell. */
  readonly derive: (state: BillingState) => Answer | null
  readonly ask: () => Promise<Answer>
  /** While a balance runs, the API is asked at most this often; the last version always gets its answer. */
  readonly everyMs: number
  /** The part of the state that moves the answer, by identity; all of it unless it is said. */
  readonly follows?: (state: BillingState) => object
  /** Time moves the answer too: whoever comes to look when nobody did has it asked anew. */
  readonly ages?: boolean
}

/**
 * The answer to one question, kept up to date with the billing state: derived from it where that is possible, else asked
 * of the API, one question at a time. The answer before stays until the next is known.
 */
export function createLiveAnswer<Answer>(
  live: LiveBillingState,
  { derive, ask, everyMs, follows = (state) => state, ages = false }: Question<Answer>,
): Store<Loaded<Answer>> {
  const derived = (state: BillingState | null): Loaded<Answer> => ({ value: state && derive(state), error: null })
  const atStart = derived(live.getServerSnapshot().state)
  const listeners = new Set<() => void>()
  let snapshot = derived(live.getSnapshot().state)
  let settled: object | null = null
  let asking = false
  let leave = () => {}

  const publish = (next: Loaded<Answer>, state: BillingState) => {
    settled = follows(state)
    const value = shareStructure(snapshot.value, next.value)
    if (value === snapshot.value && next.error === snapshot.error) return
    snapshot = { value, error: next.error }
    for (const listener of [...listeners]) listener()
  }
  const unsettled = () => {
    const { state } = live.getSnapshot()
    return listeners.size > 0 && state && follows(state) !== settled ? state : null
  }
  const askWhileUnsettled = async () => {
    if (asking) return
    asking = true
    for (let state = unsettled(); state; state = unsettled()) {
      const startedAt = now()
      const answer = await ask().then(
        (value): Loaded<Answer> => ({ value, error: null }),
        (thrown: unknown) => ({ value: snapshot.value, error: asFlorinError(thrown, 'No answer') }),
      )
      if (unsettled()) publish(answer, state)
      await sleep(everyMs - (now() - startedAt))
    }
    asking = false
  }
  const update = () => {
    const state = unsettled()
    if (!state) return
    const next = derived(state)
    if (next.value) publish(next, state)
    else void askWhileUnsettled()
  }
  return {
    subscribe: (listener) => {
      listeners.add(listener)
      if (listeners.size === 1) {
        if (ages) settled = null
        leave = live.subscribe(update)
      }
      update()
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) leave()
      }
    },
    getSnapshot: () => snapshot,
    getServerSnapshot: () => atStart,
  }
}
