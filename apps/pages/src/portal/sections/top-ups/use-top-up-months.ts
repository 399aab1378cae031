import type { BillingState, TopUpMonth } from '@florin/sdk'
import { useBillingApi } from '@florin/sdk/react'
import { useEffect, useState } from 'react'

/** What the limits have counted, asked again whenever a switch moves. What is not known is not shown: no error. */
export function useTopUpMonths({ autoTopUps }: Pick<BillingState, 'autoTopUps'>): readonly TopUpMonth[] {
  const api = useBillingApi()
  const [months, setMonths] = useState<readonly TopUpMonth[]>([])
  useEffect(() => {
    if (autoTopUps.length === 0) return
    let current = true
    api.topUpMonths().then(
      (told) => current && setMonths(told),
      () => {},
    )
    return () => {
      current = false
    }
  }, [api, autoTopUps])
  return months
}
