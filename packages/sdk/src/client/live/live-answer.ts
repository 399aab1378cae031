import { asFlorinError } from '../errors.ts'
import { now, sleep } from '../timing.ts'
import type { BillingState } from '../types.ts'
import type { LiveBillingState } from './live-billing-state.ts'
import type { Loaded, LoadedStore } from './load-once.ts'
import { shareStructure } from './share-structure.ts'

/** What is asked about a customer, and asked again as their state moves. */
export interface Question<Answer> {
  /** The answer where the state holds it already; undefined: only the API can tell. */
  readonly derive?: (state: BillingState) => Answer | undefined
  readonly ask: () => Promise<Answer>
  /** While a balance runs, the API is asked at most this often; the last version always gets its answer. */
  readonly everyMs: number
  /** The part of the state that moves the answer, by identity; all of it unless it is said. */
  readonly follows?: (state: BillingState) => object
  /** Time moves the answer too: whoever comes to look when nobody did has it asked anew. */
  readonly ages?: boolean
}

/** What an answer was true for: a part of the state, and how often a reload had been asked for. */
interface Asked {
  readonly part: object | undefined
  readonly reloads: number
}

/**
 * The answer to one question, kept up to date with the billing state: derived from it where that is possible, else asked
 * of the API, one question at a time. The answer before stays until the next is known.
 */
export function createLiveAnswer<Answer>(
  live: LiveBillingState,
  { derive = () => undefined, ask, everyMs, follows = (state) => state, ages = false }: Question<Answer>,
): LoadedStore<Answer> {
  const derived = (state: BillingState | null) => ({ value: state ? derive(state) : undefined, error: undefined })
  const atStart = derived(live.getServerSnapshot().state)
  const shown = createShown<Answer>(derived(live.getSnapshot().state))
  const progress = createProgress(() => partOf(live.getSnapshot().state, follows))
  let asking = false
  let pause = new AbortController()
  let leave = () => {}

  const wanted = () => shown.listeners.size > 0 && !progress.isSettled()

  const askOnce = async (asked: Asked) => {
    const answer = await loadedBy(ask, () => shown.get().value)
    // What was derived meanwhile is newer.
    if (wanted()) {
      progress.settle(asked)
      shown.show(answer)
    }
    progress.tell(asked)
  }
  const askWhileWanted = async () => {
    if (asking) return
    asking = true
    while (wanted()) {
      const asked = progress.current()
      const startedAt = now()
      await askOnce(asked)
      pause = new AbortController()
      if (progress.current().reloads === asked.reloads) await sleep(everyMs - (now() - startedAt), pause.signal)
    }
    asking = false
  }
  const update = () => {
    const { state, status, error } = live.getSnapshot()
    const gone = status === 'signed-out' || (!state && status === 'error' && !shown.get().value)
    if (gone && error) shown.show({ value: undefined, error })
    if (!wanted()) return
    const next = derived(state)
    if (next.value === undefined) return void askWhileWanted()
    progress.settle(progress.current())
    shown.show(next)
  }
  return {
    subscribe: (listener) => {
      shown.listeners.add(listener)
      if (shown.listeners.size === 1) {
        if (ages) progress.forget()
        leave = live.subscribe(update)
      }
      update()
      return () => {
        shown.listeners.delete(listener)
        if (shown.listeners.size === 0) leave()
      }
    },
    getSnapshot: shown.get,
    getServerSnapshot: () => atStart,
    reload: () => {
      const answered = progress.again()
      if (shown.listeners.size === 0) return Promise.resolve()
      if (shown.get().value === undefined) shown.show({ value: undefined, error: undefined })
      pause.abort()
      void askWhileWanted()
      return answered
    },
  }
}

const partOf = (state: BillingState | null, follows: (state: BillingState) => object) =>
  state ? follows(state) : undefined

const loadedBy = <Answer>(ask: () => Promise<Answer>, before: () => Answer | undefined): Promise<Loaded<Answer>> =>
  ask().then(
    (value) => ({ value, error: undefined }),
    (thrown: unknown) => ({ value: before(), error: asFlorinError(thrown, 'No answer') }),
  )

/** What is shown, and to whom: it keeps its identity while it says the same. */
function createShown<Answer>(first: Loaded<Answer>) {
  const listeners = new Set<() => void>()
  let snapshot = first
  return {
    listeners,
    get: () => snapshot,
    show: (next: Loaded<Answer>) => {
      const value = shareStructure(snapshot.value, next.value)
      if (value === snapshot.value && next.error === snapshot.error) return
      snapshot = { value, error: next.error }
      for (const listener of [...listeners]) listener()
    },
  }
}

/** For what the answer that is shown was asked, and what it should be asked for now. */
function createProgress(partNow: () => object | undefined) {
  let settled: Asked = { part: undefined, reloads: 0 }
  let reloads = 0
  let waiting: { reloads: number; done: () => void }[] = []

  const current = (): Asked => ({ part: partNow() ?? settled.part, reloads })
  return {
    current,
    isSettled: () => current().part === settled.part && reloads === settled.reloads,
    settle: (asked: Asked) => {
      settled = asked
    },
    forget: () => {
      settled = { part: undefined, reloads }
    },
    /** Settles with the answer to a question that is asked from now on. */
    again: () => {
      reloads++
      return new Promise<void>((done) => waiting.push({ reloads, done }))
    },
    tell: (asked: Asked) => {
      for (const { done } of waiting.filter((one) => one.reloads <= asked.reloads)) done()
      waiting = waiting.filter((one) => one.reloads > asked.reloads)
    },
  }
}
