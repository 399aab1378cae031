import { realNow } from '../../platform/clock.ts'
import type { Project } from '../accounts/viewer.ts'
import type { PaymentDeps } from './deps.ts'

/**
 * Gives back a payment whose purpose could no longer be carried out. Written down first, then asked of the provider under
 * the payment's own key, so that a crash in between is repeated by the janitor and pays back once.
 */
export async function returnPayment(
  deps: PaymentDeps,
  project: Project,
  paymentId: string,
  providerPaymentId: string,
  why: string,
): Promise<void> {
  await deps.database.query(
    `update payment set status = 'REFUNDING', provider_payment_id = $2, failure_code = 'superseded', failure_message = $3
     where id = $1 and status in ('PENDING', 'PROCESSING')`,
    [paymentId, providerPaymentId, why],
  )
  await finishReturn(deps, project, paymentId, providerPaymentId)
}

/** Asks for the refund of a payment that is REFUNDING, and marks it REFUNDED. */
export async function finishReturn(
  { database, providerFor }: PaymentDeps,
  project: Project,
  paymentId: string,
  providerPaymentId: string,
): Promise<void> {
  await providerFor(project).returnPayment(providerPaymentId, `florin_return_${paymentId}`)
  await database.query(
    `update payment set status = 'REFUNDED', settled_at = $2 where id = $1 and status = 'REFUNDING'`,
    [paymentId, new Date(realNow())],
  )
}
