import type { IncomingMessage, ServerResponse } from 'node:http'
import { BODY_LIMIT, readBytes } from '../platform/http.ts'
import type { Engine, GraphQLRequest } from './execute.ts'
import { isSubscription } from './execute.ts'

// The short path for what nearly every request is: POST with a JSON body and a JSON answer. Yoga serves the rest. Both run
// the same engine; why two: docs/decisions/0005-lean-transport.md.

/** Whether the short path may answer: nothing in the headers asks for another form of GraphQL over HTTP. */
export function isPlainRequest(req: IncomingMessage): boolean {
  if (req.method !== 'POST') return false
  const type = req.headers['content-type'] ?? ''
  const accept = req.headers.accept ?? ''
  return /^application\/json\s*(;|$)/i.test(type) && !/event-stream|multipart|graphql-response/i.test(accept)
}

/** Answers a plain request. Errors of a well-formed request are GraphQL errors with HTTP 200. */
export async function answerPlain(
  engine: Engine,
  req: IncomingMessage,
  res: ServerResponse,
  bodyMs: number,
): Promise<void> {
  const body = await readText(req, res, bodyMs)
  if (body === null) return
  const request = parseBody(body)
  if (!request) return send(res, 400, refusal('INVALID_INPUT', 'the body is not one JSON object with a "query"'))
  const ready = typeof request.query === 'string' ? engine.prepare(request.query) : null
  if (ready && 'document' in ready && isSubscription(ready.document, request.operationName)) {
    return send(res, 200, refusal('INVALID_INPUT', 'subscriptions travel over WebSocket (graphql-transport-ws) or SSE'))
  }
  const context = await engine.contextFor(req.headers.authorization)
  send(res, 200, JSON.stringify(await engine.run(request, context)))
}

/** The body as text. Null: it is too large or too slow, and that is answered; the rest of it is still on its way, so we hang up. */
export async function readText(req: IncomingMessage, res: ServerResponse, bodyMs: number): Promise<string | null> {
  const body = await readBytes(req, BODY_LIMIT, bodyMs)
  if (Buffer.isBuffer(body)) return body.toString()
  if (body === 'too large') {
    const message = `the body is larger than ${BODY_LIMIT} bytes: send fewer events a call`
    send(res, 413, refusal('QUERY_TOO_COMPLEX', message), true)
  } else {
    const message = `the body took longer than ${bodyMs / 1_000} s to arrive: send it again, in one piece or in smaller ones`
    send(res, 408, refusal('INVALID_INPUT', message), true)
  }
  return null
}

function parseBody(body: string): GraphQLRequest | null {
  try {
    const value: unknown = JSON.parse(body)
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : null
  } catch {
    return null
  }
}

function refusal(code: string, message: string): string {
  return JSON.stringify({ errors: [{ message, extensions: { code } }] })
}

function send(res: ServerResponse, status: number, body: string, last = false): void {
  if (last) res.setHeader('connection', 'close')
  res.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  })
  res.end(body)
}
