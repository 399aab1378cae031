import type { BillingDetails } from '../client/types.ts'
import { useBillingSession } from './billing-session-provider.tsx'
import { type Answer, useAnswer } from './use-answer.ts'

/** Whom the customer's next invoices are for. After `setBillingDetails` of `useBillingApi()`, `reload` shows what is kept. */
export function useBillingDetails(): Answer<BillingDetails> {
  return useAnswer(useBillingSession().billingDetails)
}
