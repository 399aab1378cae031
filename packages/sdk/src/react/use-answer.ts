import { useCallback, useMemo, useState } from 'react'
import type { FlorinError } from '../client/errors.ts'
import type { ListStore } from '../client/live/live-list.ts'
import type { LoadedStore } from '../client/live/load-once.ts'
import { useStore } from './use-store.ts'

export interface Answer<Value> {
  /** Undefined until it is known. It stays while the next one is asked for. */
  readonly value: Value | undefined
  /** Why the last question failed; the value before stays. */
  readonly error: FlorinError | undefined
  /** Nothing is known yet, neither a value nor an error. */
  readonly loading: boolean
  /** Asks anew, now. It settles when the answer is there, and never rejects. */
  readonly reload: () => Promise<void>
}

export interface AnswerList<Node> extends Answer<readonly Node[]> {
  readonly hasMore: boolean
  /** One page more, at the end. It settles when the page is there, and never rejects. */
  readonly loadMore: () => Promise<void>
  readonly loadingMore: boolean
}

export function useAnswer<Value>(store: LoadedStore<Value>): Answer<Value> {
  const { value, error } = useStore(store)
  const { reload } = store
  return useMemo(
    () => ({ value, error, loading: value === undefined && error === undefined, reload }),
    [value, error, reload],
  )
}

export function useAnswerList<Node>(store: ListStore<Node>): AnswerList<Node> {
  const { value, error, loading, reload } = useAnswer(store)
  const [loadingMore, setLoadingMore] = useState(false)
  const loadMore = useCallback(() => {
    setLoadingMore(true)
    return store.loadMore().finally(() => setLoadingMore(false))
  }, [store])
  const [nodes, hasMore] = [value?.nodes, value?.hasMore ?? false]
  return useMemo(
    () => ({ value: nodes, error, loading, reload, hasMore, loadMore, loadingMore }),
    [nodes, error, loading, reload, hasMore, loadMore, loadingMore],
  )
}
