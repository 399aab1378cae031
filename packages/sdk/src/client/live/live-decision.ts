import { asFlorinError, type FlorinError } from '../errors.ts'
import { now, sleep } from '../timing.ts'
import type { AccessDecision, BillingState } from '../types.ts'
import type { LiveBillingState, Store } from './live-billing-state.ts'
import { shareStructure } from './share-structure.ts'

export interface DecisionSnapshot {
  /** Null until the first decision. */
  readonly decision: AccessDecision | null
  readonly error: FlorinError | null
}

/** While a balance runs, the API is asked at most this often; the last version always gets its answer. */
const ASK_EVERY_MS = 100

/**
 * The decision on one usage, kept up to date with the billing state: derived from it where `decide` can, else asked of
 * the API, one question at a time. The decision before stays until the next is known.
 */
export function createLiveDecision(
  live: LiveBillingState,
  decide: (state: BillingState) => AccessDecision | null,
  ask: () => Promise<AccessDecision>,
): Store<DecisionSnapshot> {
  const derived = (state: BillingState | null): DecisionSnapshot => ({ decision: state && decide(state), error: null })
  const atStart = derived(live.getServerSnapshot().state)
  const listeners = new Set<() => void>()
  let snapshot = derived(live.getSnapshot().state)
  let settled: BillingState | null = null
  let asking = false
  let leave = () => {}

  const publish = (next: DecisionSnapshot, state: BillingState) => {
    settled = state
    const decision = shareStructure(snapshot.decision, next.decision)
    if (decision === snapshot.decision && next.error === snapshot.error) return
    snapshot = { decision, error: next.error }
    for (const listener of [...listeners]) listener()
  }
  const unsettled = () => {
    const { state } = live.getSnapshot()
    return listeners.size > 0 && state !== settled ? state : null
  }
  const askWhileUnsettled = async () => {
    if (asking) return
    asking = true
    for (let state = unsettled(); state; state = unsettled()) {
      const startedAt = now()
      const answer = await ask().then(
        (decision): DecisionSnapshot => ({ decision, error: null }),
        (thrown: unknown) => ({ decision: snapshot.decision, error: asFlorinError(thrown, 'No decision') }),
      )
      if (unsettled()) publish(answer, state)
      await sleep(ASK_EVERY_MS - (now() - startedAt))
    }
    asking = false
  }
  const update = () => {
    const state = unsettled()
    if (!state) return
    const next = derived(state)
    if (next.decision) publish(next, state)
    else void askWhileUnsettled()
  }
  return {
    subscribe: (listener) => {
      listeners.add(listener)
      if (listeners.size === 1) leave = live.subscribe(update)
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
