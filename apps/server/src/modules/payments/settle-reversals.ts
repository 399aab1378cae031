import { realNow } from '../../platform/clock.ts'
import { PROJECT_COLUMNS, type ProjectRow, toProject } from '../accounts/read-project.ts'
import type { Project } from '../accounts/viewer.ts'
import type { PaymentDeps } from './deps.ts'
import { PAYMENT_ACCOUNT } from './read-other-account.ts'
import { recordReversals } from './record-reversals.ts'

interface Row {
  provider_payment_id: string
  amount_minor: number
  currency: string
}

/**
 * Asks the provider what of a payment went back and what is disputed, and makes the books say the same. Commands, events and
 * the janitor all come here, in any order and more than once. A payment that is returned because it could not be carried out
 * has brought nothing that could be reversed; that its return failed is written down all the same.
 */
export async function settleReversals(deps: PaymentDeps, project: Project, paymentId: string): Promise<void> {
  const [payment] = await deps.database.query<Row>(
    `select provider_payment_id, amount_minor, currency from payment
     where id = $1 and status in ('SUCCEEDED', 'REFUNDING', 'REFUNDED') and provider_payment_id is not null`,
    [paymentId],
  )
  if (!payment) return
  const told = await deps.providerFor(project).readReversals({
    providerPaymentId: payment.provider_payment_id,
    paid: { minor: BigInt(payment.amount_minor), currency: payment.currency },
  })
  const changed = await deps.database.transaction((tx) => recordReversals(tx, project, paymentId, told))
  await deps.database.query(`update refund set asked_at = $2 where payment_id = $1 and status = 'PENDING'`, [
    paymentId,
    new Date(realNow()),
  ])
  if (changed) deps.pubsub.publish([{ key: changed.customerPk, version: changed.version }])
}

/**
 * The same for what the provider calls the payment. Answers whether there is such a payment here, and its money has come: of one
 * that is still on its way, as far as is known here, nothing can be reversed yet, and the news must not be lost.
 */
export async function settleReversalsAt(deps: PaymentDeps, providerPaymentId: string): Promise<boolean> {
  const [found] = await deps.database.query<ProjectRow & { payment_id: string }>(
    `select ${PROJECT_COLUMNS}, y.id as payment_id from payment y join project p on p.id = y.project_id
     where y.provider_payment_id = $1 and y.status not in ('PENDING', 'PROCESSING')`,
    [providerPaymentId],
  )
  if (found) await settleReversals(deps, toProject(found), found.payment_id)
  return found !== undefined
}

/**
 * The same for all that paid an invoice, so that what its operator gives back next counts what went back elsewhere. A payment at an
 * account of the provider that is not asked any more can't be looked up.
 */
export async function settleReversalsOf(deps: PaymentDeps, project: Project, invoiceId: string): Promise<void> {
  const payments = await deps.database.query<{ id: string; account: string | null }>(
    `select y.id, ${PAYMENT_ACCOUNT} as account from payment y where y.status = 'SUCCEEDED' and y.outcome->>'invoiceId' = $2
       and y.customer_pk = (select customer_pk from invoice where id = $1)`,
    [invoiceId, invoiceId],
  )
  if (payments.length === 0) return
  const account = await deps.providerFor(project).account()
  for (const payment of payments) {
    if (payment.account === null || payment.account === account) await settleReversals(deps, project, payment.id)
  }
}
