import type { OpenCheckout } from '../checkout/checkout.ts'
import { mountedSession, useBillingSession } from './billing-session-provider.tsx'

/** Opens a checkout for the customer of the provider above. */
export function useOpenCheckout(): OpenCheckout {
  return useBillingSession().openCheckout
}

/** The same outside of components: for the customer of the provider that was mounted last. */
export const openCheckout: OpenCheckout = async (target, options) => mountedSession().openCheckout(target, options)
