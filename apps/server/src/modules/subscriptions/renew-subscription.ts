import {
  arrearsLines,
  fixedTotal,
  type Grant,
  type Leftover,
  type LeftoverPlan,
  leastCharge,
  planRenewal,
  type RenewalPlan,
} from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import type { Project } from '../accounts/viewer.ts'
import type { Catalog, PublishedCard } from '../catalog/read-catalog.ts'
import { type IssuedInvoice, issueInvoice } from '../invoices/issue-invoice.ts'
import { quoteInvoice } from '../invoices/quote-invoice.ts'
import { DEFAULT_PRIORITY } from '../ledger/add-grant.ts'
import { type AccountSession, withAccount } from '../ledger/with-account.ts'
import { announceSubscription, cancellationOf } from './announce-subscription.ts'
import type { SubscriptionDeps } from './deps.ts'
import { endAllowances, endGrants } from './end-allowances.ts'
import { grantAllowances } from './grant-allowances.ts'
import { type Arrear, inBillingOrder, markInvoiced, readArrears } from './read-arrears.ts'
import { recordEndedPeriod } from './read-ended-periods.ts'
import { nextCard } from './read-next-renewal.ts'
import { versionOf } from './read-subscription.ts'
import { readSubscriptionGrants } from './read-subscription-grants.ts'
import { readDueSubscriptions, type Subscription } from './read-subscriptions.ts'

/** A boundary of one subscription, under its customer's lock. */
interface Boundary {
  readonly tx: Transaction
  readonly session: AccountSession
  readonly project: Project
  readonly catalog: Catalog
  readonly subscription: Subscription
  readonly from: PublishedCard
  /** The instant at which it is due, in the project's time. */
  readonly at: number
}

/**
 * Takes a subscription over the end of its period (its trial, its pause), as of that instant, in one step: what expires or
 * rolls over, what is invoiced, and what is granted. A free card brings its allowances at once, whatever else is due; a paid
 * one as soon as nothing is due on its invoice (see collectRenewal).
 */
export async function renewSubscription(
  deps: SubscriptionDeps,
  project: Project,
  due: Subscription,
  at: number,
): Promise<void> {
  const from = await versionOf(deps.catalog, project.id, due.cardPk)
  if (due.pendingCardPk !== null) await versionOf(deps.catalog, project.id, due.pendingCardPk)
  const catalog = await deps.catalog.read(project.id)
  const { version } = await deps.database.transaction((tx) =>
    withAccount(tx, due.customerPk, at, async (session) => {
      const subscription = await stillDue(tx, due, at)
      if (!subscription) return
      await crossBoundary({ tx, session, project, catalog, subscription, from, at })
    }),
  )
  deps.pubsub.publish([{ key: due.customerPk, version }])
}

/** What happens at the boundary, in the caller's transaction: previews look at it and take it back. */
export async function crossBoundary(boundary: Boundary): Promise<void> {
  const { session, subscription } = boundary
  session.touch()
  if (subscription.cancelAtPeriodEnd) await endPeriod(boundary)
  else if (subscription.pauseAtPeriodEnd) await beginPause(boundary)
  else await beginPeriod(boundary)
}

async function stillDue(tx: Transaction, due: Subscription, at: number): Promise<Subscription | undefined> {
  const found = await readDueSubscriptions(tx, due.customerPk, at)
  return found.find(({ id, dueAt, openInvoiceId }) => id === due.id && dueAt === due.dueAt && !openInvoiceId)
}

async function beginPeriod(boundary: Boundary): Promise<void> {
  const { tx, session, project, catalog, subscription, at } = boundary
  const [arrears, grants] = await Promise.all([
    readArrears(tx, catalog, subscription, boundary.from),
    readSubscriptionGrants(tx, session.account, subscription),
  ])
  const { plan, to } = decideRenewal(boundary, grants, arrears)
  await applyLeftovers(boundary, plan, grants)
  if (subscription.status !== 'PAUSED') recordEndedPeriod(tx, subscription, subscription.currentPeriodEnd)
  const waits = await waitsForMore(boundary, plan, to)
  const invoice = await issueInvoice(tx, project, {
    customerPk: subscription.customerPk,
    subscriptionId: subscription.id,
    currency: to.card.currency,
    lines: waits ? [] : plan.lines,
    period: plan.period,
    issuedAt: at,
    paid: null,
    collect: 'LATER',
  })
  if (!waits) markInvoiced(tx, subscription.customerPk, arrears, invoice)
  const renewed = writePeriod(tx, subscription, to, plan, invoice)
  if (plan.grants === 'AT_ONCE' || invoice?.status !== 'OPEN') {
    await grantAllowances(tx, session, catalog, renewed, plan.allowances, `${to.card.name} allowance`)
  }
  announcePeriod(boundary, renewed, to)
}

