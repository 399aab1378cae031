import { nowOf, realNow } from '../../platform/clock.ts'
import { PROJECT_COLUMNS, type ProjectRow, toProject } from '../accounts/read-project.ts'
import { withAccount } from '../ledger/with-account.ts'
import type { PaymentDeps } from './deps.ts'
import { dropMethod } from './remove-payment-method.ts'

/**
 * Makes our copy of a method say what the provider says: a card that was renewed has another expiry, and one that was detached
 * is gone. Answers whether there is such a method here.
 */
export async function settleMethod(deps: PaymentDeps, providerMethodId: string): Promise<boolean> {
  const [found] = await deps.database.query<
    ProjectRow & { method_id: string; customer_pk: number; owner: string | null }
  >(
    `select ${PROJECT_COLUMNS}, m.id as method_id, m.customer_pk, f.provider_customer_id as owner
     from payment_method m join customer c on c.pk = m.customer_pk join project p on p.id = c.project_id
     left join payment_profile f on f.customer_pk = m.customer_pk and f.account = m.account
     where m.provider_method_id = $1 and m.removed_at is null`,
    [providerMethodId],
  )
  if (!found) return false
  const project = toProject(found)
  const told = await deps.providerFor(project).readMethod(providerMethodId)
  const saved = told && told.customer === found.owner ? told.method : null
  const { version } = await deps.database.transaction((tx) =>
    withAccount(tx, found.customer_pk, nowOf(project), async (session) => {
      if (saved) {
        const { brand, last4, expMonth, expYear } = saved
        const changed = await tx.query(
          `update payment_method set brand = $2, last4 = $3, exp_month = $4, exp_year = $5
           where id = $1 and (brand, last4, exp_month, exp_year) is distinct from ($2::text, $3::text, $4::int, $5::int)
           returning 1`,
          [found.method_id, brand, last4, expMonth, expYear],
        )
        if (changed.length > 0) session.touch()
        return
      }
      session.touch()
      await dropMethod(tx, found.customer_pk, found.method_id)
      await tx.query(`update payment_method set detached_at = $2 where id = $1`, [found.method_id, new Date(realNow())])
    }),
  )
  deps.pubsub.publish([{ key: found.customer_pk, version }])
  return true
}
