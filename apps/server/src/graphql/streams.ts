import type { IncomingMessage, ServerResponse } from 'node:http'
import type { App } from '../app.ts'
import { realNow } from '../platform/clock.ts'
import { Fault } from '../platform/errors.ts'
import { SOCKETS_PER_CUSTOMER } from './websocket.ts'

const CHECK_EVERY_MS = 2_000

/** Whether one more stream may begin; it ends by itself. Where it may not, that is answered. */
export type AdmitStream = (req: IncomingMessage, res: ServerResponse) => Promise<boolean>

/** Streams over HTTP live as sockets do: they end with their credential, and a customer has so many of them. */
export function createStreams(app: Pick<App, 'authenticate'>): AdmitStream {
  const open = new Map<string, number>()
  return async (req, res) => {
    if (!/event-stream|multipart/i.test(req.headers.accept ?? '')) return true
    const { authorization } = req.headers
    const viewer = await app.authenticate(authorization).catch(() => null)
    if (!viewer) return true
    // Who has left meanwhile would never leave again.
    if (res.destroyed) return false
    const whose = viewer.role === 'customer' ? `${viewer.project.id} ${viewer.customerId}` : null
    const count = (whose && open.get(whose)) || 0
    if (count >= SOCKETS_PER_CUSTOMER) {
      refuse(res)
      return false
    }
    if (whose) open.set(whose, count + 1)
    const checking = setInterval(() => void endIfRefused(app, authorization, res), CHECK_EVERY_MS)
    const left = viewer.role === 'customer' ? viewer.expiresAt - realNow() : null
    const timer = left === null ? undefined : setTimeout(() => res.destroy(), Math.max(0, left))
    res.once('close', () => {
      clearInterval(checking)
      clearTimeout(timer)
      if (whose) leave(open, whose)
    })
    return true
  }
}

function leave(open: Map<string, number>, whose: string): void {
  const rest = (open.get(whose) ?? 1) - 1
  if (rest > 0) open.set(whose, rest)
  else open.delete(whose)
}

async function endIfRefused(
  app: Pick<App, 'authenticate'>,
  authorization: string | undefined,
  res: ServerResponse,
): Promise<void> {
  await app.authenticate(authorization).catch((error: unknown) => {
    if (error instanceof Fault) res.destroy()
  })
}

function refuse(res: ServerResponse): void {
  const message = `a customer has ${SOCKETS_PER_CUSTOMER} streams at most: end one first`
  res.writeHead(429, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
  res.end(JSON.stringify({ errors: [{ message, extensions: { code: 'RATE_LIMITED' } }] }))
}
