import { realNow } from '../../platform/clock.ts'
import type { Project } from '../accounts/viewer.ts'
import type { PaymentDeps } from './deps.ts'
import { readPayment } from './read-payment.ts'

/**
 * Gives back a payment whose purpose could no longer be carried out. Written down first, then asked of the provider under
 * the payment's own key, so that a crash in between is repeated by the janitor and pays back once. What waited for slow money
 * waits no more.
 */
export async function returnPayment(
  deps: PaymentDeps,
  project: Project,
  paymentId: string,
  providerPaymentId: string,
  why: string,
): Promise<void> {
  const told = await deps.database.transaction(async (tx) => {
    const row = await readPayment(tx, paymentId, 'for update of y')
    const customerPk = row.customer_pk
    if (row.status !== 'PENDING' && row.status !== 'PROCESSING') return null
    await tx.query(
      `update payment set status = 'REFUNDING', provider_payment_id = $2, failure_code = 'superseded', failure_message = $3
       where id = $1`,
      [paymentId, providerPaymentId, why],
    )
    if (row.status === 'PENDING') return null
    await tx.query(`update checkout_session set status = 'REFUNDED' where id = $1 and status = 'PENDING'`, [
      row.checkout_session_id,
    ])
    return { key: customerPk, version: await deps.waiting.ended(tx, row.purpose, { project, customerPk }, null) }
  })
  if (told?.version != null) deps.pubsub.publish([{ key: told.key, version: told.version }])
  await finishReturn(deps, project, paymentId, providerPaymentId)
}

/** Asks for the refund of a payment that is REFUNDING, and marks it REFUNDED. */
export async function finishReturn(
  { database, providerFor }: PaymentDeps,
  project: Project,
  paymentId: string,
  providerPaymentId: string,
): Promise<void> {
  await database.query(`update payment set asked_at = $2 where id = $1`, [paymentId, new Date(realNow())])
  await providerFor(project).returnPayment(providerPaymentId, `florin_return_${paymentId}`)
  await database.query(
    `update payment set status = 'REFUNDED', settled_at = $2 where id = $1 and status = 'REFUNDING'`,
    [paymentId, new Date(realNow())],
  )
}
