import { allowancesOf, fixedTotal, type Period, periodContaining, planStart, sumMoney } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import type { Project } from '../accounts/viewer.ts'
import type { Catalog, PublishedCard } from '../catalog/read-catalog.ts'
import { createInvoice } from '../invoices/create-invoice.ts'
import { type AccountSession, withAccount } from '../ledger/with-account.ts'
import type { Fulfilment, Outcome } from '../payments/purpose.ts'
import type { SubscriptionDeps } from './deps.ts'
import { overageLines } from './overage-lines.ts'
import { readPeriodOverage } from './read-period-overage.ts'
import { versionOf } from './read-subscription.ts'
import { readLiveSubscriptions, type Subscription } from './read-subscriptions.ts'
import { grantAllowances } from './start-subscription.ts'

/**
 * Takes a subscription over the end of its period, as of that instant, in one step: what expires, what is invoiced, and
 * what is granted. A free renewal grants at once; a paid one when it is paid (see collectRenewal).
 */
export async function renewSubscription(
  deps: SubscriptionDeps,
  project: Project,
  due: Subscription,
  at: number,
): Promise<void> {
  const from = await versionOf(deps.catalog, project.id, due.cardPk)
  const to = due.pendingCardPk === null ? from : await versionOf(deps.catalog, project.id, due.pendingCardPk)
  const catalog = await deps.catalog.read(project.id)
  const { version } = await deps.database.transaction((tx) =>
    withAccount(tx, due.customerPk, at, async (session) => {
      const subscription = await stillDue(tx, due)
      if (!subscription) return
      session.touch()
      if (subscription.cancelAtPeriodEnd) await endPeriod(tx, project, catalog, subscription, from, at)
      else await nextPeriod(tx, project, session, catalog, subscription, { from, to }, at)
    }),
  )
  deps.pubsub.publish([{ key: due.customerPk, version }])
}

/** A renewal that was paid: the invoice is settled, the allowance granted, and the subscription in good standing. */
export async function fulfilRenewal(
  tx: Transaction,
  { customerPk }: Fulfilment,
  catalog: Catalog,
  purpose: { subscriptionId: string; invoiceId: string },
  at: number,
): Promise<Outcome> {
  const { version } = await withAccount(tx, customerPk, at, async (session) => {
    session.touch()
    await tx.query(`update invoice set status = 'PAID', amount_due_minor = 0 where id = $1`, [purpose.invoiceId])
    const live = (await readLiveSubscriptions(tx, [customerPk])).get(customerPk) ?? []
    const subscription = live.find(({ id }) => id === purpose.subscriptionId)
    if (!subscription || subscription.openInvoiceId !== purpose.invoiceId) return
    const card = catalog.versionsByPk.get(subscription.cardPk)
    if (!card) throw new Error(`the catalogue lacks version ${subscription.cardPk}`)
    if (isPaidInAdvance(card, subscription)) {
      await grantAllowances(tx, session, catalog, subscription, allowancesOf(card.card), card)
    }
    await tx.query(
      `update subscription set status = 'ACTIVE', open_invoice_id = null, first_declined_at = null, attempts = 0,
         due_at = current_period_end where id = $1`,
      [subscription.id],
    )
  })
  return { subscriptionId: purpose.subscriptionId, invoiceId: purpose.invoiceId, version }
}

async function stillDue(tx: Transaction, { id, customerPk, dueAt }: Subscription): Promise<Subscription | undefined> {
  const live = (await readLiveSubscriptions(tx, [customerPk])).get(customerPk) ?? []
  return live.find(
    (subscription) => subscription.id === id && subscription.dueAt === dueAt && !subscription.openInvoiceId,
  )
}

async function nextPeriod(
  tx: Transaction,
  project: Project,
  session: AccountSession,
  catalog: Catalog,
  subscription: Subscription,
  { from, to }: { from: PublishedCard; to: PublishedCard },
  at: number,
): Promise<void> {
  const { timezone, currentPeriodEnd, customerPk } = subscription
  // Another interval has an anchor of its own.
  const anchorAt = from.card.interval === to.card.interval ? subscription.anchorAt : currentPeriodEnd
  const quantities = subscription.pendingQuantities ?? subscription.quantities
  const period = periodContaining(anchorAt, to.card.interval, timezone, currentPeriodEnd)
  const overage = await readPeriodOverage(tx, customerPk, subscription.currentPeriodStart)
  const start = planStart(to.card, quantities)
  const lines = [...overageLines(from, catalog, overage), ...start.lines]
  const due = sumMoney(
    lines.map(({ amount }) => amount),
    to.card.currency,
  )
  const invoiceId =
    due.minor > 0n
      ? await createInvoice(tx, project, {
          customerPk,
          currency: to.card.currency,
          lines,
          period,
          status: 'OPEN',
          issuedAt: at,
        })
      : null
  const renewed = await writePeriod(tx, { ...subscription, anchorAt }, to, quantities, period, invoiceId)
  if (!isPaidInAdvance(to, renewed)) await grantAllowances(tx, session, catalog, renewed, start.allowances, to)
}

/** Whether the period's allowance waits for its payment. */
function isPaidInAdvance({ card }: PublishedCard, { quantities }: Subscription): boolean {
  return fixedTotal(card, quantities).minor > 0n
}

async function writePeriod(
  tx: Transaction,
  subscription: Subscription,
  card: PublishedCard,
  quantities: Subscription['quantities'],
  period: Period,
  invoiceId: string | null,
): Promise<Subscription> {
  await tx.query(
    `update subscription set rate_card_version_pk = $2, quantities = $3, period_index = $4, current_period_start = $5,
       current_period_end = $6, anchor_at = $9, pending_card_pk = null, pending_quantities = null, open_invoice_id = $7, due_at = $8
     where id = $1`,
    [
      subscription.id,
      card.pk,
      JSON.stringify(quantities),
      period.index,
      new Date(period.start),
      new Date(period.end),
      invoiceId,
      // An open invoice is due at once, as of the boundary.
      new Date(invoiceId ? period.start : period.end),
      new Date(subscription.anchorAt),
    ],
  )
  return {
    ...subscription,
    cardPk: card.pk,
    quantities,
    currentPeriodStart: period.start,
    currentPeriodEnd: period.end,
  }
}

/** The end of a cancelled period: overage is still owed. */
async function endPeriod(
  tx: Transaction,
  project: Project,
  catalog: Catalog,
  subscription: Subscription,
  card: PublishedCard,
  at: number,
): Promise<void> {
  const { id, customerPk, currentPeriodStart, currentPeriodEnd } = subscription
  await tx.query(`update subscription set status = 'CANCELED', due_at = null where id = $1`, [id])
  const lines = overageLines(card, catalog, await readPeriodOverage(tx, customerPk, currentPeriodStart))
  if (lines.length === 0) return
  const period = { start: currentPeriodStart, end: currentPeriodEnd }
  await createInvoice(tx, project, {
    customerPk,
    currency: card.card.currency,
    lines,
    period,
    status: 'OPEN',
    issuedAt: at,
  })
}
