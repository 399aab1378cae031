import { nowOf } from '../../platform/clock.ts'
import type { Transaction } from '../../platform/database.ts'
import { checkStorable, invalidInput } from '../../platform/errors.ts'
import type { Viewer } from '../accounts/viewer.ts'
import type { PublishedCard } from '../catalog/read-catalog.ts'
import { endInvoice } from '../invoices/end-invoice.ts'
import { readStoredInvoice } from '../invoices/read-stored-invoice.ts'
import { type AccountSession, withAccount } from '../ledger/with-account.ts'
import { announceSubscription, cancellationOf } from './announce-subscription.ts'
import type { SubscriptionDeps } from './deps.ts'
import { endAllowances } from './end-allowances.ts'
import { readArrears, unmarkInvoiced } from './read-arrears.ts'
import { recordEndedPeriod } from './read-ended-periods.ts'
import { findSubscription, readSubscription, type SubscriptionView, versionOf } from './read-subscription.ts'
import { type CancelReason, readLiveSubscription, type Subscription } from './read-subscriptions.ts'
import { billArrears } from './renew-subscription.ts'
import { renewOverdue } from './settle-due-subscriptions.ts'

export interface CancelSubscriptionInput {
  subscriptionId: string
  at: 'PERIOD_END' | 'NOW'
  reason?: CancelReason | null | undefined
  /** What the customer says about it, in their own words. */
  comment?: string | null | undefined
}

const LONGEST_COMMENT = 1000

/**
 * Ends a subscription: at the end of its period, or NOW: access and allowance end, purchased grants stay, overage is
 * invoiced, no money goes back. Cancelling again changes nothing; NOW keeps what was said before, unless it says something.
 * Throws NOT_FOUND, and INVALID_INPUT for a comment that is too long.
 */
export async function cancelSubscription(
  deps: SubscriptionDeps,
  viewer: Viewer,
  input: CancelSubscriptionInput,
): Promise<SubscriptionView> {
  const { project } = viewer
  const said = { reason: input.reason ?? null, comment: checkComment(input.comment) }
  const found = await findSubscription(deps.database, viewer, input.subscriptionId)
  await renewOverdue(deps, project.id, found.customerPk)
  const catalog = await deps.catalog.read(project.id)
  const { version } = await deps.database.transaction((tx) =>
    withAccount(tx, found.customerPk, nowOf(project), async (session) => {
      const subscription = await readLiveSubscription(tx, found.customerPk, found.id)
      if (!subscription) return
      const at = nowOf(project)
      const from = await versionOf(deps.catalog, project.id, subscription.cardPk)
      const canceling = withWords(subscription, said, at)
      // A pause has no period whose end could be waited for.
      if (input.at === 'PERIOD_END' && subscription.status !== 'PAUSED') {
        if (!subscription.cancelAtPeriodEnd) await endLater(tx, session, canceling, from, at)
        return
      }
      await endNow(tx, session, canceling, at)
      const canceled = { ...canceling, status: 'CANCELED' } as const
      const told = { reason: 'canceled', cancellation: cancellationOf(canceled) }
      announceSubscription(tx, 'subscription.canceled', canceled, from, at, told)
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

function checkComment(input: string | null | undefined): string | null {
  const comment = checkStorable(input ?? '', 'comment').trim()
  if (comment.length > LONGEST_COMMENT) {
    throw invalidInput('comment', `comment is at most ${LONGEST_COMMENT} characters: say it in fewer`)
  }
  return comment || null
}

type Said = { reason: CancelReason | null; comment: string | null }

function withWords(subscription: Subscription, { reason, comment }: Said, at: number): Subscription {
  const { cancelReason, cancelComment } = subscription
  return {
    ...subscription,
    canceledAt: at,
    cancelReason: reason ?? cancelReason,
    cancelComment: comment ?? cancelComment,
  }
}

async function endLater(
  tx: Transaction,
  session: AccountSession,
  canceling: Subscription,
  from: PublishedCard,
  at: number,
): Promise<void> {
  session.touch()
  await tx.query(
    `update subscription set cancel_at_period_end = true, canceled_at = $2, cancel_reason = $3::cancel_reason,
       cancel_comment = $4, pause_at_period_end = false, pending_card_pk = null, pending_quantities = null where id = $1`,
    [canceling.id, new Date(at), canceling.cancelReason, canceling.cancelComment],
  )
  const cancellation = cancellationOf(canceling)
  announceSubscription(tx, 'subscription.cancellation_scheduled', canceling, from, at, { cancellation })
}

async function endNow(tx: Transaction, session: AccountSession, subscription: Subscription, at: number): Promise<void> {
  session.touch()
  await endAllowances(tx, session, subscription, 'the subscription was cancelled')
  if (subscription.status !== 'PAUSED') recordEndedPeriod(tx, subscription, at)
  await tx.query(
    `update subscription set status = 'CANCELED', cancel_at_period_end = false, canceled_at = $2,
       cancel_reason = $3::cancel_reason, cancel_comment = $4, due_at = null, open_invoice_id = null where id = $1`,
    [subscription.id, new Date(at), subscription.cancelReason, subscription.cancelComment],
  )
}

/** A renewal that is not paid has brought nothing, and is void. The overage on it is owed all the same: it is billed anew. */
async function undoInvoice(tx: Transaction, invoiceId: string, at: number): Promise<void> {
  const invoice = await readStoredInvoice(tx, invoiceId, 'for update')
  if (invoice.status !== 'OPEN') return
  endInvoice(tx, invoice, 'VOID', at)
  unmarkInvoiced(tx, invoice.customerPk, invoice.id)
}
