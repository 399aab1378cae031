import type { IncomingMessage } from 'node:http'

/** Whether a request comes from this machine. A proxy here connects from loopback too, but says for whom. */
export function isLocal(request: IncomingMessage): boolean {
  const address = request.socket.remoteAddress ?? ''
  const loopback = address === '::1' || /^(::ffff:)?127\./.test(address)
  return loopback && request.headers['x-forwarded-for'] === undefined
}
