import { createServer, type ServerOptions as HttpOptions, type IncomingMessage, type Server } from 'node:http'
import type { App } from './app.ts'
import { createEngine } from './graphql/execute.ts'
import { createGraphQLRoute, GRAPHQL_PATH } from './graphql/route.ts'
import { buildSchema } from './graphql/schema.ts'
import { createSocketServer } from './graphql/websocket.ts'
import { createKnownOrigins } from './modules/accounts/known-origins.ts'
import { createLogoRoute } from './modules/accounts/logo-route.ts'
import { createHostedPages } from './modules/checkout/hosted-pages.ts'
import { createPaymentMethodRoute } from './modules/checkout/payment-method-route.ts'
import { createEmailPreviewRoute } from './modules/emails/email-preview-route.ts'
import { createInvoicePdfRoute } from './modules/invoices/invoice-pdf-route.ts'
import type { PaymentProvider } from './modules/payments/provider.ts'
import { createTopUpRoute } from './modules/topups/top-up-route.ts'
import { createWebhookRoute } from './modules/webhooks/inbound/webhook-route.ts'
import { failRequest, PATIENCE, type Patience, pathOf, type Route } from './platform/http.ts'

export interface ServerOptions {
  /** By path: which provider's events arrive there. */
  readonly webhooks: ReadonlyMap<string, PaymentProvider>
  /** The payment sandbox, when this process runs it. */
  readonly sandbox: Route | null
  /** How long callers may take; left out: as long as suits a slow phone. */
  readonly patience?: Patience
}

export interface FlorinServer {
  readonly http: Server
  listen(port: number, host: string): Promise<void>
  close(): Promise<void>
}

/** One HTTP server for the API (HTTP and WebSocket), the hosted pages, and the provider's webhooks. */
export function createFlorinServer(app: App, options: ServerOptions): FlorinServer {
  const { patience = PATIENCE } = options
  const engine = createEngine(buildSchema(), app)
  const sockets = createSocketServer(engine, app)
  const origins = createKnownOrigins(app.database)
  const routes: Route[] = [
    createGraphQLRoute(engine, app, (origin) => origins.has(origin), patience.bodyMs),
    createWebhookRoute(app, options.webhooks),
    ...(options.sandbox ? [options.sandbox] : []),
    createLogoRoute(app),
    createInvoicePdfRoute(app),
    createTopUpRoute(app),
    createPaymentMethodRoute(app),
    ...(app.mailer ? [] : [createEmailPreviewRoute(app)]),
    createHostedPages(app),
    answerHealth,
  ]

  // Cookies open nothing here. A page that sends them from an unknown origin expects otherwise: it is turned away.
  async function mayConnect({ headers }: IncomingMessage): Promise<boolean> {
    return !headers.cookie || !headers.origin || origins.has(headers.origin)
  }

  const http = createServer(limitsOf(patience), (req, res) => {
    try {
      if (routes.some((route) => route(req, res))) return
      res.writeHead(404, { 'content-type': 'text/plain' }).end(`not found: the API is at ${GRAPHQL_PATH}
`)
    } catch (error) {
      failRequest(res, error, app.log)
    }
  })
  http.on('upgrade', async (req, socket, head) => {
    socket.on('error', () => socket.destroy())
    const welcome = pathOf(req) === GRAPHQL_PATH && (await mayConnect(req).catch(() => false))
    if (welcome) sockets.upgrade(req, socket, head)
    else socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n')
  })
  return {
    http,
    listen: (port, host) => listen(http, port, host),
    close: async () => {
      await sockets.close()
      await closeServer(http)
    },
  }
}

/** Node answers 408 where no route has, and hangs up. A route that reads a body says so first, and in its own words. */
function limitsOf({ headersMs, bodyMs, idleMs }: Patience): HttpOptions {
  return {
    headersTimeout: headersMs,
    requestTimeout: headersMs + bodyMs + LOOK_EVERY_MS,
    keepAliveTimeout: idleMs,
    connectionsCheckingInterval: Math.min(LOOK_EVERY_MS, headersMs),
  }
}

const LOOK_EVERY_MS = 5_000

const answerHealth: Route = (req, res) => {
  if (pathOf(req) !== '/health') return false
  res.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}')
  return true
}

function listen(http: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', reject)
    http.listen(port, host, resolve)
  })
}

const DRAIN_MS = 2_000

/** Lets running requests end, for a while. */
async function closeServer(http: Server): Promise<void> {
  http.closeIdleConnections()
  const forced = setTimeout(() => http.closeAllConnections(), DRAIN_MS)
  await new Promise((resolve) => http.close(resolve))
  clearTimeout(forced)
}
