import type { Brand } from '../client/types.ts'
import { useBillingSession } from './billing-session-provider.tsx'
import { type Answer, useAnswer } from './use-answer.ts'

/** How the project wants to look to its customers: name, logo, colours, links. */
export function useBrand(): Answer<Brand> {
  return useAnswer(useBillingSession().brand)
}
