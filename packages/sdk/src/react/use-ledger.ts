import type { LedgerEntry } from '../client/types.ts'
import { useBillingSession } from './billing-session-provider.tsx'
import { type AnswerList, useAnswerList } from './use-answer.ts'

/** Every change of the customer's balances with its cause, newest first, live; of one credit type, if it is said. */
export function useLedger({
  first = 50,
  creditType,
}: {
  first?: number
  creditType?: string
} = {}): AnswerList<LedgerEntry> {
  return useAnswerList(useBillingSession().list('ledger', { first, creditType }))
}
