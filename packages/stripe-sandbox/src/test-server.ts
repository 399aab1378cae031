import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Stripe from 'stripe'
import { createStripeSandbox, type StripeSandboxOptions } from './sandbox.ts'

export interface TestServer {
  readonly url: string
  /** The official SDK, pointed at the sandbox. */
  readonly stripe: Stripe
  /** The types of all events so far, oldest first. */
  eventTypes(): Promise<string[]>
  stop(): Promise<void>
}

/** A sandbox that listens on a free port, for tests to drive as Florin does: over HTTP. */
export async function startSandbox(options: Partial<StripeSandboxOptions> = {}): Promise<TestServer> {
  const server = createServer((request, response) => {
    if (!sandbox.handle(request, response)) response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  const sandbox = createStripeSandbox({ publicUrl: url, ...options })
  const stripe = sdkFor(port, options.secretKey)

  return {
    url,
    stripe,
    async eventTypes() {
      const { data } = await stripe.events.list({ limit: 100 })
      return data.map((event) => event.type).reverse()
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await sandbox.close()
    },
  }
}

/** Retries would hide what a single request does; tests about retries switch them on. */
export function sdkFor(port: number, key = 'sk_test_florin', maxNetworkRetries = 0): Stripe {
  return new Stripe(key, { host: '127.0.0.1', port, protocol: 'http', maxNetworkRetries, telemetry: false })
}

/** Waits until a condition holds; gives up after twenty seconds. */
export async function until<T>(read: () => Promise<T> | T, holds: (value: T) => boolean): Promise<T> {
  const deadline = performance.now() + 20_000
  for (;;) {
    const value = await read()
    if (holds(value)) return value
    if (performance.now() > deadline) throw new Error(`still not so after 20 s: ${JSON.stringify(value)}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** The error of a request that has to fail. */
export async function rejected(request: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  const answer = await request.catch((error: unknown) => error)
  if (answer instanceof Stripe.errors.StripeError) return answer
  throw new Error(`expected a Stripe error, not ${JSON.stringify(answer)}`)
}
