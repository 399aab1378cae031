import { useSyncExternalStore } from 'react'
import type { Store } from '../client/live/live-billing-state.ts'

export const useStore = <Snapshot>(store: Store<Snapshot>): Snapshot =>
  useSyncExternalStore(store.subscribe, store.getSnapshot, store.getServerSnapshot)
