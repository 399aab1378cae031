import { Fault } from '../../platform/errors.ts'
import type { Viewer } from '../accounts/viewer.ts'
import { type InvoiceView, readInvoice } from '../invoices/read-invoices.ts'
import { withAccount } from '../ledger/with-account.ts'
import type { SubscriptionDeps } from './deps.ts'
import { findSubscription, versionOf } from './read-subscription.ts'
import { crossBoundary } from './renew-subscription.ts'
import { renewOverdue } from './settle-due-subscriptions.ts'

/**
 * The invoice that would be issued at the end of the running period if nothing more were used: a DRAFT without a number.
 * Null: nothing would be invoiced. The period's end is carried out and taken back. Throws NOT_FOUND, CONFLICT.
 */
export async function previewInvoice(
  deps: SubscriptionDeps,
  viewer: Viewer,
  subscriptionId: string,
): Promise<InvoiceView | null> {
  const { project } = viewer
  const found = await findSubscription(deps.database, viewer, subscriptionId)
  await renewOverdue(deps, project.id, found.customerPk)
  const subscription = await findSubscription(deps.database, viewer, subscriptionId)
  if (subscription.status === 'CANCELED' || subscription.status === 'PAUSED') {
    throw new Fault('CONFLICT', 'this subscription is not running: no invoice comes of it', 'subscriptionId')
  }
  const from = await versionOf(deps.catalog, project.id, subscription.cardPk)
  const catalog = await deps.catalog.read(project.id)
  const { customerPk, currentPeriodEnd: at } = subscription
  return deps.database.dryRun(async (tx) => {
    await withAccount(tx, customerPk, at, (session) =>
      crossBoundary({ tx, session, project, catalog, subscription, from, at }),
    )
    const [issued] = await tx.query<{ id: string }>(
      `select id from invoice where subscription_id = $1 and issued_at = $2 order by id desc limit 1`,
      [subscription.id, new Date(at)],
    )
    const invoice = issued ? await readInvoice(tx, issued.id) : null
    return invoice && { ...invoice, status: 'DRAFT', number: 'DRAFT', issuedAt: null }
  })
}
