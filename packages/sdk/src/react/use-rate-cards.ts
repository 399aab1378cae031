import { useMemo } from 'react'
import type { FlorinError } from '../client/errors.ts'
import type { RateCard } from '../client/types.ts'
import { useBillingSession } from './billing-session-provider.tsx'
import { useAnswer } from './use-answer.ts'

export interface UseRateCards {
  /** The public cards; null until they are loaded. */
  readonly rateCards: readonly RateCard[] | null
  readonly loading: boolean
  readonly error: FlorinError | null
  /** Loads the catalogue anew. */
  readonly reload: () => Promise<void>
}

/** The public catalogue, loaded once for all components below one provider. */
export function useRateCards(): UseRateCards {
  const { value, error, loading, reload } = useAnswer(useBillingSession().rateCards)
  return useMemo(
    () => ({ rateCards: value ?? null, loading, error: error ?? null, reload }),
    [value, loading, error, reload],
  )
}
