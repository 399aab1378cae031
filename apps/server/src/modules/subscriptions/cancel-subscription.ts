import { nowOf } from '../../platform/clock.ts'
import type { Transaction } from '../../platform/database.ts'
import { Fault } from '../../platform/errors.ts'
import type { Project, Viewer } from '../accounts/viewer.ts'
import type { Catalog, PublishedCard } from '../catalog/read-catalog.ts'
import { createInvoice } from '../invoices/create-invoice.ts'
import { type AccountSession, withAccount } from '../ledger/with-account.ts'
import type { SubscriptionDeps } from './deps.ts'
import { overageLines } from './overage-lines.ts'
import { readPeriodOverage } from './read-period-overage.ts'
import {
  findSubscription,
  type OwnedSubscription,
  readSubscription,
  type SubscriptionView,
  versionOf,
} from './read-subscription.ts'

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
  const card = await versionOf(deps.catalog, project.id, found.cardPk)
  const catalog = await deps.catalog.read(project.id)
  const { version } = await deps.database.transaction((tx) =>
    withAccount(tx, found.customerPk, nowOf(project), async (session) => {
      const changed = await mark(tx, project, found, input.at)
      if (!changed) return
      session.touch()
      if (input.at === 'NOW') await endNow(tx, project, session, found, card, catalog)
    }),
  )
  deps.pubsub.publish([{ key: found.customerPk, version }])
  return readSubscription(deps, viewer, input.subscriptionId)
}

/** Takes back a cancellation or a pending change that has not happened yet. Throws NOT_FOUND, and CONFLICT when it has. */
export async function resumeSubscription(
  deps: SubscriptionDeps,
  viewer: Viewer,
  subscriptionId: string,
): Promise<SubscriptionView> {
  const { project } = viewer
  const found = await findSubscription(deps.database, viewer, subscriptionId)
  const { version } = await deps.database.transaction((tx) =>
    withAccount(tx, found.customerPk, nowOf(project), async (session) => {
      const resumed = await tx.query(
        `update subscription set cancel_at_period_end = false, canceled_at = null, pending_card_pk = null,
           pending_quantities = null
         where id = $1 and status <> 'CANCELED' and (cancel_at_period_end or pending_card_pk is not null)
           and current_period_end > $2 returning 1`,
        [found.id, new Date(nowOf(project))],
      )
      if (resumed.length > 0) session.touch()
    }),
  )
  deps.pubsub.publish([{ key: found.customerPk, version }])
  const view = await readSubscription(deps, viewer, subscriptionId)
  if (view.subscription.status === 'CANCELED') {
    throw new Fault('CONFLICT', 'this subscription has ended: subscribe anew', 'subscriptionId')
  }
  return view
}

async function mark(
  tx: Transaction,
  project: Project,
  { id }: OwnedSubscription,
  at: 'PERIOD_END' | 'NOW',
): Promise<boolean> {
  const change =
    at === 'NOW' ? `status = 'CANCELED', cancel_at_period_end = false, due_at = null` : 'cancel_at_period_end = true'
  const open = at === 'NOW' ? 'true' : 'not cancel_at_period_end'
  const rows = await tx.query(
    `update subscription set ${change}, canceled_at = $2 where id = $1 and status <> 'CANCELED' and ${open} returning 1`,
    [id, new Date(nowOf(project))],
  )
  return rows.length > 0
}

async function endNow(
  tx: Transaction,
  project: Project,
  session: AccountSession,
  subscription: OwnedSubscription,
  card: PublishedCard,
  catalog: Catalog,
): Promise<void> {
  const grants = await tx.query<{ id: string }>(
    `select id from "grant" where subscription_id = $1 and kind = 'ALLOWANCE' and closed_at is null`,
    [subscription.id],
  )
  const open = new Set(session.account.grants.filter(({ closed }) => !closed).map(({ id }) => id))
  for (const { id } of grants.filter((grant) => open.has(grant.id))) {
    session.end(id, 'EXPIRE', {
      type: 'subscription',
      id: subscription.id,
      detail: { reason: 'the subscription was cancelled' },
    })
  }
  const overage = await readPeriodOverage(tx, subscription.customerPk, subscription.currentPeriodStart)
  const lines = overageLines(card, catalog, overage)
  if (lines.length === 0) return
  await createInvoice(tx, project, {
    customerPk: subscription.customerPk,
    currency: card.card.currency,
    lines,
    period: { start: subscription.currentPeriodStart, end: nowOf(project) },
    status: 'OPEN',
    issuedAt: nowOf(project),
  })
}
