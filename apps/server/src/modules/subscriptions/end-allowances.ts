import type { Transaction } from '../../platform/database.ts'
import type { AccountSession } from '../ledger/with-account.ts'
import { readSubscriptionGrants } from './read-subscription-grants.ts'
import type { Subscription } from './read-subscriptions.ts'

/** Ends what a subscription has brought, with the subscription or its period: `kinds` says which of it. */
export async function endAllowances(
  tx: Transaction,
  session: AccountSession,
  subscription: Subscription,
  reason: string,
  kinds: readonly string[] = ['ALLOWANCE', 'ROLLOVER'],
): Promise<void> {
  const grants = await readSubscriptionGrants(tx, session.account, subscription)
  for (const { id } of grants.filter(({ kind }) => kinds.includes(kind))) {
    session.end(id, 'EXPIRE', { type: 'subscription', id: subscription.id, detail: { reason } })
  }
}
