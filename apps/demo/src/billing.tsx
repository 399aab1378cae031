import { BillingProvider, type UseBillingState, useBillingState, usePaywall, useRateCards } from '@florin/sdk/react'
import type { ReactNode } from 'react'
import { fetchToken } from './api.ts'

export type Plan = NonNullable<ReturnType<typeof useRateCards>['rateCards']>[number]

export function Billing({ florinUrl, children }: { florinUrl: string; children: ReactNode }) {
  return (
    <BillingProvider url={florinUrl} token={fetchToken}>
      {children}
    </BillingProvider>
  )
}

/** Everything that Persona's screens know about money: what there is, whether a size is allowed, and what would help. */
export function useCredits(size = 1) {
  const { state, status, balance, openCheckout } = useBillingState()
  const { allowed, loading, remedies } = usePaywall('character_generation', { quantity: size })
  const plans = useRateCards().rateCards ?? []
  const helpful = remedies.flatMap((remedy) => (remedy.__typename === 'RateCardRemedy' ? [remedy.rateCard] : []))
  return {
    status,
    version: state?.version,
    credits: balance('credits'),
    plan: planOf(state),
    refused: !allowed && !loading,
    offers: helpful.length > 0 ? helpful : plans.filter(({ code }) => code !== 'free' && code !== planOf(state)?.code),
    upgrade: async (plan: Plan) => (await openCheckout({ rateCard: plan.code })).outcome === 'completed',
  }
}

const planOf = (state: UseBillingState['state']) =>
  state?.subscriptions.find(({ status }) => status !== 'CANCELED')?.rateCard
