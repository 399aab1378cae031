import { nowOf } from '../../platform/clock.ts'
import { Fault } from '../../platform/errors.ts'
import type { Viewer } from '../accounts/viewer.ts'
import { withAccount } from '../ledger/with-account.ts'
import { announceSubscription } from './announce-subscription.ts'
import type { SubscriptionDeps } from './deps.ts'
import { findSubscription, readSubscription, type SubscriptionView, versionOf } from './read-subscription.ts'
import { NOT_CANCELED, readLiveSubscription } from './read-subscriptions.ts'
import { renewOverdue, settleOverdue } from './settle-due-subscriptions.ts'

/**
 * Takes back a cancellation, a pause or a pending change that has not happened yet. A pause that has begun ends: a period
 * begins now, and is collected like any renewal. Throws NOT_FOUND, and CONFLICT when the subscription has ended.
 */
export async function resumeSubscription(
  deps: SubscriptionDeps,
  viewer: Viewer,
  subscriptionId: string,
): Promise<SubscriptionView> {
  const { project } = viewer
  const found = await findSubscription(deps.database, viewer, subscriptionId)
  await renewOverdue(deps, project.id, found.customerPk)
  const now = new Date(nowOf(project))
  const { version } = await deps.database.transaction((tx) =>
    withAccount(tx, found.customerPk, now.getTime(), async (session) => {
      const subscription = await readLiveSubscription(tx, found.customerPk, found.id)
      if (subscription?.status === 'PAUSED' && subscription.openInvoiceId) {
        throw new Fault('CONFLICT', 'an invoice from before the pause is open: settle it first', 'subscriptionId')
      }
      const changed = await tx.query(
        `update subscription set ${NOT_CANCELED}, pending_card_pk = null, pending_quantities = null,
           pause_at_period_end = false, resumes_at = null,
           due_at = case when status = 'PAUSED' and open_invoice_id is null then $2 else due_at end
         where id = $1 and status <> 'CANCELED'
           and (status = 'PAUSED' or cancel_at_period_end or pause_at_period_end or pending_card_pk is not null)
         returning 1`,
        [found.id, now],
      )
      if (changed.length === 0) return
      session.touch()
      if (subscription?.cancelAtPeriodEnd) {
        const from = await versionOf(deps.catalog, project.id, subscription.cardPk)
        announceSubscription(tx, 'subscription.resumed', subscription, from, now.getTime())
      }
    }),
  )
  deps.pubsub.publish([{ key: found.customerPk, version }])
  await settleOverdue(deps, project, found.customerPk)
  const view = await readSubscription(deps, viewer, subscriptionId)
  const { status } = view.subscription
  if (status === 'CANCELED')
    throw new Fault('CONFLICT', 'this subscription has ended: subscribe anew', 'subscriptionId')
  return view
}
