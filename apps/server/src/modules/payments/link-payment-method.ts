import { pageToken } from '../accounts/page-token.ts'
import type { Project } from '../accounts/viewer.ts'

/** Where a customer adds the payment method that a trial needs. Good for as long as the trial runs and there is none. */
export function linkPaymentMethod(
  publicUrl: string,
  project: Pick<Project, 'tokenSecret'>,
  subscriptionId: string,
): string {
  return `${publicUrl}/payment-methods/${pageToken('method', project, subscriptionId)}`
}
