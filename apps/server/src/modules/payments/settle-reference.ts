import { realNow } from '../../platform/clock.ts'
import { PROJECT_COLUMNS, type ProjectRow, toProject } from '../accounts/read-project.ts'
import type { PaymentDeps } from './deps.ts'
import { settleCheckout } from './settle-checkout.ts'
import { settlePayment, UNKNOWN_AFTER_MS } from './settle-payment.ts'

const REFERENCE = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Settles what the provider calls by our reference: a payment or a checkout session. Both are written before the
 * provider is asked, so an event can't be early. Answers whether there is such a thing.
 */
export async function settleReference(deps: PaymentDeps, reference: string): Promise<boolean> {
  if (!REFERENCE.test(reference)) return false
  const [found] = await deps.database.query<ProjectRow & { is_checkout: boolean }>(
    `select ${PROJECT_COLUMNS}, o.is_checkout from (
       select project_id, true as is_checkout from checkout_session where id = $1
       union all select project_id, false from payment where id = $1 and payment_method_id is not null) o
     join project p on p.id = o.project_id`,
    [reference],
  )
  if (!found) return false
  if (!found.is_checkout && (await isBeingMade(deps, reference))) return true
  const project = toProject(found)
  if (found.is_checkout) await settleCheckout(deps, project, reference)
  else await settlePayment(deps, project, reference)
  return true
}

/** A charge that was opened a moment ago is settled by whoever opened it; if that process died, the janitor does it. */
async function isBeingMade({ database }: PaymentDeps, paymentId: string): Promise<boolean> {
  const rows = await database.query(`select 1 from payment where id = $1 and status = 'PENDING' and created_at > $2`, [
    paymentId,
    new Date(realNow() - UNKNOWN_AFTER_MS),
  ])
  return rows.length > 0
}
