import { formatAmount } from '@florin/core'
import { nowOf } from '../../platform/clock.ts'
import { type Customer, findCustomer } from '../accounts/read-customer.ts'
import type { Project } from '../accounts/viewer.ts'
import { checkDecimal } from '../catalog/check-rate-card.ts'
import type { LedgerDeps } from '../ledger/create-wallet.ts'
import { withAccount } from '../ledger/with-account.ts'

/**
 * Limits the overage money of a customer's billing period, in their card's currency; null: no limit. What is over it already
 * stays. Throws NOT_FOUND, INVALID_INPUT.
 */
export async function setSpendLimit(
  deps: LedgerDeps,
  project: Project,
  customerId: string,
  limit: unknown,
): Promise<Customer> {
  const amount = limit === null ? null : checkDecimal<'money'>(limit, 'limit', 'zero')
  const customer = await findCustomer(deps.database, project, customerId)
  const { version } = await deps.database.transaction((tx) =>
    withAccount(tx, customer.pk, nowOf(project), async (session) => {
      tx.send(`update customer_ledger set spend_limit = $2 where customer_pk = $1`, [
        customer.pk,
        amount === null ? null : formatAmount(amount),
      ])
      session.touch()
    }),
  )
  deps.pubsub.publish([{ key: customer.pk, version }])
  return customer
}
