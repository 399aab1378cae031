import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { mockBillingState } from '../../testing/mock-billing-state.ts'
import { FlorinConnectionError, FlorinError } from '../errors.ts'
import { createLiveBillingState, type FeedHandlers } from './live-billing-state.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const lost = new FlorinConnectionError('gone', { code: 'CONNECTION_FAILED' })

/** A store whose feed is in the test's hands. */
function storeOf(initialVersion?: number) {
  const feeds: (FeedHandlers & { closed: boolean })[] = []
  const open = (handlers: FeedHandlers) => {
    const feed = { ...handlers, closed: false }
    feeds.push(feed)
    return {
      wake: () => {},
      close: () => {
        feed.closed = true
      },
    }
  }
  const initial = initialVersion === undefined ? null : mockBillingState({ version: initialVersion })
  return { live: createLiveBillingState(open, initial), feeds }
}

test('opens one feed for all listeners, and closes it after the last has left for good', () => {
  const { live, feeds } = storeOf()
  const leave = [live.subscribe(() => {}), live.subscribe(() => {})]
  for (const each of leave) each()
  const leaveAgain = live.subscribe(() => {})
  vi.advanceTimersByTime(1_000)
  expect(feeds.map(({ closed }) => closed)).toEqual([false])

  leaveAgain()
  vi.advanceTimersByTime(1_000)
  expect(feeds.map(({ closed }) => closed)).toEqual([true])
})

test('never goes back to an older version of the same customer', () => {
  const { live, feeds } = storeOf(5)
  live.subscribe(() => {})
  feeds[0]?.onState(mockBillingState({ version: 4 }))
  expect(live.getSnapshot()).toMatchObject({ state: { version: 5 }, status: 'live' })

  feeds[0]?.onState(mockBillingState({ version: 6 }))
  expect(live.getSnapshot().state?.version).toBe(6)

  feeds[0]?.onState(mockBillingState({ version: 1, customerId: 'user_456' }))
  expect(live.getSnapshot().state).toMatchObject({ version: 1, customerId: 'user_456' })
})

test('keeps the last state while it reconnects', () => {
  const { live, feeds } = storeOf()
  live.subscribe(() => {})
  feeds[0]?.onState(mockBillingState({ version: 1 }))
  const { state } = live.getSnapshot()

  feeds[0]?.onInterrupted(lost, false)
  expect(live.getSnapshot()).toEqual({ state, status: 'reconnecting', error: lost })
  feeds[0]?.onState(mockBillingState({ version: 1 }))
  expect(live.getSnapshot()).toEqual({ state, status: 'live', error: null })
  expect(live.getSnapshot().state).toBe(state)
})

test('shows nothing of a customer who has signed out', () => {
  const { live, feeds } = storeOf(1)
  live.subscribe(() => {})
  const error = new FlorinError('Sign in first', { code: 'SIGNED_OUT' })
  feeds[0]?.onInterrupted(error, true)
  expect(live.getSnapshot()).toEqual({ state: null, status: 'signed-out', error })
})

test('tells its listeners only what is new', () => {
  const { live, feeds } = storeOf()
  const listener = vi.fn()
  live.subscribe(listener)

  feeds[0]?.onState(mockBillingState({ version: 2 }))
  feeds[0]?.onState(mockBillingState({ version: 2 }))
  feeds[0]?.onState(mockBillingState({ version: 1 }))
  expect(listener).toHaveBeenCalledTimes(1)
})

test('the server sees what it rendered, whatever came later', () => {
  const { live, feeds } = storeOf(3)
  live.subscribe(() => {})
  feeds[0]?.onState(mockBillingState({ version: 4 }))
  expect(live.getServerSnapshot()).toMatchObject({ state: { version: 3 }, status: 'loading' })
})
