import type { Store } from './live-billing-state.ts'

/** A store that never changes. */
export const still = <Snapshot>(snapshot: Snapshot): Store<Snapshot> => ({
  subscribe: () => () => {},
  getSnapshot: () => snapshot,
  getServerSnapshot: () => snapshot,
})

/** The same store for what says the same: hooks make their questions anew with each render. */
export function oneForEach<Asked, Snapshot>(
  make: (asked: Asked) => Store<Snapshot>,
  keyOf: (asked: Asked) => unknown = (asked) => asked,
): (asked: Asked) => Store<Snapshot> {
  const stores = new Map<string, Store<Snapshot>>()
  return (asked) => {
    const key = JSON.stringify(keyOf(asked))
    const store = stores.get(key) ?? make(asked)
    stores.set(key, store)
    return store
  }
}
