import { expect, test, vi } from 'vitest'
import { type BillingStateParts, mockBillingState } from '../../testing/mock-billing-state.ts'
import { FlorinError } from '../errors.ts'
import type { AccessDecision } from '../types.ts'
import { createLiveAnswer, type Question } from './live-answer.ts'
import { createLiveBillingState, type FeedHandlers } from './live-billing-state.ts'

const decision = (cost: string): AccessDecision => ({
  allowed: true,
  reason: 'COVERED',
  cost,
  available: '100',
  remedies: [],
})

/** A decision that is derived for odd versions and asked for even ones, answered by hand. */
function setUp(question: Partial<Question<AccessDecision>> = {}) {
  let handlers: FeedHandlers | undefined
  const live = createLiveBillingState((given) => {
    handlers = given
    return { close: () => {}, wake: () => {} }
  })
  const questions: { answer: (decision: AccessDecision) => void; fail: (error: Error) => void }[] = []
  const store = createLiveAnswer<AccessDecision>(live, {
    derive: ({ version }) => (version % 2 === 1 ? decision(`derived ${version}`) : undefined),
    ask: () => new Promise((answer, fail) => questions.push({ answer, fail })),
    everyMs: 100,
    ...question,
  })
  const listener = vi.fn()
  store.subscribe(listener)
  return {
    store,
    questions,
    listener,
    publish: (version: number, parts: BillingStateParts = {}) =>
      handlers?.onState(mockBillingState({ version, ...parts })),
    refuse: (error: FlorinError) => handlers?.onInterrupted(error, true),
    cost: () => store.getSnapshot().value?.cost,
  }
}

test('an answer about a customer goes with the customer, and comes with the next', () => {
  const { store, publish, refuse, cost } = setUp()
  publish(1)
  expect(cost()).toBe('derived 1')
  const error = new FlorinError('Sign in first', { code: 'SIGNED_OUT' })
  refuse(error)
  expect(store.getSnapshot()).toEqual({ value: undefined, error })
  publish(3)
  expect(store.getSnapshot()).toMatchObject({ value: decision('derived 3'), error: undefined })
})

test('asks once at a time, keeps the decision before, and answers for the last version', async () => {
  const { publish, questions, cost } = setUp()
  publish(1)
  expect(cost()).toBe('derived 1')

  for (const version of [2, 4, 6]) publish(version)
  expect(questions).toHaveLength(1)
  expect(cost()).toBe('derived 1')

  questions[0]?.answer(decision('asked at 2'))
  await expect.poll(cost).toBe('asked at 2')
  await expect.poll(() => questions.length).toBe(2)
  questions[1]?.answer(decision('asked at 6'))
  await expect.poll(cost).toBe('asked at 6')
  expect(questions).toHaveLength(2)
})

test('an answer that comes after a newer derived decision is dropped', async () => {
  const { publish, questions, cost } = setUp()
  publish(2)
  publish(3)
  questions[0]?.answer(decision('asked at 2'))
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(cost()).toBe('derived 3')
})

test('a question that fails leaves the decision and says so', async () => {
  const { publish, questions, store, cost } = setUp()
  publish(1)
  publish(2)
  questions[0]?.fail(new Error('away'))
  await expect.poll(() => store.getSnapshot().error?.message).toContain('away')
  expect(cost()).toBe('derived 1')
})

test('the same decision again is no news', async () => {
  const { publish, questions, listener } = setUp()
  publish(2)
  questions[0]?.answer(decision('same'))
  await expect.poll(() => listener.mock.calls.length).toBe(1)
  publish(4)
  await expect.poll(() => questions.length).toBe(2)
  questions[1]?.answer(decision('same'))
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(listener).toHaveBeenCalledTimes(1)
})

test('a question may follow a part of the state only', async () => {
  const { publish, questions, cost } = setUp({
    derive: () => undefined,
    everyMs: 0,
    follows: (state) => state.subscriptions,
  })
  publish(1, { balances: [{ available: '5' }] })
  questions[0]?.answer(decision('asked at 1'))
  await expect.poll(cost).toBe('asked at 1')
  await new Promise((resolve) => setTimeout(resolve, 20))

  publish(2, { balances: [{ available: '4' }] })
  expect(questions).toHaveLength(1)
  publish(3, { balances: [{ available: '4' }], subscriptions: [{ cancelAtPeriodEnd: true }] })
  await expect.poll(() => questions.length).toBe(2)
})

test('a reload is asked after it was wanted, at once, though a question is on its way', async () => {
  const { publish, questions, store, cost } = setUp({ derive: () => undefined, everyMs: 60_000 })
  publish(1)
  const reloaded = store.reload()
  questions[0]?.answer(decision('asked before'))
  await expect.poll(() => questions.length).toBe(2)
  questions[1]?.answer(decision('asked after'))
  await reloaded
  expect(cost()).toBe('asked after')

  void store.reload()
  expect(cost()).toBe('asked after')
  await expect.poll(() => questions.length).toBe(3)
})

test('a reload after a failure with nothing to show is loading again, also before the state is known', async () => {
  const { questions, store, cost } = setUp()
  const reloaded = store.reload()
  questions[0]?.fail(new Error('away'))
  await reloaded
  expect(store.getSnapshot().error?.message).toContain('away')

  void store.reload()
  expect(store.getSnapshot()).toEqual({ value: undefined, error: undefined })
  await expect.poll(() => questions.length).toBe(2)
  questions[1]?.answer(decision('here'))
  await expect.poll(cost).toBe('here')
})

test('says why nothing can be asked where there is no state at all', () => {
  const { store, refuse } = setUp()
  refuse(new FlorinError('no', { code: 'UNAUTHENTICATED' }))
  expect(store.getSnapshot().error?.code).toBe('UNAUTHENTICATED')
})
