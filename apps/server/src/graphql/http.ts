import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Engine, GraphQLRequest } from './execute.ts'
import { isSubscription } from './execute.ts'

// The short path for what nearly every request is: POST with a JSON body and a JSON answer. Yoga serves the rest. Both run
// the same engine; why two: docs/decisions/0005-lean-transport.md.

export const BODY_LIMIT = 1_048_576

/** Whether the short path may answer: nothing in the headers asks for another form of GraphQL over HTTP. */
export function isPlainRequest(req: IncomingMessage): boolean {
  if (req.method !== 'POST') return false
  const type = req.headers['content-type'] ?? ''
  const accept = req.headers.accept ?? ''
  return /^application\/json\s*(;|$)/i.test(type) && !/event-stream|multipart|graphql-response/i.test(accept)
}

/** Answers a plain request. Errors of a well-formed request are GraphQL errors with HTTP 200. */
export async function answerPlain(engine: Engine, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const body = await readBody(req)
  if (body === null) return refuseBody(res)
  const request = parseBody(body)
  if (!request) return send(res, 400, refusal('INVALID_INPUT', 'the body is not one JSON object with a "query"'))
  const ready = typeof request.query === 'string' ? engine.prepare(request.query) : null
  if (ready && 'document' in ready && isSubscription(ready.document, request.operationName)) {
    return send(res, 200, refusal('INVALID_INPUT', 'subscriptions travel over WebSocket (graphql-transport-ws) or SSE'))
  }
  const context = await engine.contextFor(req.headers.authorization)
  send(res, 200, JSON.stringify(await engine.run(request, context)))
}

/** Answers a body over the limit, and hangs up: the rest of it is still on its way. */
export function refuseBody(res: ServerResponse): void {
  const message = `the body is larger than ${BODY_LIMIT} bytes: send fewer events a call`
  send(res, 413, refusal('QUERY_TOO_COMPLEX', message), true)
}

function parseBody(body: string): GraphQLRequest | null {
  try {
    const value: unknown = JSON.parse(body)
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : null
  } catch {
    return null
  }
}

/** The body as text, or null when it is larger than the limit; nothing beyond the limit is kept. */
export function readBody(req: IncomingMessage, limit = BODY_LIMIT): Promise<string | null> {
  return new Promise((resolve, reject) => {
    if (Number(req.headers['content-length'] ?? 0) > limit) return resolve(null)
    const chunks: Buffer[] = []
    let size = 0
    req.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > limit) {
        req.pause()
        resolve(null)
      } else chunks.push(chunk)
    })
    req.on('end', () =>
      resolve(chunks.length === 1 ? (chunks[0] as Buffer).toString() : Buffer.concat(chunks).toString()),
    )
    req.on('error', reject)
    req.on('aborted', () => reject(new Error('the request was aborted')))
  })
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
