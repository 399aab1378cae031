import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Log } from './log.ts'

/** Answers what it knows, and says whether it did. */
export type Route = (req: IncomingMessage, res: ServerResponse) => boolean

/** The largest body of a request, in bytes. */
export const BODY_LIMIT = 1_048_576

const ABORTED = 'the request was aborted'

/** The path of a request, without its query. */
export function pathOf(req: IncomingMessage): string {
  const url = req.url ?? '/'
  const end = url.indexOf('?')
  return end === -1 ? url : url.slice(0, end)
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
    req.on('aborted', () => reject(new Error(ABORTED)))
  })
}

/** Ends a request that failed for a reason that is nobody's business outside. A caller who left needs no answer. */
export function failRequest(res: ServerResponse, error: unknown, log: Log): void {
  if ((error as Error).message === ABORTED) return
  log.error({ err: error }, 'a request failed')
  if (!res.headersSent) res.writeHead(500, { 'content-type': 'application/json' })
  res.end('{"errors":[{"message":"something went wrong on the server","extensions":{"code":"INTERNAL"}}]}')
}
