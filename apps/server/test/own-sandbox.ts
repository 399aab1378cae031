import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createStripeSandbox } from '@florin/stripe-sandbox'
import { SANDBOX_KEY } from './stack.ts'

/** A payment provider outside of every Florin process, which tells nobody of its events. */
export interface OwnSandbox {
  readonly url: string
  /** How often its events were listed. */
  readonly listings: number
  /** Milliseconds that its clock is behind. */
  behindMs: number
  close(): Promise<void>
}

export async function startOwnSandbox(): Promise<OwnSandbox> {
  let listings = 0
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/v1/events?')) listings++
    if (!sandbox.handle(request, response)) response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const own: OwnSandbox = {
    url,
    get listings() {
      return listings
    },
    behindMs: 0,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await sandbox.close()
    },
  }
  const sandbox = createStripeSandbox({
    publicUrl: url,
    secretKey: SANDBOX_KEY,
    now: () => Date.now() - own.behindMs,
  })
  return own
}
