import { mountedSession, useBillingSession } from './billing-session-provider.tsx'

export interface PortalOptions {
  /** Where the portal's way back leads; this page unless said otherwise. */
  readonly returnUrl?: string
}

/** Leaves the page for the customer's portal. It settles once the browser is on its way, and rejects with the API's error. */
export type OpenPortal = (options?: PortalOptions) => Promise<void>

/** Leads the customer of the provider above to the page where they manage their billing. */
export function useOpenPortal(): OpenPortal {
  return useBillingSession().openPortal
}

/** The same outside of components: for the customer of the provider that was mounted last. */
export const openPortal: OpenPortal = async (options) => mountedSession().openPortal(options)
