import { useMemo } from 'react'
import type { FlorinError } from '../client/errors.ts'
import type { RateCard } from '../client/types.ts'
import { useBillingSession } from './billing-session-provider.tsx'
import { useStore } from './use-store.ts'

export interface UseRateCards {
  /** The public cards; null until they are loaded. */
  readonly rateCards: readonly RateCard[] | null
  readonly loading: boolean
  readonly error: FlorinError | null
}

/** The public catalogue, loaded once for all components below one provider. */
export function useRateCards(): UseRateCards {
  const { value, error } = useStore(useBillingSession().rateCards)
  return useMemo(() => ({ rateCards: value, loading: value === null && error === null, error }), [value, error])
}
