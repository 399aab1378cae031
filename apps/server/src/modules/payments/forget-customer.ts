import { nowOf, realNow } from '../../platform/clock.ts'
import type { Database } from '../../platform/database.ts'
import type { Pubsub } from '../../platform/pubsub.ts'
import type { Project } from '../accounts/viewer.ts'
import { withAccount } from '../ledger/with-account.ts'

/**
 * The provider has lost a customer, and what was saved for them. They are made anew with the next need; until then there is
 * nothing on file.
 */
export async function forgetCustomer(
  { database, pubsub }: { database: Database; pubsub: Pubsub },
  project: Project,
  customerPk: number,
): Promise<void> {
  const { version } = await database.transaction((tx) =>
    withAccount(tx, customerPk, nowOf(project), async (session) => {
      const now = new Date(realNow())
      await tx.query(
        `update payment_method m set removed_at = coalesce(removed_at, $2), detached_at = coalesce(detached_at, $2)
         from payment_profile p where p.customer_pk = $1 and p.active and m.customer_pk = $1 and m.account = p.account`,
        [customerPk, now],
      )
      await tx.query(
        `update payment_profile set provider_customer_id = null, payment_method_id = null, generation = generation + 1
         where customer_pk = $1 and active and provider_customer_id is not null`,
        [customerPk],
      )
      session.touch()
    }),
  )
  pubsub.publish([{ key: customerPk, version }])
}
