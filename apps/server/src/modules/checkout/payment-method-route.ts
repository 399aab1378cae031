import type { ServerResponse } from 'node:http'
import { failRequest, pathOf, type Route } from '../../platform/http.ts'
import type { SubscriptionDeps } from '../subscriptions/deps.ts'
import { openMethodPage } from './open-method-page.ts'

/** Sends whoever follows a mail's link to the page that saves a payment method. The token in the address is the credential. */
export function createPaymentMethodRoute(deps: SubscriptionDeps): Route {
  async function answer(res: ServerResponse, token: string): Promise<void> {
    try {
      const location = await openMethodPage(deps, token)
      if (!location) return void res.writeHead(404, { 'content-type': 'text/plain' }).end('there is no such page\n')
      const headers = { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }
      res.writeHead(303, { ...headers, 'x-robots-tag': 'noindex' }).end()
    } catch (error) {
      failRequest(res, error, deps.log)
    }
  }

  return (req, res) => {
    const token = /^\/payment-methods\/([\w-]+)$/.exec(pathOf(req))?.[1]
    if (!token || req.method !== 'GET') return false
    void answer(res, token)
    return true
  }
}
