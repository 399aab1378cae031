import { asFlorinError, type FlorinError } from '../errors.ts'
import type { Store } from './live-billing-state.ts'

/** Undefined: not known yet. Null can be an answer. */
export interface Loaded<Value> {
  readonly value: Value | undefined
  readonly error: FlorinError | undefined
}

export interface LoadedStore<Value> extends Store<Loaded<Value>> {
  /** Asks anew, now. It settles when the answer is there, and never rejects: an error stands in the snapshot. */
  readonly reload: () => Promise<void>
}

/** A value that the first listener causes to load and all share. After a failure the next listener tries again. */
export function loadOnce<Value>(load: () => Promise<Value>, initial?: Value): LoadedStore<Value> {
  const nothing: Loaded<Value> = { value: initial, error: undefined }
  const listeners = new Set<() => void>()
  let snapshot = nothing
  let loading: Promise<void> | undefined

  const publish = (next: Loaded<Value>) => {
    snapshot = next
    for (const listener of [...listeners]) listener()
  }
  const start = () => {
    loading ??= load()
      .then(
        (value) => publish({ value, error: undefined }),
        (thrown: unknown) => publish({ value: snapshot.value, error: asFlorinError(thrown, 'Nothing loaded') }),
      )
      .finally(() => {
        loading = undefined
      })
    return loading
  }
  return {
    subscribe: (listener) => {
      listeners.add(listener)
      if (snapshot.value === undefined) void start()
      return () => listeners.delete(listener)
    },
    getSnapshot: () => snapshot,
    getServerSnapshot: () => nothing,
    reload: () => {
      if (snapshot.error && snapshot.value === undefined) publish(nothing)
      return start()
    },
  }
}
