import { BillingProvider, useBillingState, usePaywall } from '@florin/sdk/react'
import type { ReactNode } from 'react'
import { fetchToken } from './api.ts'

export const METER = 'character_generation'

export const Billing = ({ florinUrl, children }: { florinUrl: string; children: ReactNode }) => (
  <BillingProvider url={florinUrl} token={fetchToken}>
    {children}
  </BillingProvider>
)

/** The customer's plan; undefined until it is known. */
export const usePlan = () =>
  useBillingState().state?.subscriptions.find((subscription) => subscription.status !== 'CANCELED')?.rateCard

/** Whether a character of this size would be refused. What really happens is decided where it is written. */
export function useRefused(size: number): boolean {
  const { allowed, loading } = usePaywall(METER, { quantity: size })
  return !allowed && !loading
}
