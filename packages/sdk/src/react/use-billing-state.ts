import { useMemo } from 'react'
import type { OpenCheckout } from '../checkout/checkout.ts'
import type { LiveSnapshot } from '../client/live/live-billing-state.ts'
import type { Balance, FeatureState, MeterState } from '../client/types.ts'
import { useBillingSession } from './billing-session-provider.tsx'
import { useStore } from './use-store.ts'

export interface UseBillingState extends LiveSnapshot {
  /** By credit type; undefined if the customer never had any. */
  readonly balance: (creditType: string) => Balance | undefined
  /** By code; undefined if none of the customer's cards rates it. */
  readonly meter: (code: string) => MeterState | undefined
  /** By code; undefined if none of the customer's cards names it. */
  readonly feature: (code: string) => FeatureState | undefined
  readonly openCheckout: OpenCheckout
}

/** The customer's billing state, live. It changes identity only when something in it changed, and so do its parts. */
export function useBillingState(): UseBillingState {
  const { live, openCheckout } = useBillingSession()
  const snapshot = useStore(live)
  return useMemo(() => {
    const { state } = snapshot
    return {
      ...snapshot,
      balance: (creditType: string) => state?.balances.find((balance) => balance.creditType === creditType),
      meter: (code: string) => state?.meters.find(({ meter }) => meter === code),
      feature: (code: string) => state?.features.find(({ feature }) => feature === code),
      openCheckout,
    }
  }, [snapshot, openCheckout])
}
