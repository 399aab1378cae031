import { runCheckout } from '../checkout/run-checkout.ts'
import { FlorinError } from '../client/errors.ts'
import type { WebSocketConstructor } from '../client/live/connection.ts'
import { createCustomerTokens } from '../client/live/customer-token.ts'
import { deriveDecision } from '../client/live/derive-decision.ts'
import { openFeed } from '../client/live/feed.ts'
import { createLiveAnswer } from '../client/live/live-answer.ts'
import { createLiveBillingState, type FeedHandlers } from '../client/live/live-billing-state.ts'
import { loadOnce } from '../client/live/load-once.ts'
import { oneForEach } from '../client/live/stores.ts'
import { onWakeUp } from '../client/live/wake-ups.ts'
import { createTransport } from '../client/transport.ts'
import type { BillingState } from '../client/types.ts'
import {
  CheckDocument,
  CreateCheckoutSessionDocument,
  PreviewRateCardChangeDocument,
  RateCardsDocument,
} from '../generated/operations.ts'
import type { AskedChange, AskedUsage, BillingSession } from './billing-session.ts'

export interface CustomerSessionOptions {
  readonly url: string
  readonly fetchToken: () => Promise<string>
  readonly initialState?: BillingState | null | undefined
  readonly webSocket?: WebSocketConstructor | undefined
}

const CHECK_EVERY_MS = 100
const PREVIEW_EVERY_MS = 1_000

/** The session of a browser: a customer token, one socket while somebody looks, and requests over HTTP. */
export function createCustomerSession({
  url,
  fetchToken,
  initialState,
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

  const check = async ({ meter, quantity, properties }: AskedUsage) => {
    const { customerId } = await tokens.get()
    return (await request(CheckDocument, { customerId, meter, quantity, properties })).check
  }
  return {
    live,
    rateCards: loadOnce(async () => (await request(RateCardsDocument, {})).rateCards),
    decision: oneForEach(
      (usage: AskedUsage) => {
        const { meter, quantity, properties } = usage
        const derive = (state: BillingState) => (properties ? null : deriveDecision(state, meter, quantity))
        return createLiveAnswer(live, { derive, ask: () => check(usage), everyMs: CHECK_EVERY_MS })
      },
      ({ meter, quantity, properties }) => [meter, String(quantity), properties],
    ),
    changePreview: oneForEach((input: AskedChange) => {
      const ask = async () => (await request(PreviewRateCardChangeDocument, { input })).previewRateCardChange
      // Not with each credit: the server carries the change out behind the locks of the customer and of the invoices.
      const follows = ({ subscriptions }: BillingState) => subscriptions
      return createLiveAnswer(live, { derive: () => null, ask, everyMs: PREVIEW_EVERY_MS, follows, ages: true })
    }),
    openCheckout: oneAtATime((target, options) =>
      runCheckout(
        async (input) => {
          const { customerId } = await tokens.get()
          const idempotencyKey = globalThis.crypto?.randomUUID?.()
          const asked = { ...input, customerId, ...(idempotencyKey && { idempotencyKey }) }
          return (await request(CreateCheckoutSessionDocument, { input: asked })).createCheckoutSession
        },
        target,
        options,
      ),
    ),
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
