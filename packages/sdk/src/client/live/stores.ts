import type { Store } from './live-billing-state.ts'
import type { LoadedStore } from './load-once.ts'

/** A store that never changes. */
export const still = <Snapshot>(snapshot: Snapshot): Store<Snapshot> => ({
  subscribe: () => () => {},
  getSnapshot: () => snapshot,
  getServerSnapshot: () => snapshot,
})

/** A value that never changes; undefined: not known yet. */
export const stillLoaded = <Value>(value: Value | undefined): LoadedStore<Value> => ({
  ...still({ value, error: undefined }),
  reload: () => Promise.resolve(),
})

/** Nobody looks at more at once; whoever asks for something else each time must not fill the memory. */
const KEPT = 100

/** The same store for what says the same: hooks make their questions anew with each render. */
export function oneForEach<Asked, Made>(
  make: (asked: Asked) => Made,
  keyOf: (asked: Asked) => unknown = (asked) => asked,
): (asked: Asked) => Made {
  const stores = new Map<string, Made>()
  return (asked) => {
    const key = JSON.stringify(keyOf(asked))
    const store = stores.get(key) ?? make(asked)
    stores.delete(key)
    stores.set(key, store)
    const [oldest] = stores.keys()
    if (stores.size > KEPT && oldest !== undefined) stores.delete(oldest)
    return store
  }
}