/** Overage of less than can be charged goes on the next invoice, as usage does that comes late. */
async function waitsForMore(
  { tx, subscription: { customerPk } }: Boundary,
  { lines, terms }: RenewalPlan,
  to: PublishedCard,
): Promise<boolean> {
  const { currency } = to.card
  if (lines.length === 0 || fixedTotal(to.card, terms.quantities).minor > 0n) return false
  const { due } = await quoteInvoice(tx, { customerPk, currency, lines })
  return due.minor > 0n && due.minor < leastCharge(currency)
}

function announcePeriod({ tx, subscription, from, at }: Boundary, renewed: Subscription, to: PublishedCard): void {
  const type = subscription.status === 'PAUSED' ? 'subscription.resumed' : 'subscription.renewed'
  announceSubscription(tx, type, renewed, to, at)
  if (subscription.pendingCardPk === null) return
  const before = { previousRateCard: from.card.code, quantities: renewed.quantities }
  announceSubscription(tx, 'subscription.changed', renewed, to, at, before)
}

/** The plan, and the card of the next period. */
function decideRenewal(
  { catalog, subscription, from, at }: Boundary,
  grants: readonly Grant[],
  arrears: readonly Arrear[],
) {
  const to = nextCard(catalog, subscription, from)
  const quantities = subscription.pendingQuantities ?? subscription.quantities
  const { currentPeriodStart: start, currentPeriodEnd: end, anchorAt, timezone, status } = subscription
  // After a pause, time is counted anew from the moment it ended.
  const paused = status === 'PAUSED'
  const plan = planRenewal({
    card: from.card,
    quantities: subscription.quantities,
    pending: { card: to.card, quantities },
    endedPeriod: paused ? { start: end, end: at } : { start, end },
    anchor: paused ? at : anchorAt,
    timeZone: timezone,
    leftovers: leftoversOf(catalog, grants),
    arrears: inBillingOrder(arrears, start),
  })
  return { plan, to }
}

function leftoversOf(catalog: Catalog, grants: readonly Grant[]): Leftover[] {
  return grants.map(({ id, creditType, kind, remaining, expiresAt }) => ({
    grantId: id,
    creditType: catalog.creditTypesByPk.get(creditType)?.code ?? '',
    kind: kind === 'ROLLOVER' ? kind : 'ALLOWANCE',
    remaining,
    expiresAt,
  }))
}

/** Leftovers expire or roll over; a spent allowance ends with its period all the same. */
async function applyLeftovers(
  { session, catalog, subscription, at }: Boundary,
  { leftovers }: Pick<RenewalPlan, 'leftovers'>,
  grants: readonly Grant[],
): Promise<void> {
  const cause = (reason: string) => ({ type: 'subscription' as const, id: subscription.id, detail: { reason } })
  for (const leftover of leftovers) {
    if (leftover.kind === 'ROLLOVER') {
      if (leftover.expires > 0n) session.shrink(leftover.grantId, leftover.expires, cause('beyond the rollover cap'))
      continue
    }
    if (leftover.rollsOver === 0n) continue
    session.rollOver(leftover.grantId, leftover.rollsOver, cause('rolled over'))
    await session.add(rolledOver(catalog, subscription, leftover, at), () => cause('rolled over'))
  }
  endGrants(
    session,
    subscription,
    grants.filter(({ kind }) => kind === 'ALLOWANCE'),
    'unspent at the end of its period',
  )
}

