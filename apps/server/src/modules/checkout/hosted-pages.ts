import { existsSync, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sirv from 'sirv'
import type { Database } from '../../platform/database.ts'
import { isAllowedOrigin } from '../accounts/set-allowed-origins.ts'
import { readCheckoutByToken } from '../payments/checkout-session.ts'
import type { OpenedCheckout } from './find-checkout.ts'

const DIST = fileURLToPath(new URL('../../../../pages/dist', import.meta.url))

/** By the first part of the address: the page that is shown there. */
const SHELLS = { checkout: 'index.html', invoices: 'invoice.html', portal: 'portal.html' } as const
type Kind = keyof typeof SHELLS

/** Serves the built pages: assets under /pages/, and the page itself for every address that a customer is sent to. */
export function createHostedPages({
  database,
}: {
  database: Database
}): (req: IncomingMessage, res: ServerResponse) => boolean {
  // `dev`: files are looked up at each request, as pages are below, so that a rebuild under a running server is served.
  const assets = existsSync(DIST) ? sirv(DIST, { dev: true, immutable: true, maxAge: 31_536_000 }) : null
  return (req, res) => {
    const pathname = (req.url ?? '/').replace(/\?.*$/s, '')
    if (assets && isAsset(pathname)) {
      req.url = (req.url ?? '').slice('/pages'.length)
      assets(req, res, () => void res.writeHead(404).end())
      return true
    }
    const [, kind, token] = /^\/(checkout|invoices|portal)\/([\w-]+)(?:\/[\w-]+)?$/.exec(pathname) ?? []
    if (!kind || !token) return false
    const shell = readShell(kind as Kind)
    if (!shell) {
      res.writeHead(503, { 'content-type': 'text/plain' }).end('the hosted pages are not built: run npm start\n')
      return true
    }
    if (kind === 'checkout') void sendCheckout(database, token, shell, res)
    else sendPage(res, shell.replaceAll('__TOKEN__', token), ["'none'"])
    return true
  }
}

/** The page itself is served below, with its policy, and nowhere without it. */
function isAsset(pathname: string): boolean {
  return pathname.startsWith('/pages/') && /\.(?!html$)\w+$/i.test(pathname)
}

function readShell(kind: Kind): string | null {
  const file = join(DIST, SHELLS[kind])
  return existsSync(file) ? readFileSync(file, 'utf8') : null
}

async function sendCheckout(database: Database, token: string, shell: string, res: ServerResponse): Promise<void> {
  const found = await readCheckoutByToken(database, token).catch(() => null)
  sendPage(res, shell, found ? framingOrigins(found) : ["'none'"])
}

/** Who may frame a checkout: the pages that its session leads back to, for as long as the project allows their origins. */
function framingOrigins({ session, project }: OpenedCheckout): string[] {
  const origins = new Set([session.successUrl, session.cancelUrl].map((url) => new URL(url).origin))
  return ["'self'", ...[...origins].filter((origin) => isAllowedOrigin(project, origin))]
}

function sendPage(res: ServerResponse, page: string, frameAncestors: readonly string[]): void {
  res.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'content-security-policy': [
      "default-src 'self'",
      "img-src 'self' data:",
      "base-uri 'none'",
      "form-action 'self'",
      "object-src 'none'",
      `frame-ancestors ${frameAncestors.join(' ')}`,
    ].join('; '),
  })
  res.end(page)
}
