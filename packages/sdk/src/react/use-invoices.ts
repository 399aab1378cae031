import type { Invoice } from '../client/types.ts'
import { useBillingSession } from './billing-session-provider.tsx'
import { type AnswerList, useAnswerList } from './use-answer.ts'

/** The customer's invoices, newest first, a page at a time; kept up to date while they are looked at. */
export function useInvoices({ first = 20 }: { first?: number } = {}): AnswerList<Invoice> {
  return useAnswerList(useBillingSession().list('invoices', { first }))
}
