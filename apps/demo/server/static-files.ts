import { readFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { extname, join, normalize, sep } from 'node:path'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Serves the built app. Paths without a file are the app's own, so that they get its page. */
export function createStaticFiles(folder: string, contentSecurityPolicy: string) {
  return async (path: string, response: ServerResponse): Promise<void> => {
    const file = join(folder, normalize(path))
    const asset = file.startsWith(folder + sep) && TYPES[extname(file)] ? await readFile(file).catch(() => null) : null
    const body = asset ?? (await readFile(join(folder, 'index.html')))
    response.writeHead(200, {
      'content-type': TYPES[asset ? extname(file) : '.html'],
      'cache-control': asset && path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      'content-security-policy': contentSecurityPolicy,
      'x-content-type-options': 'nosniff',
    })
    response.end(body)
  }
}

/** The page may talk to itself and to Florin: its API, its socket, and the checkout in a frame. */
export function policyFor(florinUrl: string): string {
  const { origin } = new URL(florinUrl)
  return [
    "default-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    `connect-src 'self' ${origin} ${origin.replace(/^http/, 'ws')}`,
    `frame-src ${origin}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ')
}
