import { formatMoney } from '@florin/core'
import { nowOf, realNow } from '../../platform/clock.ts'
import { publicId } from '../../platform/ids.ts'
import { PROJECT_COLUMNS, type ProjectRow, toProject } from '../accounts/read-project.ts'
import { announceEvent } from '../events/announce-event.ts'
import type { PaymentDeps } from './deps.ts'

type Row = ProjectRow & { payment_id: string; customer_pk: number; amount_minor: number; currency: string }

/**
 * Tells the project, once, that a card's network takes a payment for fraud: a dispute is likely, and a refund now spares its fee.
 * Nothing is decided for them. Answers whether there is such a payment here.
 */
export async function recordFraudWarning({ database }: PaymentDeps, providerPaymentId: string): Promise<boolean> {
  return database.transaction(async (tx) => {
    const [found] = await tx.query<Row & { warned: boolean }>(
      `select ${PROJECT_COLUMNS}, y.id as payment_id, y.customer_pk, y.amount_minor, y.currency,
         y.fraud_warned_at is not null as warned
       from payment y join project p on p.id = y.project_id where y.provider_payment_id = $1 for update of y`,
      [providerPaymentId],
    )
    if (!found || found.warned) return found !== undefined
    const { payment_id: id, customer_pk: customerPk, amount_minor, currency } = found
    tx.send(`update payment set fraud_warned_at = $2 where id = $1`, [id, new Date(realNow())])
    const amount = formatMoney({ minor: BigInt(amount_minor), currency })
    const data = { paymentId: publicId('pay', id), amount, currency }
    announceEvent(tx, { customerPk, type: 'payment.fraud_warning', data, occurredAt: nowOf(toProject(found)) })
    return true
  })
}
