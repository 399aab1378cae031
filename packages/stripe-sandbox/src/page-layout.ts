import { createHash } from 'node:crypto'
import { Html, html } from './html.ts'
import { STYLE } from './page-style.ts'

/** A page as it is sent. */
export interface Page {
  readonly status: number
  readonly body: string
}

const styleHash = createHash('sha256').update(STYLE).digest('base64')

/**
 * Headers of every page: no script and nothing from elsewhere. Framing is allowed, because an overlay shows the page;
 * `form-action` is left open, because browsers apply it to the redirect to the merchant too.
 */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'`,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const

/** A whole page: the test-mode banner above, the content below. */
export function pageOf(status: number, title: string, content: Html): Page {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
${new Html(`<style>${STYLE}</style>`)}
</head>
<body>
<p class="banner"><strong>Test mode</strong> Stripe sandbox: no real money moves.</p>
<main>${content}</main>
</body>
</html>`
  return { status, body: page.markup }
}

/** A page that only says something and, if it can, leads on. */
export function noticePage(status: number, title: string, text: string, link: Html | null): Page {
  return pageOf(
    status,
    title,
    html`<section class="card notice"><h1>${title}</h1><p>${text}</p>${link && html`<p>${link}</p>`}</section>`,
  )
}
