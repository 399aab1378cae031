import type { Payment } from '../client/types.ts'
import { useBillingSession } from './billing-session-provider.tsx'
import { type AnswerList, useAnswerList } from './use-answer.ts'

/** The customer's payments with what went back of each, newest first. */
export function usePayments({ first = 20 }: { first?: number } = {}): AnswerList<Payment> {
  return useAnswerList(useBillingSession().list('payments', { first }))
}
