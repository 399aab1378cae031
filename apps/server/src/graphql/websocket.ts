import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { GraphQLError } from 'graphql'
import { CloseCode, type Context as ConnectionContext, makeServer } from 'graphql-ws'
import { type WebSocket, WebSocketServer } from 'ws'
import type { App } from '../app.ts'
import type { Viewer } from '../modules/accounts/viewer.ts'
import { realNow } from '../platform/clock.ts'
import { Fault } from '../platform/errors.ts'
import type { Context } from './context.ts'
import { formatFailure } from './errors.ts'
import { type Engine, executionArgs, refusedHere } from './execute.ts'

/** Close codes of our own, beside those of graphql-transport-ws. Source: product.md, "Running". */
export const SocketClose = {
  noCredentials: 4401,
  credentialsEnded: 4403,
  tooMany: 4429,
} as const

const SUBSCRIPTIONS_PER_SOCKET = 20
export const SOCKETS_PER_CUSTOMER = 50
const PAYLOAD_LIMIT = 1_048_576
/** What one reader may leave unread before it is dropped; the newest state is all it would need anyway. */
const BACKLOG_LIMIT = 4_194_304
const CHECK_EVERY_MS = 2_000
/** From the upgrade to the credential, and between two signs of life: who answers no ping is gone, or plays dead. */
const INIT_WITHIN_MS = 3_000
const PING_EVERY_MS = 12_000

interface Connection {
  readonly socket: WebSocket
  authorization: string | null
  context: Context | null
  subscriptions: Set<string>
  refused: number
}

export interface SocketServer {
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void
  close(): Promise<void>
}

/** Serves graphql-transport-ws. The credential travels in connectionParams.authorization, never in a cookie. */
export function createSocketServer(engine: Engine, app: App): SocketServer {
  const connections = new Set<Connection>()
  const wss = new WebSocketServer({ noServer: true, maxPayload: PAYLOAD_LIMIT, handleProtocols: pickProtocol })
  const server = makeServer<{ authorization?: unknown }, { connection: Connection }>({
    connectionInitWaitTimeout: INIT_WITHIN_MS,
    onConnect: async (context) => admit(engine, connections, context),
    onSubscribe: (context, id, payload) => {
      const { connection } = context.extra
      if (connection.subscriptions.size >= SUBSCRIPTIONS_PER_SOCKET) return refuseOneMore(connection, app)
      const ready = engine.prepare(payload.query)
      const fail = (errors: readonly unknown[]) =>
        errors.map((error) => formatFailure(error, app.log)).map(toGraphQLError)
      if ('errors' in ready) return fail(ready.errors)
      const viewer = connection.context as Context
      const closed = refusedHere(ready, payload, viewer)
      if (closed) return fail([closed])
      connection.subscriptions.add(id)
      return executionArgs(engine.schema, ready.document, payload, viewer)
    },
    onComplete: (context, id) => void context.extra.connection.subscriptions.delete(id),
    onError: (context, id, _payload, errors) => {
      context.extra.connection.subscriptions.delete(id)
      return errors.map((error) => formatFailure(error, app.log))
    },
    onNext: (_context, _id, _payload, _args, result) =>
      result.errors
        ? ({ ...result, errors: result.errors.map((error) => formatFailure(error, app.log)) } as never)
        : undefined,
  })
  const checking = setInterval(() => void checkConnections(app, connections), CHECK_EVERY_MS)

  return {
    upgrade: (req, socket, head) => {
      wss.handleUpgrade(req, socket, head, (ws) => open(server, connections, ws))
    },
    close: async () => {
      clearInterval(checking)
      for (const { socket } of connections) socket.close(1001, 'the server is going away')
      await new Promise((resolve) => setTimeout(resolve, 50))
      for (const { socket } of connections) socket.terminate()
      wss.close()
    },
  }
}

