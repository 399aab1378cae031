import { catalogueMethods } from './api/catalogue.ts'
import { commitmentMethods } from './api/commitments.ts'
import { creditMethods } from './api/credits.ts'
import { customerMethods } from './api/customers.ts'
import { invoiceMethods } from './api/invoices.ts'
import { paymentMethods } from './api/payments.ts'
import { projectMethods } from './api/project.ts'
import { readingMethods } from './api/reading.ts'
import { subscriptionMethods } from './api/subscriptions.ts'
import { usageMethods } from './api/usage.ts'
import { webhookMethods } from './api/webhooks.ts'
import { FlorinError } from './errors.ts'
import type { WebSocketConstructor } from './live/connection.ts'
import { type WatchOptions, watchBillingState } from './live/watch-billing-state.ts'
import { createTransport } from './transport.ts'

export interface FlorinOptions {
  /** The GraphQL endpoint, such as "http://127.0.0.1:4000/graphql". */
  readonly url: string
  /** `sk_…`: everything in one project. It never belongs in a browser. */
  readonly secretKey: string
  readonly fetch?: typeof fetch
  /** For each attempt at a call; 10,000 unless said otherwise. */
  readonly timeoutMs?: number
  /** For `watchBillingState` where there is no global WebSocket (Node before 22): the class of the `ws` package. */
  readonly webSocket?: WebSocketConstructor
}

/** The client of a backend. It holds no connection until something is asked. */
export function createFlorin(options: FlorinOptions) {
  if (!options.secretKey?.startsWith('sk_')) {
    throw new FlorinError('createFlorin needs a secret key that begins with "sk_"', {
      code: 'INVALID_INPUT',
      field: 'secretKey',
    })
  }
  const { url, secretKey, webSocket } = options
  if (!URL.canParse(url)) {
    throw new FlorinError('createFlorin needs the url of the API, such as "http://127.0.0.1:4000/graphql"', {
      code: 'INVALID_INPUT',
      field: 'url',
    })
  }
  const request = createTransport({ ...options, bearer: async () => secretKey })
  return {
    ...projectMethods(request),
    ...readingMethods(request),
    ...catalogueMethods(request),
    ...customerMethods(request),
    ...subscriptionMethods(request),
    ...usageMethods(request),
    ...creditMethods(request),
    ...commitmentMethods(request),
    ...invoiceMethods(request),
    ...webhookMethods(request),
    ...paymentMethods(request),

    /** Any operation in GraphQL's own words, for what the methods don't select. */
    request,

    /**
     * The current state at once, then each newer one, for as long as the loop runs. Lost connections are taken up again
     * without a word; it throws only when the API refuses the key or the customer.
     */
    watchBillingState: (customerId: string, watch: WatchOptions = {}) =>
      watchBillingState({ url, bearer: secretKey, customerId, webSocket }, watch),
  }
}

export type Florin = ReturnType<typeof createFlorin>
