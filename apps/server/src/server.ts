import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { App } from './app.ts'
import { createEngine } from './graphql/execute.ts'
import { answerPlain, isPlainRequest, readBody } from './graphql/http.ts'
import { buildSchema } from './graphql/schema.ts'
import { createSocketServer } from './graphql/websocket.ts'
import { createYogaHandler } from './graphql/yoga.ts'
import { createKnownOrigins } from './modules/accounts/known-origins.ts'
import { createHostedPages } from './modules/checkout/hosted-pages.ts'
import type { PaymentProvider } from './modules/payments/provider.ts'
import { receiveEvent } from './modules/webhooks/inbound/receive-event.ts'
import { Fault } from './platform/errors.ts'

/** Answers what it knows and says whether it did. */
export type Route = (req: IncomingMessage, res: ServerResponse) => boolean

export interface ServerOptions {
  /** By path: which provider's events arrive there. */
  readonly webhooks: ReadonlyMap<string, PaymentProvider>
  /** The payment sandbox, when this process runs it. */
  readonly sandbox: Route | null
}

export interface FlorinServer {
  readonly http: Server
  listen(port: number, host: string): Promise<void>
  close(): Promise<void>
}

/** One HTTP server for the API (HTTP and WebSocket), the hosted pages, and the provider's webhooks. */
export function createFlorinServer(app: App, options: ServerOptions): FlorinServer {
  const engine = createEngine(buildSchema(), app)
  const yoga = createYogaHandler(engine, app)
  const sockets = createSocketServer(engine, app)
  const origins = createKnownOrigins(app.database)
  const pages = createHostedPages(app)

  const routes: Route[] = [
    (req, res) => {
      if (pathOf(req) !== '/graphql') return false
      void answerGraphQL(req, res)
      return true
    },
    (req, res) => {
      const provider = options.webhooks.get(pathOf(req))
      if (!provider) return false
      void answerWebhook(req, res, provider)
      return true
    },
    (req, res) => options.sandbox?.(req, res) ?? false,
    pages,
    (req, res) => {
      if (pathOf(req) !== '/health') return false
      res.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}')
      return true
    },
  ]

  async function answerGraphQL(req: IncomingMessage, res: ServerResponse): Promise<void> {
    try {
      if (req.headers.origin) await allowOrigin(req.headers.origin, res)
      if (req.method === 'OPTIONS') return void res.writeHead(204).end()
      if (isPlainRequest(req)) await answerPlain(engine, req, res)
      else await yoga(req, res)
    } catch (error) {
      fail(res, error)
    }
  }

  // Bearer credentials only, so no cookie is ever allowed; other origins get no permission to read.
  async function allowOrigin(origin: string, res: ServerResponse): Promise<void> {
    res.setHeader('vary', 'origin')
    if (!(await origins.has(origin))) return
    res.setHeader('access-control-allow-origin', origin)
    res.setHeader('access-control-allow-methods', 'POST, GET')
    res.setHeader('access-control-allow-headers', 'authorization, content-type')
    res.setHeader('access-control-max-age', '600')
  }

  async function answerWebhook(req: IncomingMessage, res: ServerResponse, provider: PaymentProvider): Promise<void> {
    try {
      const body = await readBody(req)
      if (body === null) return void res.writeHead(413, { connection: 'close' }).end()
      await receiveEvent(app, provider, body, String(req.headers['stripe-signature'] ?? ''))
      res.writeHead(200).end()
    } catch (error) {
      if (error instanceof Fault) res.writeHead(401, { 'content-type': 'text/plain' }).end(error.message)
      else fail(res, error)
    }
  }

  // Cookies open nothing here. A page that sends them from an unknown origin expects otherwise: it is turned away.
  async function mayConnect({ headers }: IncomingMessage): Promise<boolean> {
    return !headers.cookie || !headers.origin || origins.has(headers.origin)
  }

  function fail(res: ServerResponse, error: unknown): void {
    if ((error as Error).message === 'the request was aborted') return
    app.log.error({ err: error }, 'a request failed')
    if (!res.headersSent) res.writeHead(500, { 'content-type': 'application/json' })
    res.end('{"errors":[{"message":"something went wrong on the server","extensions":{"code":"INTERNAL"}}]}')
  }

  const http = createServer((req, res) => {
    try {
      if (routes.some((route) => route(req, res))) return
      res.writeHead(404, { 'content-type': 'text/plain' }).end('not found: the API is at /graphql\n')
    } catch (error) {
      fail(res, error)
    }
  })
  http.on('upgrade', async (req, socket, head) => {
    socket.on('error', () => socket.destroy())
    const welcome = pathOf(req) === '/graphql' && (await mayConnect(req).catch(() => false))
    if (welcome) sockets.upgrade(req, socket, head)
    else socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n')
  })
  http.keepAliveTimeout = 65_000

  return {
    http,
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        http.once('error', reject)
        http.listen(port, host, resolve)
      }),
    close: async () => {
      await sockets.close()
      http.closeIdleConnections()
      const closed = new Promise((resolve) => http.close(resolve))
      const forced = setTimeout(() => http.closeAllConnections(), 2_000)
      await closed
      clearTimeout(forced)
    },
  }
}

function pathOf(req: IncomingMessage): string {
  const url = req.url ?? '/'
  const end = url.indexOf('?')
  return end === -1 ? url : url.slice(0, end)
}