function open(
  server: ReturnType<typeof makeServer<{ authorization?: unknown }, { connection: Connection }>>,
  connections: Set<Connection>,
  socket: WebSocket,
): void {
  const connection: Connection = { socket, authorization: null, context: null, subscriptions: new Set(), refused: 0 }
  connections.add(connection)
  const closed = server.opened(
    {
      protocol: socket.protocol,
      // A client that has left while its answer was made misses it, which is no failure.
      send: (data) =>
        new Promise((resolve, reject) =>
          socket.send(data, (error) => (error && socket.readyState === socket.OPEN ? reject(error) : resolve())),
        ),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (listener) =>
        socket.on('message', (data) => {
          listener(String(data)).catch(() => socket.close(CloseCode.InternalServerError, 'internal error'))
        }),
    },
    { connection },
  )
  let alive = true
  socket.on('pong', () => {
    alive = true
  })
  const pings = setInterval(() => {
    if (!alive) return socket.terminate()
    alive = false
    socket.ping()
  }, PING_EVERY_MS)
  socket.on('error', () => socket.terminate())
  socket.once('close', (code, reason) => {
    clearInterval(pings)
    connections.delete(connection)
    void closed(code, String(reason))
  })
}

async function admit(
  engine: Engine,
  connections: ReadonlySet<Connection>,
  {
    connectionParams,
    extra: { connection },
  }: ConnectionContext<{ authorization?: unknown }, { connection: Connection }>,
): Promise<boolean> {
  const { authorization } = connectionParams ?? {}
  connection.authorization = typeof authorization === 'string' ? authorization : null
  const context = await engine.contextFor(connection.authorization)
  if (!context.viewer) {
    const ended = /token (has expired|was revoked)/.test(context.refusal?.message ?? '')
    connection.socket.close(ended ? SocketClose.credentialsEnded : SocketClose.noCredentials, context.refusal?.message)
    return false
  }
  if (socketsOf(connections, context.viewer) >= SOCKETS_PER_CUSTOMER) {
    connection.socket.close(SocketClose.tooMany, 'too many sockets for this customer')
    return false
  }
  connection.context = context
  endWithToken(connection, context.viewer)
  return true
}

/** A token's sockets end with it; the SDK comes back with a new one. */
function endWithToken({ socket }: Connection, viewer: Viewer): void {
  if (viewer.role !== 'customer') return
  const timer = setTimeout(
    () => socket.close(SocketClose.credentialsEnded, 'the customer token has expired'),
    Math.max(0, viewer.expiresAt - realNow()),
  )
  socket.once('close', () => clearTimeout(timer))
}

function socketsOf(connections: ReadonlySet<Connection>, viewer: Viewer): number {
  if (viewer.role !== 'customer') return 0
  let count = 0
  for (const { context } of connections) {
    const other = context?.viewer
    if (other?.role === 'customer' && other.customerId === viewer.customerId && other.project.id === viewer.project.id)
      count++
  }
  return count
}

function refuseOneMore(connection: Connection, app: App): readonly GraphQLError[] {
  connection.refused++
  if (connection.refused > SUBSCRIPTIONS_PER_SOCKET * 5) {
    connection.socket.close(SocketClose.tooMany, 'too many subscriptions')
  }
  const fault = new Fault('RATE_LIMITED', `a socket carries at most ${SUBSCRIPTIONS_PER_SOCKET} subscriptions`)
  return [toGraphQLError(formatFailure(fault, app.log))]
}

/** Ends sockets whose credential was revoked, and those that don't read what they are sent. */
async function checkConnections(app: App, connections: ReadonlySet<Connection>): Promise<void> {
  for (const connection of connections) {
    if (connection.socket.bufferedAmount > BACKLOG_LIMIT) connection.socket.terminate()
    if (!connection.context) continue
    await app.authenticate(connection.authorization).catch((error: unknown) => {
      if (error instanceof Fault) connection.socket.close(SocketClose.credentialsEnded, 'the credential was revoked')
    })
  }
}

function pickProtocol(protocols: ReadonlySet<string>): string | false {
  return protocols.has('graphql-transport-ws') ? 'graphql-transport-ws' : false
}

function toGraphQLError({ message, extensions }: { message: string; extensions?: object }): GraphQLError {
  return new GraphQLError(message, { extensions: { ...extensions } })
}
