import { expect, test } from 'vitest'
import { mockBillingState } from '../../testing/mock-billing-state.ts'
import { createLiveBillingState, type FeedHandlers } from './live-billing-state.ts'
import { createLiveList } from './live-list.ts'

/** A list of numbers that is read by the page, newest first. */
function setUp(length: number, first: number) {
  let handlers: FeedHandlers | undefined
  const live = createLiveBillingState((given) => {
    handlers = given
    return { close: () => {}, wake: () => {} }
  })
  const all = Array.from({ length }, (_, index) => length - index)
  const asked: number[] = []
  const list = createLiveList<number>(live, {
    first,
    everyMs: 0,
    read: async ({ first: size, after }) => {
      asked.push(size)
      const start = after ? all.indexOf(Number(after)) + 1 : 0
      const nodes = all.slice(start, start + size)
      return { nodes, pageInfo: { endCursor: String(nodes.at(-1)), hasNextPage: start + size < all.length } }
    },
  })
  list.subscribe(() => {})
  let version = 0
  return { all, asked, list, move: () => handlers?.onState(mockBillingState({ version: ++version })) }
}

test('shows a page, then one more, and all of them anew when something was added', async () => {
  const { all, list, move } = setUp(5, 2)
  expect(list.getSnapshot().value).toBeUndefined()
  move()
  await expect.poll(() => list.getSnapshot().value).toEqual({ nodes: [5, 4], hasMore: true })

  await Promise.all([list.loadMore(), list.loadMore()])
  expect(list.getSnapshot().value).toEqual({ nodes: [5, 4, 3, 2], hasMore: true })

  all.unshift(6)
  move()
  await expect.poll(() => list.getSnapshot().value).toEqual({ nodes: [6, 5, 4, 3], hasMore: true })
  await list.loadMore()
  expect(list.getSnapshot().value).toEqual({ nodes: [6, 5, 4, 3, 2, 1], hasMore: false })
  await list.loadMore()
})

test('asks for more than the API gives at once in several pages', async () => {
  const { asked, list, move } = setUp(250, 120)
  move()
  await expect.poll(() => list.getSnapshot().value?.nodes.length).toBe(120)
  expect(asked).toEqual([100, 20])
})
