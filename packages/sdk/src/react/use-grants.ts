import type { Grant } from '../client/types.ts'
import { useBillingSession } from './billing-session-provider.tsx'
import { type AnswerList, useAnswerList } from './use-answer.ts'

/** All credits that the customer was ever given, newest first; those that can still be spent are in the billing state. */
export function useGrants({ first = 20 }: { first?: number } = {}): AnswerList<Grant> {
  return useAnswerList(useBillingSession().list('grants', { first }))
}
