import type { Grant } from '@florin/core'
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
  endGrants(
    session,
    subscription,
    grants.filter(({ kind }) => kinds.includes(kind)),
    reason,
  )
}

/** Ends grants of a subscription that its caller has read already: what remains of them expires. */
export function endGrants(
  session: AccountSession,
  subscription: Subscription,
  grants: readonly Grant[],
  reason: string,
): void {
  for (const { id } of grants) {
    session.end(id, 'EXPIRE', { type: 'subscription', id: subscription.id, detail: { reason } })
  }
}
