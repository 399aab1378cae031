import type { CheckoutApi, CheckoutUrls } from '../checkout/checkout.ts'
import { readCheckoutStatus } from '../checkout/read-checkout-status.ts'
import { runCheckout } from '../checkout/run-checkout.ts'
import { FlorinError } from '../client/errors.ts'
import type { WebSocketConstructor } from '../client/live/connection.ts'
import { createCustomerTokens, type FetchToken } from '../client/live/customer-token.ts'
import { deriveDecision } from '../client/live/derive-decision.ts'
import { openFeed } from '../client/live/feed.ts'
import { createLiveAnswer } from '../client/live/live-answer.ts'
import { createLiveBillingState, type FeedHandlers } from '../client/live/live-billing-state.ts'
import { loadOnce } from '../client/live/load-once.ts'
import { oneForEach } from '../client/live/stores.ts'
import { onWakeUp } from '../client/live/wake-ups.ts'
import { createTransport } from '../client/transport.ts'
import type { BillingState, RateCard } from '../client/types.ts'
import { createBillingApi } from './api/billing-api.ts'
import { createCustomerRequest } from './api/customer-request.ts'
import type { AskedChange, AskedUsage, BillingSession } from './billing-session.ts'
import { createQuestions } from './questions.ts'

export interface CustomerSessionOptions {
  readonly url: string
  readonly fetchToken: FetchToken
  readonly initialState?: BillingState | null | undefined
  readonly initialRateCards?: readonly RateCard[] | null | undefined
  readonly checkoutUrls?: CheckoutUrls | undefined
  readonly webSocket?: WebSocketConstructor | undefined
}

const CHECK_EVERY_MS = 100
const PREVIEW_EVERY_MS = 1_000

/** The session of a browser: a customer token, one socket while somebody looks, and requests over HTTP. */
export function createCustomerSession({
  url,
  fetchToken,
  initialState,
  initialRateCards,
  checkoutUrls,
  webSocket,
}: CustomerSessionOptions): BillingSession {
  const tokens = createCustomerTokens(fetchToken)
  const request = createTransport({
    url,
    bearer: async () => (await tokens.get()).bearer,
    onRefused: (bearer) => {
      tokens.forget(bearer)
      return true
    },
  })
  const openBrowserFeed = (handlers: FeedHandlers) => {
    const feed = openFeed({ ...handlers, url, webSocket, identify: tokens.get, onRefused: tokens.forget })
    const stopListening = onWakeUp(feed.wake)
    return {
      ...feed,
      close: () => {
        stopListening()
        feed.close()
      },
    }
  }
  const live = createLiveBillingState(openBrowserFeed, initialState)

  const customerRequest = createCustomerRequest(request, async () => (await tokens.get()).customerId, checkoutUrls)
  const api = createBillingApi(customerRequest)
  const checkouts: CheckoutApi = {
    createCheckoutSession: api.createCheckoutSession,
    addPaymentMethod: api.addPaymentMethod,
    readStatus: (token) => readCheckoutStatus(request, token),
  }
  return {
    live,
    api,
    ...createQuestions(live, api),
    rateCards: loadOnce(api.rateCards, initialRateCards ? [...initialRateCards] : undefined),
    decision: oneForEach(
      (usage: AskedUsage) => {
        const { meter, quantity, properties } = usage
        const derive = (state: BillingState) =>
          properties ? undefined : (deriveDecision(state, meter, quantity) ?? undefined)
        return createLiveAnswer(live, { derive, ask: () => api.check(usage), everyMs: CHECK_EVERY_MS })
      },
      ({ meter, quantity, properties }) => [meter, String(quantity), properties],
    ),
    changePreview: oneForEach((input: AskedChange) => {
      // Not with each credit: the server carries the change out behind the locks of the customer and of the invoices.
      const follows = ({ subscriptions }: BillingState) => subscriptions
      const ask = () => api.previewRateCardChange(input)
      return createLiveAnswer(live, { ask, everyMs: PREVIEW_EVERY_MS, follows, ages: true })
    }),
    openCheckout: oneAtATime((target, options) => runCheckout(checkouts, target, { ...checkoutUrls, ...options })),
    openPortal: async ({ returnUrl } = {}) => {
      const { url } = await api.createPortalSession(returnUrl)
      location.assign(url)
    },
  }
}

/** A second click on the same button gets the checkout that is open; a second checkout beside it is refused. */
function oneAtATime(open: BillingSession['openCheckout']): BillingSession['openCheckout'] {
  let current: { key: string; result: ReturnType<BillingSession['openCheckout']> } | undefined
  return (target, options) => {
    const key = JSON.stringify([target, options])
    if (current?.key === key) return current.result
    if (current) return Promise.reject(new FlorinError('Another checkout is open', { code: 'CONFLICT' }))
    const result = open(target, options).finally(() => {
      current = undefined
    })
    current = { key, result }
    return result
  }
}
