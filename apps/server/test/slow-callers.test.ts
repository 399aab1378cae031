import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import WebSocket from 'ws'
import { freePort } from '../src/platform/free-port.ts'
import { createFlorinServer, type FlorinServer } from '../src/server.ts'
import { type Stack, startStack } from './stack.ts'
import { TRANSPORTS } from './transports.ts'

// Whoever sends a byte now and then holds a connection, and with many of them all that there are.

let stack: Stack
let server: FlorinServer
let port: number

beforeAll(async () => {
  stack = await startStack()
  // Long enough for a machine that is busy with other things.
  const patience = { headersMs: 1_000, bodyMs: 300, idleMs: 300 }
  server = createFlorinServer(stack.app, { webhooks: new Map(), sandbox: null, patience })
  port = await freePort()
  await server.listen(port, '127.0.0.1')
})
afterAll(async () => {
  await server.close()
  await stack.close()
})

/** Sends the head, then a byte now and then until the server hangs up. Answers what it said. */
async function dribble(head: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let said = ''
  socket.on('data', (data) => {
    said += String(data)
  })
  // The server may hang up while a byte is on its way.
  socket.on('error', () => {})
  socket.write(head)
  const drops = setInterval(() => socket.write(' '), 20)
  await once(socket, 'close')
  clearInterval(drops)
  return said
}

test.each(TRANSPORTS)('a body that does not come to its end is answered 408 over $name', async ({ headers }) => {
  const all = { host: 'florin', 'content-type': 'application/json', 'content-length': '100000', ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  const said = await dribble(`POST /graphql HTTP/1.1\r\n${lines.join('')}\r\n{`)
  expect(said).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/)
  expect(said).toMatch(/\r\nconnection: close\r\n/i)
  expect(JSON.parse(said.split('\r\n\r\n')[1] as string)).toEqual({
    errors: [{ message: expect.stringContaining('took longer than 0.3 s'), extensions: { code: 'INVALID_INPUT' } }],
  })
})

test.each([
  ['headers that do not come to their end are', 'POST /graphql HTTP/1.1\r\nhost: florin\r\nx-slow:'],
  ['a request that does not say what it wants is', 'POST /gra'],
])('%s answered 408', async (_, head) => {
  expect(await dribble(head)).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/)
})

test('a connection on which nothing is asked any more is closed', async () => {
  const socket = connect(port, '127.0.0.1')
  let said = ''
  socket.on('data', (data) => {
    said += String(data)
  })
  socket.write('GET /health HTTP/1.1\r\nhost: florin\r\n\r\n')
  await once(socket, 'close')
  expect(said).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
})

test('a socket that gives no credential is closed', async () => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws')
  const [code] = (await once(socket, 'close')) as [number]
  expect(code).toBe(4408)
})
