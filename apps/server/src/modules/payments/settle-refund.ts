import { formatMoney } from '@florin/core'
import { nowOf, realNow } from '../../platform/clock.ts'
import type { Transaction } from '../../platform/database.ts'
import { publicId } from '../../platform/ids.ts'
import type { Project } from '../accounts/viewer.ts'
import { announceEvent } from '../events/announce-event.ts'
import type { PaymentDeps } from './deps.ts'
import { lockPayment, type PaidPayment } from './lock-payment.ts'
import { readLimits } from './read-refunds.ts'
import { settleReversals } from './settle-reversals.ts'

interface Row {
  status: 'PENDING' | 'SUCCEEDED' | 'FAILED'
  payment_id: string
  amount_minor: number
  currency: string
  provider_refund_id: string | null
  provider_payment_id: string
}

/**
 * Brings a refund that is written down to its end, once, however often and from wherever it is called. The provider knows it by
 * its id. What went back of the payment is looked up first: the refund may be among it, since the provider forgets keys after a
 * day, and one that was made on the provider's pages may have left no room for it.
 *
 * @throws Fault PAYMENT_PROVIDER_UNAVAILABLE while nobody knows; the refund stays PENDING and is looked up.
 */
export async function settleRefund(deps: PaymentDeps, project: Project, refundId: string): Promise<void> {
  const first = await readRow(deps.database, refundId)
  if (first.status !== 'PENDING') return
  await settleReversals(deps, project, first.payment_id)
  const refund = await claimRefund(deps, project, refundId)
  if (!refund) return
  const refused = await deps.providerFor(project).refund({
    providerPaymentId: refund.provider_payment_id,
    amount: { minor: BigInt(refund.amount_minor), currency: refund.currency },
    reference: refundId,
  })
  await settleReversals(deps, project, refund.payment_id)
  if (refused === null) return
  await deps.database.transaction(async (tx) =>
    failRefund(tx, project, await lockPayment(tx, refund.payment_id), refundId, refused),
  )
}

/** Notes that the provider is about to be asked. Null: it need not be, or there is no room for it any more, and it has failed. */
async function claimRefund({ database }: PaymentDeps, project: Project, refundId: string): Promise<Row | null> {
  return database.transaction(async (tx) => {
    const { payment_id } = await readRow(tx, refundId)
    const payment = await lockPayment(tx, payment_id)
    const refund = await readRow(tx, refundId)
    if (refund.status !== 'PENDING' || refund.provider_refund_id !== null) return null
    const { left } = await readLimits(tx, payment)
    if (left < 0n) {
      await failRefund(tx, project, payment, refundId, NO_ROOM)
      return null
    }
    await tx.query(`update refund set asked_at = $2 where id = $1`, [refundId, new Date(realNow())])
    return refund
  })
}

const NO_ROOM = 'more of the payment has already been refunded or credited meanwhile than this refund leaves'

/** It was not made. The caller holds the payment's lock. */
async function failRefund(
  tx: Transaction,
  project: Project,
  payment: PaidPayment,
  refundId: string,
  failure: string,
): Promise<void> {
  const [failed] = await tx.query<{ minor: number; reason: string | null }>(
    `update refund set status = 'FAILED', failure = $2, settled_at = $3
     where id = $1 and status = 'PENDING' and provider_refund_id is null returning amount_minor as minor, reason`,
    [refundId, failure, new Date(realNow())],
  )
  if (!failed) return
  announceEvent(tx, {
    customerPk: payment.customerPk,
    type: 'payment.refund_failed',
    data: {
      refundId: publicId('ref', refundId),
      paymentId: publicId('pay', payment.id),
      amount: formatMoney({ minor: BigInt(failed.minor), currency: payment.paid.currency }),
      currency: payment.paid.currency,
      reason: failed.reason,
      refunded: formatMoney(payment.refunded),
      failure,
    },
    occurredAt: nowOf(project),
  })
}

async function readRow(tx: Pick<Transaction, 'query'>, refundId: string): Promise<Row> {
  const [row] = await tx.query<Row>(
    `select r.status::text, r.payment_id, r.amount_minor, r.currency, r.provider_refund_id, y.provider_payment_id
     from refund r join payment y on y.id = r.payment_id where r.id = $1`,
    [refundId],
  )
  if (!row) throw new Error(`refund ${refundId} is missing`)
  return row
}
