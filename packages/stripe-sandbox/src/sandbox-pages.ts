import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerChallenge, showChallenge } from './challenge.ts'
import type { Context } from './context.ts'
import { noticePage, PAGE_HEADERS, type Page } from './page-layout.ts'
import { type Redirect, showCheckout, submitCheckout } from './pages.ts'
import { readBody } from './request-body.ts'

const NOT_FOUND = noticePage(404, 'Page not found', 'The sandbox has no such page.', null)
const TOO_LARGE = noticePage(413, 'Too large', 'The form is larger than 1 MB.', null)
const FAILED = noticePage(500, 'Something went wrong', 'The sandbox failed. Please try again.', null)

/** Answers the requests of browsers. Never rejects. */
export async function answerPage(context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const body = await readBody(request)
    send(response, body === null ? TOO_LARGE : pageFor(context, request, new URLSearchParams(body)))
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : String(error))
    send(response, FAILED)
  }
}

function pageFor(context: Context, request: IncomingMessage, form: URLSearchParams): Page | Redirect {
  const url = new URL(request.url ?? '/', 'http://sandbox')
  const [, , page, id = '', ...rest] = url.pathname.split('/')
  const shows = request.method === 'GET' || request.method === 'HEAD'
  if (rest.length > 0 || !(shows || request.method === 'POST')) return NOT_FOUND
  if (page === 'checkout') return shows ? showCheckout(context, id) : submitCheckout(context, id, form)
  if (page === 'mandate' && shows) return mandatePage(context, id)
  if (page !== 'challenge') return NOT_FOUND
  const secret = url.searchParams.get('client_secret')
  return shows ? showChallenge(context, id, secret) : answerChallenge(context, id, secret, form)
}

/** What a customer has allowed. */
function mandatePage(context: Context, id: string): Page {
  const mandate = context.store.mandates.get(id)
  if (!mandate) return NOT_FOUND
  const { reference } = mandate.payment_method_details.sepa_debit
  return noticePage(
    200,
    'SEPA Direct Debit mandate',
    `This account may be debited. Mandate reference: ${reference}.`,
    null,
  )
}

/** 303, so that a reload after a form doesn't send it again. */
function send(response: ServerResponse, answer: Page | Redirect): void {
  if (response.destroyed) return
  if ('location' in answer) response.writeHead(303, { location: answer.location, 'cache-control': 'no-store' }).end()
  else response.writeHead(answer.status, PAGE_HEADERS).end(answer.body)
}
