import { nowOf } from '../../platform/clock.ts'
import type { Transaction } from '../../platform/database.ts'
import type { Viewer } from '../accounts/viewer.ts'
import { endInvoice } from '../invoices/end-invoice.ts'
import { readStoredInvoice } from '../invoices/read-stored-invoice.ts'
import { type AccountSession, withAccount } from '../ledger/with-account.ts'
import { announceSubscription } from './announce-subscription.ts'
import type { SubscriptionDeps } from './deps.ts'
import { endAllowances } from './end-allowances.ts'
import { readArrears, unmarkInvoiced } from './read-arrears.ts'
import { recordEndedPeriod } from './read-ended-periods.ts'
import { findSubscription, readSubscription, type SubscriptionView, versionOf } from './read-subscription.ts'
import { readLiveSubscription, type Subscription } from './read-subscriptions.ts'
import { billArrears } from './renew-subscription.ts'
import { renewOverdue } from './settle-due-subscriptions.ts'

/**
 * Ends a subscription: at the end of its period, or NOW: access and allowance end, purchased grants stay, overage is
 * invoiced, no money goes back. Cancelling again changes nothing. Throws NOT_FOUND.
 */
export async function cancelSubscription(
  deps: SubscriptionDeps,
  viewer: Viewer,
  input: { subscriptionId: string; at: 'PERIOD_END' | 'NOW' },
): Promise<SubscriptionView> {
  const { project } = viewer
  const found = await findSubscription(deps.database, viewer, input.subscriptionId)
  await renewOverdue(deps, project.id, found.customerPk)
  const catalog = await deps.catalog.read(project.id)
  const { version } = await deps.database.transaction((tx) =>
    withAccount(tx, found.customerPk, nowOf(project), async (session) => {
      const subscription = await readLiveSubscription(tx, found.customerPk, found.id)
      if (!subscription) return
      const at = nowOf(project)
      // A pause has no period whose end could be waited for.
      if (input.at === 'PERIOD_END' && subscription.status !== 'PAUSED') return endLater(tx, session, subscription, at)
      const from = await versionOf(deps.catalog, project.id, subscription.cardPk)
      await endNow(tx, session, subscription, at)
      const canceled = { ...subscription, status: 'CANCELED' } as const
      announceSubscription(tx, 'subscription.canceled', canceled, from, at, { reason: 'canceled' })
      if (subscription.openInvoiceId) await undoInvoice(tx, subscription.openInvoiceId, at)
      await billArrears(
        { tx, session, project, catalog, subscription, from, at },
        await readArrears(tx, catalog, subscription, from),
      )
    }),
  )
  deps.pubsub.publish([{ key: found.customerPk, version }])
  return readSubscription(deps, viewer, input.subscriptionId)
}

async function endLater(tx: Transaction, session: AccountSession, { id }: Subscription, at: number): Promise<void> {
  const marked = await tx.query(
    `update subscription set cancel_at_period_end = true, canceled_at = $2, pause_at_period_end = false,
       pending_card_pk = null, pending_quantities = null where id = $1 and not cancel_at_period_end returning 1`,
    [id, new Date(at)],
  )
  if (marked.length > 0) session.touch()
}

async function endNow(tx: Transaction, session: AccountSession, subscription: Subscription, at: number): Promise<void> {
  session.touch()
  await endAllowances(tx, session, subscription, 'the subscription was cancelled')
  if (subscription.status !== 'PAUSED') recordEndedPeriod(tx, subscription, at)
  await tx.query(
    `update subscription set status = 'CANCELED', cancel_at_period_end = false, canceled_at = $2, due_at = null,
       open_invoice_id = null where id = $1`,
    [subscription.id, new Date(at)],
  )
}

/** A renewal that is not paid has brought nothing, and is void. The overage on it is owed all the same: it is billed anew. */
async function undoInvoice(tx: Transaction, invoiceId: string, at: number): Promise<void> {
  const invoice = await readStoredInvoice(tx, invoiceId, 'for update')
  if (invoice.status !== 'OPEN') return
  endInvoice(tx, invoice, 'VOID', at)
  unmarkInvoiced(tx, invoice.customerPk, invoice.id)
}
