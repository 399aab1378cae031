import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type Peer, startPeer } from '../../../test-peer/peer.ts'
import { mockBillingState } from '../../testing/mock-billing-state.ts'
import { createFlorin } from '../create-florin.ts'

const state = (version: number) => mockBillingState({ version })
const florinOf = (peer: Peer) => createFlorin({ url: peer.url, secretKey: 'sk_test', webSocket: WebSocket })

test('gives the current state at once, then newer ones, never an older one', async () => {
  await using peer = await startPeer()
  peer.publish(state(3))
  const versions: number[] = []

  for await (const { version } of florinOf(peer).watchBillingState('user_123')) {
    versions.push(version)
    if (version === 3) for (const next of [2, 3, 4]) peer.publish(state(next))
    if (version === 4) break
  }

  expect(versions).toEqual([3, 4])
  await expect.poll(peer.openSockets).toBe(0)
})

test('takes up a lost connection', async () => {
  await using peer = await startPeer()
  peer.publish(state(1))
  const versions: number[] = []

  for await (const { version } of florinOf(peer).watchBillingState('user_123')) {
    versions.push(version)
    if (version === 2) break
    await peer.stop()
    await peer.start()
    peer.publish(state(2))
  }

  expect(versions).toEqual([1, 2])
  expect(peer.seen.sockets).toEqual(['sk_test', 'sk_test'])
})

test('throws when the key is refused', async () => {
  await using peer = await startPeer()
  peer.refused.add('sk_test')

  const watched = florinOf(peer).watchBillingState('user_123')
  await expect(watched.next()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
})

test('ends without an error when its signal aborts', async () => {
  await using peer = await startPeer()
  const abort = new AbortController()

  const next = florinOf(peer).watchBillingState('user_123', { signal: abort.signal }).next()
  abort.abort()

  expect(await next).toEqual({ done: true, value: undefined })
})
