import type { BillingApi } from './api/billing-api.ts'
import { useBillingSession } from './billing-session-provider.tsx'

/**
 * Everything that the customer's browser may do, one method each, for the customer of the provider above. What it changes is
 * in the billing state by itself, a moment later.
 */
export function useBillingApi(): BillingApi {
  return useBillingSession().api
}
