import type { UsageBucket } from '../client/types.ts'
import { useBillingSession } from './billing-session-provider.tsx'
import type { AskedUsageReport } from './questions.ts'
import { type Answer, useAnswer } from './use-answer.ts'

/**
 * What a meter counted by hour, day (unless said otherwise) or month of the customer's time zone, live. Give `from` and `to`
 * as instants that stay the same over renders, such as the starts of days.
 */
export function useUsage({ granularity = 'DAY', ...asked }: AskedUsageReport): Answer<UsageBucket[]> {
  return useAnswer(useBillingSession().answer('usage', { granularity, ...asked }))
}
