import type { ServerResponse } from 'node:http'
import { failRequest, pathOf, type Route } from '../../platform/http.ts'
import type { SubscriptionDeps } from '../subscriptions/deps.ts'
import { openTopUp } from './open-top-up.ts'

/** Sends whoever follows a top-up's link to the page where it can be paid. The token in the address is the credential. */
export function createTopUpRoute(deps: SubscriptionDeps): Route {
  async function answer(res: ServerResponse, token: string): Promise<void> {
    try {
      const location = await openTopUp(deps, token)
      if (!location) return void res.writeHead(404, { 'content-type': 'text/plain' }).end('there is no such top-up\n')
      const headers = { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }
      res.writeHead(303, { ...headers, 'x-robots-tag': 'noindex' }).end()
    } catch (error) {
      failRequest(res, error, deps.log)
    }
  }

  return (req, res) => {
    const token = /^\/top-ups\/([\w-]+)$/.exec(pathOf(req))?.[1]
    if (!token || req.method !== 'GET') return false
    void answer(res, token)
    return true
  }
}
