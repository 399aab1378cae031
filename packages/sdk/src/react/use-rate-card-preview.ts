import { useMemo } from 'react'
import type { FlorinError } from '../client/errors.ts'
import { stillLoaded } from '../client/live/stores.ts'
import type { RateCardChangePreview } from '../client/types.ts'
import type { AskedChange } from './billing-session.ts'
import { useBillingSession } from './billing-session-provider.tsx'
import { useAnswer } from './use-answer.ts'

export interface UseRateCardPreview {
  /** Money and credits before and after; null until it is known, or while nothing is asked. */
  readonly preview: RateCardChangePreview | null
  readonly loading: boolean
  /** Why it could not be done, such as CONFLICT where the customer is on that card already; the preview before stays. */
  readonly error: FlorinError | null
  /** Asks anew, now: time moves what a change costs. */
  readonly reload: () => Promise<void>
}

const NOTHING_ASKED = stillLoaded<RateCardChangePreview>(undefined)

/**
 * What a change of card would cost and bring, as of when it is first shown; null asks nothing, such as before a card is
 * chosen. It is asked again when the customer's subscriptions change, not with each credit that is used. The change is made
 * by `changeRateCard` of `useBillingApi()` or of your backend.
 */
export function useRateCardPreview(change: AskedChange | null | undefined): UseRateCardPreview {
  const session = useBillingSession()
  const store = change ? session.changePreview(change) : NOTHING_ASKED
  const { value, error, loading, reload } = useAnswer(store)
  const asked = store !== NOTHING_ASKED
  return useMemo(
    () => ({ preview: value ?? null, loading: asked && loading, error: error ?? null, reload }),
    [value, asked, loading, error, reload],
  )
}
