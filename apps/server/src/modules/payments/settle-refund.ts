import { realNow } from '../../platform/clock.ts'
import type { Project } from '../accounts/viewer.ts'
import type { PaymentDeps } from './deps.ts'
import { settleReversals } from './settle-reversals.ts'

interface Row {
  status: 'PENDING' | 'SUCCEEDED' | 'FAILED'
  payment_id: string
  amount_minor: number
  currency: string
  provider_refund_id: string | null
  provider_payment_id: string
  asked_at: number | null
}

/**
 * Brings a refund that is written down to its end, once, however often and from wherever it is called. The provider knows it by
 * its id; one that it may have been asked for before is looked for first, because it forgets keys after a day.
 *
 * @throws Fault PAYMENT_PROVIDER_UNAVAILABLE while nobody knows; the refund stays PENDING and is looked up.
 */
export async function settleRefund(deps: PaymentDeps, project: Project, refundId: string): Promise<void> {
  const first = await readRow(deps, refundId)
  if (first.status !== 'PENDING') return
  if (first.asked_at !== null) await settleReversals(deps, project, first.payment_id)
  const refund = await readRow(deps, refundId)
  if (refund.status !== 'PENDING' || refund.provider_refund_id !== null) return
  await deps.database.query(`update refund set asked_at = $2 where id = $1`, [refundId, new Date(realNow())])
  const refused = await deps.providerFor(project).refund({
    providerPaymentId: refund.provider_payment_id,
    amount: { minor: BigInt(refund.amount_minor), currency: refund.currency },
    reference: refundId,
  })
  await settleReversals(deps, project, refund.payment_id)
  if (refused === null) return
  await deps.database.query(
    `update refund set status = 'FAILED', failure = $2, settled_at = $3
     where id = $1 and status = 'PENDING' and provider_refund_id is null`,
    [refundId, refused, new Date(realNow())],
  )
}

async function readRow({ database }: PaymentDeps, refundId: string): Promise<Row> {
  const [row] = await database.query<Row>(
    `select r.status::text, r.payment_id, r.amount_minor, r.currency, r.provider_refund_id, r.asked_at, y.provider_payment_id
     from refund r join payment y on y.id = r.payment_id where r.id = $1`,
    [refundId],
  )
  if (!row) throw new Error(`refund ${refundId} is missing`)
  return row
}
