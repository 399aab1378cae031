import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { buildSchema, execute, graphql, subscribe, validate } from 'graphql'
import { useServer as serveGraphql } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import type { BillingState } from '../src/client/types.ts'

type Resolvers = Record<string, (args: never) => unknown>

const schema = buildSchema(await readFile(join(import.meta.dirname, '../../../schema.graphql'), 'utf8'))

/**
 * A server that speaks Florin's contract on a loopback port, for as long as a test runs: the real schema over HTTP and
 * graphql-transport-ws, with answers that the test gives.
 */
export async function startPeer(resolvers: Resolvers = {}) {
  /** Bearers, in the order of their use. */
  const seen = { http: [] as string[], sockets: [] as string[] }
  /** What the next HTTP requests get instead of an answer. */
  const accidents: ('drop' | 'hang' | 502)[] = []
  const refused = new Set<string>()
  const feed = createFeed()

  const server = createServer(async (request, response) => {
    const accident = accidents.shift()
    seen.http.push(bearerOf(request))
    if (accident === 'drop') return void request.socket.destroy()
    if (accident === 'hang') return
    response.setHeader('content-type', 'application/json')
    response.setHeader('x-request-id', `req_${seen.http.length}`)
    if (accident) return void response.writeHead(accident).end('<h1>Bad Gateway</h1>')
    if (refused.has(bearerOf(request))) {
      const fault = { message: 'Token expired', extensions: { code: 'UNAUTHENTICATED' } }
      return void response.writeHead(401).end(JSON.stringify({ errors: [fault] }))
    }
    const { query, variables } = JSON.parse(await text(request))
    response.end(
      JSON.stringify(await graphql({ schema, source: query, rootValue: resolvers, variableValues: variables })),
    )
  })
  const sockets = new WebSocketServer({ server, path: '/graphql' })
  serveGraphql(
    {
      schema,
      // Vitest loads graphql as another module than graphql-ws does, and a schema belongs to one.
      execute,
      subscribe,
      validate,
      roots: { subscription: { billingState: () => feed.follow() } },
      onConnect: ({ connectionParams, extra }) => {
        const bearer = String(connectionParams?.authorization).replace('Bearer ', '')
        seen.sockets.push(bearer)
        if (refused.has(bearer)) extra.socket.close(4403, 'Token expired')
        return !refused.has(bearer)
      },
    },
    sockets,
  )
  let port = 0
  const listen = async () => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  }
  await listen()

  return {
    url: `http://127.0.0.1:${port}/graphql`,
    seen,
    accidents,
    refused,
    publish: feed.publish,
    openSockets: () => sockets.clients.size,
    closeSockets: (code: number) => {
      for (const socket of sockets.clients) socket.close(code)
    },
    /** The sockets stay open, but nothing is read from them any more, as on a network that went away. */
    freezeSockets: () => {
      for (const socket of sockets.clients) socket.pause()
    },
    /** Takes the server away, and brings it back at the same address. */
    stop: async () => {
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
    start: listen,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      server.close()
    },
  }
}

export type Peer = Awaited<ReturnType<typeof startPeer>>

const bearerOf = (request: IncomingMessage): string => (request.headers.authorization ?? '').replace('Bearer ', '')

/** The newest state at once, then each that is published. */
function createFeed() {
  let newest: BillingState | undefined
  const followers = new Set<(state: BillingState) => void>()
  return {
    publish: (state: BillingState) => {
      newest = state
      for (const tell of followers) tell(state)
    },
    follow: () => {
      const waiting: { billingState: BillingState }[] = newest ? [{ billingState: newest }] : []
      let wake = () => {}
      let over = false
      const tell = (billingState: BillingState) => {
        waiting.push({ billingState })
        wake()
      }
      followers.add(tell)
      return {
        [Symbol.asyncIterator]() {
          return this
        },
        async next(): Promise<IteratorResult<{ billingState: BillingState }>> {
          while (!over && waiting.length === 0) {
            await new Promise<void>((resolve) => {
              wake = resolve
            })
          }
          const value = waiting.shift()
          return over || !value ? { done: true, value: undefined } : { done: false, value }
        },
        async return(): Promise<IteratorResult<{ billingState: BillingState }>> {
          over = true
          followers.delete(tell)
          wake()
          return { done: true, value: undefined }
        },
      }
    },
  }
}

/** A customer token as the API makes them, but for the signature, which only the API reads. */
export function customerToken(customerId: string, { lives = 3600, serial = 1 } = {}): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const exp = Math.floor(Date.now() / 1000) + lives
  return `ct_${part({ alg: 'none' })}.${part({ sub: customerId, exp, jti: serial })}.signature`
}
