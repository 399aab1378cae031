import { asFlorinError, type FlorinError } from '../errors.ts'
import type { Store } from './live-billing-state.ts'

export interface Loaded<Value> {
  readonly value: Value | null
  readonly error: FlorinError | null
}

/** A value that the first listener causes to load and all share. After a failure the next listener tries again. */
export function loadOnce<Value>(load: () => Promise<Value>): Store<Loaded<Value>> {
  const nothing: Loaded<Value> = { value: null, error: null }
  const listeners = new Set<() => void>()
  let snapshot = nothing
  let loading = false

  const publish = (next: Loaded<Value>) => {
    snapshot = next
    loading = false
    for (const listener of [...listeners]) listener()
  }
  const start = () => {
    loading = true
    load().then(
      (value) => publish({ value, error: null }),
      (thrown: unknown) => publish({ value: null, error: asFlorinError(thrown, 'Nothing loaded') }),
    )
  }
  return {
    subscribe: (listener) => {
      listeners.add(listener)
      if (!loading && snapshot.value === null) start()
      return () => listeners.delete(listener)
    },
    getSnapshot: () => snapshot,
    getServerSnapshot: () => nothing,
  }
}
