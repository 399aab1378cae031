import type { IncomingMessage, ServerResponse } from 'node:http'
import { Fault } from '../../../platform/errors.ts'
import { failRequest, pathOf, type Route, readBody } from '../../../platform/http.ts'
import type { PaymentDeps } from '../../payments/deps.ts'
import type { PaymentProvider } from '../../payments/provider.ts'
import { receiveEvent } from './receive-event.ts'

/** Takes the events of each provider at its own path: 200 once an event is stored, 401 for a bad signature. */
export function createWebhookRoute(deps: PaymentDeps, providers: ReadonlyMap<string, PaymentProvider>): Route {
  async function answer(req: IncomingMessage, res: ServerResponse, provider: PaymentProvider): Promise<void> {
    try {
      const body = await readBody(req)
      if (body === null) return void res.writeHead(413, { connection: 'close' }).end()
      await receiveEvent(deps, provider, body, String(req.headers['stripe-signature'] ?? ''))
      res.writeHead(200).end()
    } catch (error) {
      if (error instanceof Fault) res.writeHead(401, { 'content-type': 'text/plain' }).end(error.message)
      else failRequest(res, error, deps.log)
    }
  }

  return (req, res) => {
    const provider = providers.get(pathOf(req))
    if (!provider) return false
    void answer(req, res, provider)
    return true
  }
}
