import { realNow } from '../../platform/clock.ts'
import { PROJECT_COLUMNS, type ProjectRow, toProject } from '../accounts/read-project.ts'
import type { PaymentDeps } from './deps.ts'
import { finishReturn } from './return-payment.ts'
import { UNKNOWN_AFTER_MS } from './settle-payment.ts'
import { settleReference } from './settle-reference.ts'
import { settleRefund } from './settle-refund.ts'

const ASK_CHECKOUT_AFTER_MS = 20_000
/** A refund that the provider has taken on may be on its way for days; its events tell how it went. */
const ASK_TAKEN_REFUND_AFTER_MS = 5 * 60_000
const BATCH = 50

/**
 * Looks up what nobody has answered yet: payments whose outcome is unknown, returns and refunds that were cut off, and checkouts
 * whose redirect and webhook both failed to come. Each settles once, so any number of workers may do this.
 */
export async function lookUpPayments(deps: PaymentDeps): Promise<void> {
  const due = await deps.database.query<{ id: string }>(
    `(select id from payment where status = 'PENDING' and created_at < $1 order by created_at limit ${BATCH})
     union all
     (select id from checkout_session where status = 'PROCESSING' and created_at < $2 order by created_at limit ${BATCH})`,
    [new Date(realNow() - UNKNOWN_AFTER_MS), new Date(realNow() - ASK_CHECKOUT_AFTER_MS)],
  )
  for (const { id } of due) await attempt(deps, id, () => settleReference(deps, id))
  const returns = await deps.database.query<ProjectRow & { payment_id: string; provider_payment_id: string }>(
    `select ${PROJECT_COLUMNS}, y.id as payment_id, y.provider_payment_id from payment y
     join project p on p.id = y.project_id where y.status = 'REFUNDING' limit ${BATCH}`,
  )
  for (const row of returns) {
    await attempt(deps, row.payment_id, () =>
      finishReturn(deps, toProject(row), row.payment_id, row.provider_payment_id),
    )
  }
  await lookUpRefunds(deps)
}

async function lookUpRefunds(deps: PaymentDeps): Promise<void> {
  const now = realNow()
  const refunds = await deps.database.query<ProjectRow & { refund_id: string }>(
    `select ${PROJECT_COLUMNS}, r.id as refund_id from refund r join payment y on y.id = r.payment_id
     join project p on p.id = y.project_id
     where r.status = 'PENDING'
       and coalesce(r.asked_at, r.created_at) < case when r.provider_refund_id is null then $1::timestamptz else $2 end
     order by r.asked_at nulls first limit ${BATCH}`,
    [new Date(now - UNKNOWN_AFTER_MS), new Date(now - ASK_TAKEN_REFUND_AFTER_MS)],
  )
  for (const row of refunds) await attempt(deps, row.refund_id, () => settleRefund(deps, toProject(row), row.refund_id))
}

async function attempt(deps: PaymentDeps, id: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    deps.log.warn({ err: error, payment: id }, 'a payment could not be looked up; it is tried again')
  }
}
