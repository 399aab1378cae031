import { stillLoaded } from '../client/live/stores.ts'
import type { UsageBucket } from '../client/types.ts'
import { useBillingSession } from './billing-session-provider.tsx'
import type { AskedUsageReport } from './questions.ts'
import { type Answer, useAnswer } from './use-answer.ts'

const NOTHING_ASKED = stillLoaded<UsageBucket[]>(undefined)

/**
 * What a meter counted by hour, day (unless said otherwise) or month of the customer's time zone, live. Give `from` and `to`
 * as instants that stay the same over renders, such as the starts of days. Null asks nothing.
 */
export function useUsage(asked: AskedUsageReport | null): Answer<UsageBucket[]> {
  const session = useBillingSession()
  return useAnswer(asked ? session.answer('usage', { granularity: 'DAY', ...asked }) : NOTHING_ASKED)
}
