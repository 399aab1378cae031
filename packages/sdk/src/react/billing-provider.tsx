import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { CheckoutUrls } from '../checkout/checkout.ts'
import type { WebSocketConstructor } from '../client/live/connection.ts'
import type { BillingState, RateCard } from '../client/types.ts'
import { BillingSessionProvider } from './billing-session-provider.tsx'
import { createCustomerSession } from './customer-session.ts'

export interface BillingProviderProps {
  /** The GraphQL endpoint; the live connection's address follows from it. */
  readonly url: string
  /**
   * Asks your backend for a token of the signed-in customer (`createCustomerToken`), or null where nobody is signed in. Called
   * again as tokens expire.
   */
  readonly token: () => Promise<string | null>
  /** What the server rendered, from `florin.billingState`: shown until the live state arrives. */
  readonly initialState?: BillingState | null
  /** The public cards that the server rendered, from `florin.rateCards`; loaded when they are needed unless they are given. */
  readonly initialRateCards?: readonly RateCard[] | null
  /**
   * Where checkouts that leave the page lead back to; this page unless said otherwise. Read once. Whoever sees a checkout's link
   * can read them: say them where this page's own address opens something.
   */
  readonly checkoutUrls?: CheckoutUrls
  readonly webSocket?: WebSocketConstructor
  readonly children?: ReactNode
}

/** One customer's billing for the components below. Give it a `key` of the user's id where users change without a reload. */
export function BillingProvider(props: BillingProviderProps) {
  const { url, token, initialState, initialRateCards, checkoutUrls, webSocket, children } = props
  const newestToken = useRef(token)
  useEffect(() => {
    newestToken.current = token
  }, [token])
  const fetchToken = useCallback(() => newestToken.current(), [])
  const [stateAtStart] = useState(initialState)
  const [cardsAtStart] = useState(initialRateCards)
  const [urlsAtStart] = useState(checkoutUrls)
  const session = useMemo(
    () =>
      createCustomerSession({
        url,
        fetchToken,
        initialState: stateAtStart,
        initialRateCards: cardsAtStart,
        checkoutUrls: urlsAtStart,
        webSocket,
      }),
    [url, fetchToken, stateAtStart, cardsAtStart, urlsAtStart, webSocket],
  )
  return <BillingSessionProvider session={session}>{children}</BillingSessionProvider>
}
