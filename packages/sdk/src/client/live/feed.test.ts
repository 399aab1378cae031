import { afterEach, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { customerToken, type Peer, startPeer } from '../../../test-peer/peer.ts'
import { mockBillingState } from '../../testing/mock-billing-state.ts'
import { createCustomerTokens, type FetchToken } from './customer-token.ts'
import { type Feed, openFeed } from './feed.ts'

const open: Feed[] = []
afterEach(() => {
  for (const feed of open.splice(0)) feed.close()
  vi.useRealTimers()
})

/** A feed with all that it told, in order. */
function follow(peer: Pick<Peer, 'url'>, fetchToken: FetchToken) {
  const tokens = createCustomerTokens(fetchToken)
  const told: (number | string)[] = []
  const feed = openFeed({
    url: peer.url,
    webSocket: WebSocket,
    identify: tokens.get,
    onRefused: tokens.forget,
    onState: ({ version }) => told.push(version),
    onInterrupted: (_error, denied) => told.push(denied ? 'denied' : 'interrupted'),
  })
  open.push(feed)
  return { told, feed }
}

/** Tokens `ct_…`, each another, and how many were asked for. */
function mint() {
  const minted: string[] = []
  const fetchToken = async () => {
    const token = customerToken('user_123', { serial: minted.length })
    minted.push(token)
    return token
  }
  return { minted, fetchToken }
}

test('L05: a token that expires on an open socket is replaced, and the feed resumes', async () => {
  await using peer = await startPeer()
  peer.publish(mockBillingState({ version: 1 }))
  const { minted, fetchToken } = mint()
  const { told } = follow(peer, fetchToken)
  await expect.poll(() => told).toEqual([1])

  peer.refused.add(minted[0] ?? '')
  peer.closeSockets(4403)
  await expect.poll(() => told).toEqual([1, 'interrupted', 1])
  peer.publish(mockBillingState({ version: 2 }))

  await expect.poll(() => told).toEqual([1, 'interrupted', 1, 2])
  expect(peer.seen.sockets).toEqual(minted)
  expect(minted).toHaveLength(2)
})

test('a new token that is refused as well is a denial, and is not fetched in a loop', async () => {
  await using peer = await startPeer()
  const { minted, fetchToken } = mint()
  const refusing = async () => {
    const token = await fetchToken()
    peer.refused.add(token)
    return token
  }
  const { told } = follow(peer, refusing)

  await expect.poll(() => told).toEqual(['interrupted', 'denied'])
  expect(minted).toHaveLength(2)
})

test('L10: attempts are spread and slow down while the server is away, and a wake-up ends the wait', async () => {
  await using peer = await startPeer()
  // The waits between attempts end when the test says so.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const { told, feed } = follow(peer, mint().fetchToken)
  await expect.poll(peer.openSockets).toBe(1)

  await peer.stop()
  for (const attempts of [1, 2, 3]) {
    await expect.poll(() => told.length).toBe(attempts)
    await expect.poll(() => vi.getTimerCount()).toBe(1)
    if (attempts < 3) vi.advanceTimersToNextTimer()
  }
  await peer.start()
  peer.publish(mockBillingState({ version: 7 }))
  feed.wake()

  await expect.poll(() => told.at(-1)).toBe(7)
})

test('a token function that fails is a denial, and is asked again', async () => {
  await using peer = await startPeer()
  peer.publish(mockBillingState({ version: 1 }))
  let asked = 0
  const { told } = follow(peer, async () => {
    if (asked++ === 0) throw new Error('backend is away')
    return customerToken('user_123')
  })

  await expect.poll(() => told).toEqual(['denied', 1])
})

test('a feed that is closed while it connects leaves no socket behind', async () => {
  await using peer = await startPeer()
  const { feed, told } = follow(peer, mint().fetchToken)
  await expect.poll(() => peer.openSockets()).toBe(1)
  feed.close()

  await expect.poll(peer.openSockets).toBe(0)
  expect(told).toEqual([])
})

test('where nobody is signed in it asks once, however long that lasts, and again when it is woken', async () => {
  vi.useFakeTimers()
  let asked = 0
  const { told, feed } = follow({ url: 'http://127.0.0.1:9/graphql' }, async () => {
    asked++
    return null
  })
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(asked).toBe(1)

  feed.wake()
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect([asked, told]).toEqual([2, ['denied', 'denied']])
})
