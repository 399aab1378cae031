import { type Cause, type ChangePlan, type Credits, negate } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import type { Catalog } from '../catalog/read-catalog.ts'
import { DEFAULT_PRIORITY } from '../ledger/add-grant.ts'
import type { AccountSession } from '../ledger/with-account.ts'
import type { Subscription } from './read-subscriptions.ts'

/**
 * Moves the running period's allowances: adds to the period's grant of a credit type where there is one, so that there is
 * never a second, and takes back from it what a plan takes back.
 */
export async function grantAllowances(
  tx: Transaction,
  session: AccountSession,
  catalog: Catalog,
  subscription: Subscription,
  allowances: ChangePlan['allowances'],
  reason: string,
): Promise<void> {
  const cause: Cause = { type: 'subscription', id: subscription.id, detail: { reason } }
  for (const [code, amount] of allowances) {
    const creditType = catalog.creditTypes.get(code)?.pk
    if (creditType === undefined) throw new Error(`credit type ${code} is missing`)
    const known = await currentAllowance(tx, subscription, creditType)
    if (!known) await session.add(newAllowance(subscription, creditType, amount), () => cause)
    else if (amount > 0n) session.grow(known, amount, cause)
    else session.shrink(known, negate(amount), cause)
  }
}

function newAllowance(subscription: Subscription, creditType: number, amount: Credits) {
  if (amount < 0n) throw new Error('an allowance that was never granted can not be taken back')
  return {
    customerPk: subscription.customerPk,
    creditType,
    kind: 'ALLOWANCE' as const,
    amount,
    priority: DEFAULT_PRIORITY,
    effectiveAt: subscription.currentPeriodStart,
    expiresAt: subscription.currentPeriodEnd,
    appliesTo: [],
    subscriptionId: subscription.id,
    periodStart: subscription.currentPeriodStart,
  }
}

/** The grant that holds the running period's allowance of a credit type. */
async function currentAllowance(
  tx: Transaction,
  subscription: Subscription,
  creditType: number,
): Promise<string | null> {
  const [grant] = await tx.query<{ id: string }>(
    `select id from "grant" where subscription_id = $1 and credit_type_pk = $2 and period_start = $3
       and kind = 'ALLOWANCE' and closed_at is null`,
    [subscription.id, creditType, new Date(subscription.currentPeriodStart)],
  )
  return grant?.id ?? null
}
