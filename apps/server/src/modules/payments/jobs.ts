import { realNow } from '../../platform/clock.ts'
import { PROJECT_COLUMNS, type ProjectRow, toProject } from '../accounts/read-project.ts'
import type { PaymentDeps } from './deps.ts'
import { detachMethod } from './detach-method.ts'
import { finishReturn } from './return-payment.ts'
import { UNKNOWN_AFTER_MS } from './settle-payment.ts'
import { settleReference } from './settle-reference.ts'
import { settleRefund } from './settle-refund.ts'
import { tellCustomer } from './tell-customer.ts'

/** A card page that is open is asked about again when it is a tenth older: most are left, and stay open for an hour and more. */
const ASK_CHECKOUT_AFTER_MS = 20_000
/** A refund that the provider has taken on may be on its way for days; its events tell how it went. */
const ASK_TAKEN_REFUND_AFTER_MS = 5 * 60_000
/** What a bank takes days for: its events tell how it went, and this is for when they don't come. */
const ASK_PROCESSING_AFTER_MS = 60 * 60_000
const BATCH = 50

/**
 * Looks up what nobody has answered yet: payments whose outcome is unknown, returns and refunds that were cut off, and checkouts
 * whose redirect and webhook both failed to come. Each settles once, so any number of workers may do this.
 */
export async function lookUpPayments(deps: PaymentDeps): Promise<void> {
  const now = realNow()
  const due = await deps.database.query<{ id: string }>(
    `(select id from payment where settled_at is null and payment_method_id is not null and (
        status = 'PENDING' and created_at < $1
          and (asked_at is null or asked_at < $3::timestamptz - least(asked, 150) * interval '2 seconds')
        or status = 'PROCESSING' and coalesce(asked_at, created_at) < $4)
      order by created_at limit ${BATCH})
     union all
     (select id from checkout_session where status = 'PROCESSING' and coalesce(asked_at, created_at) < $2
        and coalesce(asked_at, created_at) < $3::timestamptz - ($3::timestamptz - created_at) / 10
      order by coalesce(asked_at, created_at) limit ${BATCH})
     union all
     (select id from checkout_session where status = 'PENDING' and coalesce(asked_at, created_at) < $4
      order by created_at limit ${BATCH})`,
    [
      new Date(now - UNKNOWN_AFTER_MS),
      new Date(now - ASK_CHECKOUT_AFTER_MS),
      new Date(now),
      new Date(now - ASK_PROCESSING_AFTER_MS),
    ],
  )
  for (const { id } of due) await attempt(deps, id, () => settleReference(deps, id))
  const returns = await deps.database.query<ProjectRow & { payment_id: string; provider_payment_id: string }>(
    `select ${PROJECT_COLUMNS}, y.id as payment_id, y.provider_payment_id from payment y
     join project p on p.id = y.project_id where y.status = 'REFUNDING' order by y.asked_at nulls first limit ${BATCH}`,
  )
  for (const row of returns) {
    await attempt(deps, row.payment_id, () =>
      finishReturn(deps, toProject(row), row.payment_id, row.provider_payment_id),
    )
  }
  await lookUpRefunds(deps)
  await detachMethods(deps)
  await tellCustomers(deps)
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

/** Makes the provider forget what customers have removed, once nothing is charged with it any more. */
async function detachMethods(deps: PaymentDeps): Promise<void> {
  const methods = await deps.database.query<ProjectRow & { method_id: string }>(
    `select ${PROJECT_COLUMNS}, m.id as method_id from payment_method m join customer c on c.pk = m.customer_pk
     join project p on p.id = c.project_id
     where m.removed_at is not null and m.detached_at is null and not exists (
       select 1 from payment y where y.customer_pk = m.customer_pk and y.settled_at is null
         and y.payment_method_id = m.provider_method_id)
     order by m.removed_at limit ${BATCH}`,
  )
  for (const row of methods) await attempt(deps, row.method_id, () => detachMethod(deps, toProject(row), row.method_id))
}

/** Passes on what customers are called by now. */
async function tellCustomers(deps: PaymentDeps): Promise<void> {
  const untold = await deps.database.query<ProjectRow & { customer_pk: number }>(
    `select ${PROJECT_COLUMNS}, f.customer_pk from payment_profile f join customer c on c.pk = f.customer_pk
     join project p on p.id = c.project_id where not f.told and f.active limit ${BATCH}`,
  )
  for (const row of untold) {
    await attempt(deps, String(row.customer_pk), () => tellCustomer(deps, toProject(row), row.customer_pk))
  }
}

async function attempt(deps: PaymentDeps, id: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    deps.log.warn({ err: error, payment: id }, 'a payment could not be looked up; it is tried again')
  }
}
