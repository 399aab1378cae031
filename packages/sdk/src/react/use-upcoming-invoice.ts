import { stillLoaded } from '../client/live/stores.ts'
import type { Invoice } from '../client/types.ts'
import { useBillingSession } from './billing-session-provider.tsx'
import { type Answer, useAnswer } from './use-answer.ts'

const NOTHING_ASKED = stillLoaded<Invoice | null>(undefined)

/**
 * What the end of the running period would invoice if nothing more were used, kept up to date while it is looked at. Null:
 * nothing. Without a subscription nothing is asked.
 */
export function useUpcomingInvoice(subscriptionId: string | null | undefined): Answer<Invoice | null> {
  const session = useBillingSession()
  const answer = useAnswer(subscriptionId ? session.answer('upcomingInvoice', subscriptionId) : NOTHING_ASKED)
  return subscriptionId ? answer : { ...answer, loading: false }
}
