import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { WebSocketConstructor } from '../client/live/connection.ts'
import type { BillingState, RateCard } from '../client/types.ts'
import { BillingSessionProvider } from './billing-session-provider.tsx'
import { createCustomerSession } from './customer-session.ts'

export interface BillingProviderProps {
  /** The GraphQL endpoint; the live connection's address follows from it. */
  readonly url: string
  /** Asks your backend for a token of the signed-in customer (`createCustomerToken`). Called again as tokens expire. */
  readonly token: () => Promise<string>
  /** What the server rendered, from `florin.billingState`: shown until the live state arrives. */
  readonly initialState?: BillingState | null
  /** The public cards that the server rendered, from `florin.rateCards`; loaded when they are needed unless they are given. */
  readonly initialRateCards?: readonly RateCard[] | null
  readonly webSocket?: WebSocketConstructor
  readonly children?: ReactNode
}

/** One customer's billing for the components below. Give it a `key` of the user's id where users change without a reload. */
export function BillingProvider(props: BillingProviderProps) {
  const { url, token, initialState, initialRateCards, webSocket, children } = props
  const newestToken = useRef(token)
  useEffect(() => {
    newestToken.current = token
  }, [token])
  const fetchToken = useCallback(() => newestToken.current(), [])
  const [stateAtStart] = useState(initialState)
  const [cardsAtStart] = useState(initialRateCards)
  const session = useMemo(
    () =>
      createCustomerSession({ url, fetchToken, initialState: stateAtStart, initialRateCards: cardsAtStart, webSocket }),
    [url, fetchToken, stateAtStart, cardsAtStart, webSocket],
  )
  return <BillingSessionProvider session={session}>{children}</BillingSessionProvider>
}
