import { useCallback, useMemo, useState } from 'react'
import type { CheckoutResult } from '../checkout/checkout.ts'
import { asFlorinError, type FlorinError } from '../client/errors.ts'
import { liveSubscriptions, replacedBy } from '../client/live/card-place.ts'
import type { Remedy } from '../client/types.ts'
import { useBillingState } from './use-billing-state.ts'
import { type PaywallOptions, type UsePaywall, usePaywall } from './use-paywall.ts'

/** How an offer that was chosen ended; `failed`: its checkout could not be opened. */
export interface Purchase {
  readonly remedy: Remedy
  readonly outcome: CheckoutResult['outcome'] | 'failed'
  readonly error?: FlorinError
}

export interface PaywallOffers extends UsePaywall {
  /** Opens the checkout for what a remedy offers, and never rejects. */
  readonly choose: (remedy: Remedy) => Promise<Purchase>
  /** The remedy whose checkout is open. */
  readonly chosen: Remedy | null
  /** Why the last checkout could not be opened. */
  readonly failure: FlorinError | null
  /** Whether a remedy takes the place of a plan that the customer has: an upgrade, and nothing beside it. */
  readonly isUpgrade: (remedy: Remedy) => boolean
  /** Where a payment that is due can be settled. */
  readonly actionUrl: string | null
}

/** A paywall with what can be done about it: what `<Paywall>` shows. */
export function usePaywallOffers(meter: string, options?: PaywallOptions): PaywallOffers {
  const paywall = usePaywall(meter, options)
  const { state, openCheckout } = useBillingState()
  const [chosen, setChosen] = useState<Remedy | null>(null)
  const [failure, setFailure] = useState<FlorinError | null>(null)
  const choose = useCallback(
    async (remedy: Remedy): Promise<Purchase> => {
      setChosen(remedy)
      setFailure(null)
      try {
        const target = 'rateCard' in remedy ? { rateCard: remedy.rateCard.code } : { bundle: remedy.bundle.code }
        return { remedy, ...(await openCheckout(target)) }
      } catch (thrown) {
        const error = asFlorinError(thrown, 'The checkout could not be opened')
        setFailure(error)
        return { remedy, outcome: 'failed', error }
      } finally {
        setChosen(null)
      }
    },
    [openCheckout],
  )
  const isUpgrade = useCallback(
    (remedy: Remedy) => 'rateCard' in remedy && replacedBy(remedy.rateCard, liveSubscriptions(state)) !== undefined,
    [state],
  )
  const actionUrl = state?.actionUrl ?? null
  return useMemo(
    () => ({ ...paywall, choose, chosen, failure, isUpgrade, actionUrl }),
    [paywall, choose, chosen, failure, isUpgrade, actionUrl],
  )
}
