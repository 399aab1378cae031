import type { PaymentMethod } from '../client/types.ts'
import { useBillingSession } from './billing-session-provider.tsx'
import { type Answer, useAnswer } from './use-answer.ts'

/** What the customer has on file, the default first, kept up to date while it is looked at. */
export function usePaymentMethods(): Answer<PaymentMethod[]> {
  return useAnswer(useBillingSession().answer('paymentMethods', null))
}