function rolledOver(catalog: Catalog, { id, customerPk }: Subscription, leftover: LeftoverPlan, at: number) {
  return {
    customerPk,
    creditType: catalog.creditTypes.get(leftover.creditType)?.pk as number,
    kind: 'ROLLOVER' as const,
    amount: leftover.rollsOver,
    priority: DEFAULT_PRIORITY,
    effectiveAt: at,
    expiresAt: leftover.expiresAt,
    appliesTo: [],
    subscriptionId: id,
  }
}

function writePeriod(
  tx: Transaction,
  subscription: Subscription,
  to: PublishedCard,
  { period, anchor, terms }: RenewalPlan,
  invoice: IssuedInvoice | null,
): Subscription {
  const open = invoice?.status === 'OPEN' ? invoice.id : null
  tx.send(
    `update subscription set status = 'ACTIVE', rate_card_version_pk = $2, quantities = $3, period_index = $4,
       current_period_start = $5, current_period_end = $6, anchor_at = $7, pending_card_pk = null,
       pending_quantities = null, resumes_at = null, open_invoice_id = $8, due_at = $9, paid_minor = $10,
       kept_minor = 0, withheld = '{}' where id = $1`,
    [
      subscription.id,
      to.pk,
      JSON.stringify(terms.quantities),
      period.index,
      new Date(period.start),
      new Date(period.end),
      new Date(anchor),
      open,
      // An open invoice is due at once, as of the boundary.
      new Date(open ? period.start : period.end),
      open ? 0n : fixedTotal(terms.card, terms.quantities).minor,
    ],
  )
  return {
    ...subscription,
    status: 'ACTIVE',
    cardPk: to.pk,
    quantities: terms.quantities,
    currentPeriodStart: period.start,
    currentPeriodEnd: period.end,
  }
}

/** The end of a cancelled period: what the card brought ends with it, and overage is still owed. */
async function endPeriod(boundary: Boundary): Promise<void> {
  const { tx, session, subscription } = boundary
  await endAllowances(tx, session, subscription, 'the subscription was cancelled')
  recordEndedPeriod(tx, subscription, subscription.currentPeriodEnd)
  await tx.query(`update subscription set status = 'CANCELED', due_at = null where id = $1`, [subscription.id])
  const canceled = { ...subscription, status: 'CANCELED' } as const
  announceSubscription(tx, 'subscription.canceled', canceled, boundary.from, boundary.at, {
    reason: 'canceled',
    cancellation: cancellationOf(subscription),
  })
  await billArrears(boundary, await readArrears(tx, boundary.catalog, subscription, boundary.from))
}

/** The end of a period after which the subscription rests: leftovers as at a renewal, and no next period yet. */
async function beginPause(boundary: Boundary): Promise<void> {
  const { tx, session, subscription } = boundary
  const grants = await readSubscriptionGrants(tx, session.account, subscription)
  await applyLeftovers(boundary, decideRenewal(boundary, grants, []).plan, grants)
  recordEndedPeriod(tx, subscription, subscription.currentPeriodEnd)
  await tx.query(
    `update subscription set status = 'PAUSED', pause_at_period_end = false, paid_minor = 0, kept_minor = 0, due_at = resumes_at where id = $1`,
    [subscription.id],
  )
  const paused = { ...subscription, status: 'PAUSED' } as const
  announceSubscription(tx, 'subscription.paused', paused, boundary.from, boundary.at)
  await billArrears(boundary, await readArrears(tx, boundary.catalog, subscription, boundary.from))
}

/** An invoice for overage alone, collected like a renewal's: of a subscription that ends, or rests. */
export async function billArrears(boundary: Boundary, arrears: readonly Arrear[]): Promise<void> {
  const { tx, project, subscription, from, at } = boundary
  const { id, customerPk, currentPeriodStart } = subscription
  const invoice = await issueInvoice(tx, project, {
    customerPk,
    subscriptionId: id,
    currency: from.card.currency,
    lines: arrearsLines(inBillingOrder(arrears, currentPeriodStart)),
    period: { start: currentPeriodStart, end: Math.min(at, subscription.currentPeriodEnd) },
    issuedAt: at,
    paid: null,
    collect: 'LATER',
  })
  markInvoiced(tx, customerPk, arrears, invoice)
  if (invoice?.status !== 'OPEN') return
  await tx.query(`update subscription set open_invoice_id = $2, due_at = $3 where id = $1`, [
    id,
    invoice.id,
    new Date(at),
  ])
}
