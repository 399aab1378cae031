import { runCheckout } from '../checkout/run-checkout.ts'
import { FlorinError } from '../client/errors.ts'
import type { WebSocketConstructor } from '../client/live/connection.ts'
import { createCustomerTokens } from '../client/live/customer-token.ts'
import { deriveDecision } from '../client/live/derive-decision.ts'
import { openFeed } from '../client/live/feed.ts'
import { createLiveAnswer } from '../client/live/live-answer.ts'
import { createLiveBillingState, type FeedHandlers, type Store } from '../client/live/live-billing-state.ts'
import { type Loaded, loadOnce } from '../client/live/load-once.ts'
import { onWakeUp } from '../client/live/wake-ups.ts'
import { createTransport } from '../client/transport.ts'
import type { AccessDecision, BillingState } from '../client/types.ts'
import { CheckDocument, CreateCheckoutSessionDocument, RateCardsDocument } from '../generated/operations.ts'
import type { AskedUsage, BillingSession } from './billing-session.ts'

export interface CustomerSessionOptions {
  readonly url: string
  readonly fetchToken: () => Promise<string>
  readonly initialState?: BillingState | null | undefined
  readonly webSocket?: WebSocketConstructor | undefined
}

const CHECK_EVERY_MS = 100

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
  const decisions = new Map<string, Store<Loaded<AccessDecision>>>()

  const check = async ({ meter, quantity, properties }: AskedUsage) => {
    const { customerId } = await tokens.get()
    return (await request(CheckDocument, { customerId, meter, quantity, properties })).check
  }
  return {
    live,
    rateCards: loadOnce(async () => (await request(RateCardsDocument, {})).rateCards),
    decision: (usage) => {
      const { meter, quantity, properties } = usage
      const key = JSON.stringify([meter, String(quantity), properties])
      const derive = (state: BillingState) => (properties ? null : deriveDecision(state, meter, quantity))
      const question = { derive, ask: () => check(usage), everyMs: CHECK_EVERY_MS }
      const decision = decisions.get(key) ?? createLiveAnswer(live, question)
      decisions.set(key, decision)
      return decision
    },
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
