import type { TaxRate } from '../client/types.ts'
import { useBillingSession } from './billing-session-provider.tsx'
import { type Answer, useAnswer } from './use-answer.ts'

/** The tax on what the customer pays: EXCLUSIVE comes on top of the catalogue's prices. Null: none. */
export function useTaxRate(): Answer<TaxRate | null> {
  return useAnswer(useBillingSession().taxRate)
}
