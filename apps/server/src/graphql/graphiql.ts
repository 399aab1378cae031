import type { IncomingMessage, ServerResponse } from 'node:http'

// GraphiQL from the package that brings all of it along: Yoga's own page loads it from a CDN, and Florin works offline.

const OPTIONS = {
  title: 'Florin',
  defaultQuery: '{ clock }',
  defaultHeaders: JSON.stringify({ Authorization: 'Bearer <secret key>' }, null, 2),
  defaultEditorToolsVisibility: 'headers',
  // Not in the browser's storage: it is a secret key.
  shouldPersistHeaders: false,
  // It sends what stands in the header tab along; over WebSocket it has no way to.
  subscriptionsProtocol: 'SSE',
} as const

/** The page is one file: its scripts and styles stand in it, and its workers are made by it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline'",
  "style-src 'unsafe-inline'",
  'worker-src blob:',
  'img-src data:',
  'font-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

let page: Promise<Buffer> | undefined

/** A browser that opens the address. */
export function wantsGraphiQL({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && (headers.accept ?? '').includes('text/html')
}

export async function sendGraphiQL(res: ServerResponse): Promise<void> {
  page ??= renderPage()
  const body = await page
  res.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': body.length,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'content-security-policy': POLICY,
  })
  res.end(body)
}

/** It is 9 MB: a server whose page nobody opens neither waits for them nor keeps them. */
async function renderPage(): Promise<Buffer> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql')
  return Buffer.from(renderGraphiQL(OPTIONS))
}
