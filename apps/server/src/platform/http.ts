import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Log } from './log.ts'

/** Answers what it knows, and says whether it did. */
export type Route = (req: IncomingMessage, res: ServerResponse) => boolean

/** The largest body of a request, in bytes. */
export const BODY_LIMIT = 1_048_576

/** How long a caller may take. Whoever sends a byte now and then would otherwise hold a connection for ever. */
export interface Patience {
  /** From the first byte of a request, or of a connection, to the end of its headers. */
  readonly headersMs: number
  /** From the end of the headers to the end of the body. A megabyte over a phone takes ten seconds. */
  readonly bodyMs: number
  /** Between two requests on a connection: longer than a load balancer keeps it, which would else send into a closed one. */
  readonly idleMs: number
}

export const PATIENCE: Patience = { headersMs: 10_000, bodyMs: 30_000, idleMs: 65_000 }

const ABORTED = 'the request was aborted'

/** The path of a request, without its query. */
export function pathOf(req: IncomingMessage): string {
  const url = req.url ?? '/'
  const end = url.indexOf('?')
  return end === -1 ? url : url.slice(0, end)
}

/** The body as it came. Of one that is too large, or that takes longer than `withinMs` to arrive, no more is read. */
export function readBytes(
  req: IncomingMessage,
  limit: number,
  withinMs?: number,
): Promise<Buffer | 'too large' | 'too slow'> {
  return new Promise((resolve, reject) => {
    if (Number(req.headers['content-length'] ?? 0) > limit) return resolve('too large')
    const timer = withinMs === undefined ? undefined : setTimeout(() => stopReading('too slow'), withinMs)
    const chunks: Buffer[] = []
    let size = 0
    const stopReading = (why: 'too large' | 'too slow') => {
      clearTimeout(timer)
      req.pause()
      resolve(why)
    }
    req.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > limit) stopReading('too large')
      else chunks.push(chunk)
    })
    req.on('end', () => {
      clearTimeout(timer)
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks))
    })
    const fail = (error: Error) => {
      clearTimeout(timer)
      reject(error)
    }
    req.on('error', fail)
    req.on('aborted', () => fail(new Error(ABORTED)))
  })
}

/** Ends a request that failed for a reason that is nobody's business outside. A caller who left needs no answer. */
export function failRequest(res: ServerResponse, error: unknown, log: Log): void {
  if ((error as Error).message === ABORTED) return
  log.error({ err: error }, 'a request failed')
  if (!res.headersSent) res.writeHead(500, { 'content-type': 'application/json' })
  res.end('{"errors":[{"message":"something went wrong on the server","extensions":{"code":"INTERNAL"}}]}')
}
