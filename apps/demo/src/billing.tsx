import type { RateCard } from '@florin/sdk'
import { BillingProvider, useBillingState, usePaywall, useRateCards } from '@florin/sdk/react'
import type { ReactNode } from 'react'
import { fetchToken } from './api.ts'

export const Billing = ({ florinUrl, children }: { florinUrl: string; children: ReactNode }) => (
  <BillingProvider url={florinUrl} token={fetchToken}>
    {children}
  </BillingProvider>
)

/** Everything that Persona's screens know about money: what there is, whether a size is refused, what would help. */
export function useCredits(size = 1) {
  const { state, status, balance, openCheckout } = useBillingState()
  const { allowed, loading, remedies } = usePaywall('character_generation', { quantity: size })
  const plan = state?.subscriptions.find((subscription) => subscription.status !== 'CANCELED')?.rateCard
  const bigger = useRateCards().rateCards?.filter((card) => creditsIn(card) > creditsIn(plan)) ?? []
  const helpful = remedies.flatMap((remedy) => ('rateCard' in remedy ? [remedy.rateCard] : []))
  const offers = helpful.length > 0 ? helpful : bigger
  return { state, status, credits: balance('credits'), plan, offers, refused: !allowed && !loading, openCheckout }
}

const creditsIn = (card: RateCard | undefined) => BigInt(card?.allowances[0]?.amount ?? 0)
