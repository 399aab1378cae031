import { type ChangePlan, planRateDifference, type Quantities } from '@florin/core'
import { nowOf } from '../../platform/clock.ts'
import type { Transaction } from '../../platform/database.ts'
import { Fault } from '../../platform/errors.ts'
import type { Catalog, PublishedCard } from '../catalog/read-catalog.ts'
import { createInvoice } from '../invoices/create-invoice.ts'
import { withAccount } from '../ledger/with-account.ts'
import type { Fulfilment, Outcome } from '../payments/purpose.ts'
import { readLiveSubscriptions, type Subscription } from './read-subscriptions.ts'
import { grantAllowances, refuseOtherAmount } from './start-subscription.ts'

export interface CardChange {
  readonly subscriptionId: string
  readonly from: PublishedCard
  readonly to: PublishedCard
  readonly quantities: Quantities
}

/** The subscription as it stands, if the change still starts from the card it was decided on. Throws CONFLICT. */
export async function findChanging(
  tx: Transaction,
  customerPk: number,
  { subscriptionId, from, to }: CardChange,
): Promise<Subscription> {
  const live = (await readLiveSubscriptions(tx, [customerPk])).get(customerPk) ?? []
  const subscription = live.find(({ id }) => id === subscriptionId)
  if (!subscription) throw new Fault('CONFLICT', 'this subscription has ended: subscribe anew', 'subscriptionId')
  if (subscription.cardPk === to.pk) {
    throw new Fault('CONFLICT', `the subscription is on "${to.card.code}" already`, 'rateCard')
  }
  if (subscription.cardPk !== from.pk) {
    throw new Fault('CONFLICT', 'the subscription was changed in the meantime: look at it again', 'subscriptionId')
  }
  return subscription
}

/** What the change moves now. Throws CONFLICT for what an immediate change can't do. */
export function planChange(subscription: Subscription, { from, to, quantities }: CardChange): ChangePlan {
  if (from.card.currency !== to.card.currency) {
    throw new Fault(
      'CONFLICT',
      `a subscription in ${from.card.currency} can't change to a card in ${to.card.currency}`,
      'rateCard',
    )
  }
  if (from.card.interval !== to.card.interval) {
    throw new Fault(
      'CONFLICT',
      'changing between intervals is not possible yet: cancel, then subscribe anew',
      'rateCard',
    )
  }
  const plan = planRateDifference(
    { card: from.card, quantities: subscription.quantities },
    { card: to.card, quantities },
  )
  const takesBack = plan.due.minor < 0n || [...plan.allowances.values()].some((amount) => amount < 0n)
  if (takesBack) {
    throw new Fault(
      'CONFLICT',
      'a change to a smaller card at once is not possible yet: cancel at the period end, then subscribe',
      'rateCard',
    )
  }
  return plan
}

/** Moves the subscription to the other card: difference of money and allowances now, usage and period stay. */
export async function changeSubscription(
  tx: Transaction,
  { project, customerPk, paid }: Fulfilment,
  catalog: Catalog,
  change: CardChange,
): Promise<Outcome> {
  const now = nowOf(project)
  const { to, quantities } = change
  const { result, version } = await withAccount(tx, customerPk, now, async (session) => {
    const subscription = await findChanging(tx, customerPk, change)
    const plan = planChange(subscription, change)
    refuseOtherAmount(plan, paid?.amount.minor ?? 0n)
    await tx.query(
      `update subscription set rate_card_version_pk = $2, quantities = $3, cancel_at_period_end = false,
         pending_card_pk = null, pending_quantities = null where id = $1`,
      [subscription.id, to.pk, JSON.stringify(quantities)],
    )
    session.touch()
    await grantAllowances(tx, session, catalog, subscription, plan.allowances, to)
    const period = { start: subscription.currentPeriodStart, end: subscription.currentPeriodEnd }
    const { currency } = to.card
    const invoiceId = paid
      ? await createInvoice(tx, project, {
          customerPk,
          currency,
          lines: plan.lines,
          period,
          status: 'PAID',
          issuedAt: now,
        })
      : undefined
    return { subscriptionId: subscription.id, ...(invoiceId ? { invoiceId } : {}) }
  })
  return { ...result, version }
}
