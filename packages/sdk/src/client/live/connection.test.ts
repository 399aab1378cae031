import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { startPeer } from '../../../test-peer/peer.ts'
import { mockBillingState } from '../../testing/mock-billing-state.ts'
import { connect, type Ended } from './connection.ts'

/** Only the waiting is fake; the sockets are real and need the event loop to turn. */
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}

/** A connection and what it told. */
function open(url: string) {
  const versions: number[] = []
  const ends: Ended[] = []
  const connection = connect({
    url,
    bearer: 'ct_1',
    customerId: 'user_123',
    webSocket: WebSocket,
    onState: ({ version }) => versions.push(version),
    onEnd: (ended) => ends.push(ended),
  })
  return { connection, versions, ends }
}

test('a socket that no longer answers pings is dead', async () => {
  await using peer = await startPeer()
  peer.publish(mockBillingState({ version: 1 }))
  const { versions, ends } = open(peer.url)
  await until(() => versions.length > 0)

  peer.freezeSockets()
  vi.advanceTimersByTime(10_000)
  expect(ends).toEqual([])
  vi.advanceTimersByTime(5_000)
  await until(() => ends.length > 0)
  expect(ends).toMatchObject([{ error: { code: 'CONNECTION_FAILED' }, refused: false, denied: false }])
})

test('after sleep a socket that was silent too long is not trusted', async () => {
  await using peer = await startPeer()
  peer.publish(mockBillingState({ version: 1 }))
  const { connection, versions, ends } = open(peer.url)
  await until(() => versions.length > 0)

  connection.endIfSilent()
  vi.setSystemTime(Date.now() + 60_000)
  expect(ends).toEqual([])
  connection.endIfSilent()
  await until(() => ends.length > 0)
})

test('a network that swallows the handshake ends the attempt, not the process', async () => {
  const silent = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { ends } = open(`http://127.0.0.1:${(silent.address() as AddressInfo).port}/graphql`)
  await once(silent, 'connection')

  vi.advanceTimersByTime(10_000)
  await until(() => ends.length > 0)
  expect(ends[0]?.error.retryable).toBe(true)
  await new Promise((resolve) => setImmediate(resolve))
  silent.close()
})

test('without a WebSocket it says what to give', () => {
  vi.stubGlobal('WebSocket', undefined)
  const options = { url: 'http://127.0.0.1:9', bearer: '', customerId: '', onState: () => {}, onEnd: () => {} }
  expect(() => connect(options)).toThrow(/ws/)
  vi.unstubAllGlobals()
})
