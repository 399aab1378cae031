import type { Account, Grant, PeriodSoFar } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import type { Catalog } from '../catalog/read-catalog.ts'
import type { Subscription } from './read-subscriptions.ts'

/** The account's open grants that a subscription has brought: allowances, and what of earlier ones was rolled over. */
export async function readSubscriptionGrants(
  tx: Transaction,
  account: Account,
  subscription: Subscription,
): Promise<Grant[]> {
  const rows = await tx.query<{ id: string }>(
    `select id from "grant" where subscription_id = $1 and customer_pk = $2 and closed_at is null`,
    [subscription.id, subscription.customerPk],
  )
  const ids = new Set(rows.map(({ id }) => id))
  return account.grants.filter(({ id, closed }) => ids.has(id) && !closed)
}

/** What the running period has cost and brought so far: what a change of card starts from. */
export async function readPeriodSoFar(
  tx: Transaction,
  account: Account,
  catalog: Catalog,
  subscription: Subscription,
  currency: string,
): Promise<PeriodSoFar> {
  const grants = await readSubscriptionGrants(tx, account, subscription)
  const allowances = grants.filter(
    ({ kind, effectiveAt }) => kind === 'ALLOWANCE' && effectiveAt === subscription.currentPeriodStart,
  )
  return {
    paid: { minor: BigInt(subscription.paidMinor), currency },
    allowance: new Map(
      allowances.map(({ creditType, amount, remaining }) => [
        catalog.creditTypesByPk.get(creditType)?.code ?? '',
        { granted: amount, remaining },
      ]),
    ),
  }
}
