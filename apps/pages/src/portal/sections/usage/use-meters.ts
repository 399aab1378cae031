import type { BillingState, UsageTotal } from '@florin/sdk'
import { useBillingApi } from '@florin/sdk/react'
import { useEffect, useState } from 'react'

/** A meter that can be looked at. */
export type ShownMeter = Pick<UsageTotal, 'meter' | 'name' | 'groupBy'>

/** Those of the customer's cards, and those that counted in the span although no card rates them any more. */
export function useMeters(state: BillingState | null, from: string, to: string): readonly ShownMeter[] {
  const api = useBillingApi()
  const [counted, setCounted] = useState<readonly UsageTotal[]>([])
  useEffect(() => {
    let current = true
    // What is not told is left out: the meters of the cards are known without it.
    api.usageTotals({ from, to }).then(
      (totals) => current && setCounted(totals),
      () => {},
    )
    return () => {
      current = false
    }
  }, [api, from, to])
  const own = state?.meters ?? []
  return [...own, ...counted.filter(({ meter }) => !own.some((known) => known.meter === meter))]
}
