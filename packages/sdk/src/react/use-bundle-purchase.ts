import { useState } from 'react'
import { asFlorinError, type FlorinError } from '../client/errors.ts'
import type { Bundle } from '../client/types.ts'
import { useOpenCheckout } from './open-checkout.ts'

export interface BundlePurchase {
  /** Opens the checkout of a pack of credits. */
  readonly buy: (bundle: Bundle) => void
  /** The code of the pack whose checkout is open. */
  readonly buying: string | null
  /** What was bought last. `pending`: its credits come with the money, for which the bank takes days. */
  readonly bought: { readonly bundle: Bundle; readonly pending: boolean } | null
  readonly error: FlorinError | null
}

export function useBundlePurchase(): BundlePurchase {
  const openCheckout = useOpenCheckout()
  const [buying, setBuying] = useState<string | null>(null)
  const [bought, setBought] = useState<BundlePurchase['bought']>(null)
  const [error, setError] = useState<FlorinError | null>(null)
  const buy = (bundle: Bundle) => {
    setBuying(bundle.code)
    setBought(null)
    setError(null)
    openCheckout({ bundle: bundle.code })
      .then(
        ({ outcome }) => setBought(outcome === 'canceled' ? null : { bundle, pending: outcome === 'pending' }),
        (thrown: unknown) => setError(asFlorinError(thrown, 'The checkout could not be opened')),
      )
      .finally(() => setBuying(null))
  }
  return { buy, buying, bought, error }
}
