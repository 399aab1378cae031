import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Stripe from 'stripe'
import { createStripeSandbox, type StripeSandbox } from '../../../packages/stripe-sandbox/src/index.ts'
import type { Random } from '../random.ts'
import { type Courier, startCourier } from './courier.ts'

/** What the processes of a run pay with. Its sandbox takes any key for tests. */
export const SANDBOX_KEY = 'sk_test_florin_faults'

/** The payment provider of a run: outside of every Florin process, and told what to do wrong. */
export interface Provider {
  readonly url: string
  /** Its own view of itself, which no fault touches. */
  readonly stripe: Stripe
  readonly courier: Courier
  /** As `POST /stripe-sandbox/faults` takes it. */
  breakIt(fault: object): Promise<void>
  repair(): Promise<void>
  close(): Promise<void>
}

/** @param targets where Florin takes its events; not before one happens. */
export async function startProvider(
  webhookSecret: string,
  targets: () => readonly string[],
  random: Random,
): Promise<Provider> {
  const courier = await startCourier(targets, random)
  const server = createServer((request, response) => {
    if (!sandbox.handle(request, response)) response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  const sandbox: StripeSandbox = createStripeSandbox({
    publicUrl: url,
    webhook: { url: courier.url, secret: webhookSecret },
  })
  const faults = async (method: string, body?: object) => {
    const response = await fetch(`${url}/stripe-sandbox/faults`, { method, body: body ? JSON.stringify(body) : null })
    if (!response.ok) throw new Error(`the sandbox took no fault: ${await response.text()}`)
  }
  return {
    url,
    stripe: new Stripe(SANDBOX_KEY, { host: '127.0.0.1', port, protocol: 'http', telemetry: false }),
    courier,
    breakIt: (fault) => faults('POST', fault),
    repair: () => faults('DELETE'),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await sandbox.close()
      await courier.close()
    },
  }
}
