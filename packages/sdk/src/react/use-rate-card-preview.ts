import { useMemo } from 'react'
import type { FlorinError } from '../client/errors.ts'
import type { Loaded } from '../client/live/load-once.ts'
import { still } from '../client/live/stores.ts'
import type { RateCardChangePreview } from '../client/types.ts'
import type { AskedChange } from './billing-session.ts'
import { useBillingSession } from './billing-session-provider.tsx'
import { useStore } from './use-store.ts'

export interface UseRateCardPreview {
  /** Money and credits before and after; null until it is known, or while nothing is asked. */
  readonly preview: RateCardChangePreview | null
  readonly loading: boolean
  /** Why it could not be done, such as CONFLICT where the customer is on that card already; the preview before stays. */
  readonly error: FlorinError | null
}

const NOTHING_ASKED = still<Loaded<RateCardChangePreview>>({ value: null, error: null })

/**
 * What a change of card would cost and bring, as of when it is first shown; null asks nothing, such as before a card is
 * chosen. It is asked again when the customer's subscriptions change, not with each credit that is used. The change is made
 * by `changeRateCard` on your backend, or by a checkout.
 */
export function useRateCardPreview(change: AskedChange | null | undefined): UseRateCardPreview {
  const session = useBillingSession()
  const store = change ? session.changePreview(change) : NOTHING_ASKED
  const { value, error } = useStore(store)
  const loading = store !== NOTHING_ASKED && value === null && error === null
  return useMemo(() => ({ preview: value, loading, error }), [value, loading, error])
}
