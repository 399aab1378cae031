import { type ChangePlan, type Money, type Period, periodAt, planStart, planTrial, type Quantities } from '@florin/core'
import { nowOf } from '../../platform/clock.ts'
import type { Transaction } from '../../platform/database.ts'
import { Fault } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import type { Catalog, PublishedCard } from '../catalog/read-catalog.ts'
import { issueInvoice } from '../invoices/issue-invoice.ts'
import { quoteInvoice } from '../invoices/quote-invoice.ts'
import { withAccount } from '../ledger/with-account.ts'
import type { Fulfilment, Outcome } from '../payments/purpose.ts'
import { announceSubscription } from './announce-subscription.ts'
import { grantAllowances } from './grant-allowances.ts'
import { isHeld, readLiveSubscriptions, SUBSCRIPTION_COLUMNS, type Subscription } from './read-subscriptions.ts'
import { hadTrial, recordTrial } from './read-trials-had.ts'
import { type Withheld, withholdSpentFree } from './withhold-spent-free.ts'

/**
 * Refuses a card whose meters another active card of the customer rates already, but for the subscription that is going to
 * have it. Call it under the customer's lock.
 * Throws CONFLICT, which points to changeRateCard.
 */
export async function refuseSecondRating(
  tx: Transaction,
  customerPk: number,
  catalog: Catalog,
  card: PublishedCard,
  now: number,
  except: string | null = null,
): Promise<void> {
  const live = (await readLiveSubscriptions(tx, [customerPk])).get(customerPk) ?? []
  for (const subscription of live.filter((other) => other.id !== except && isHeld(other, now))) {
    const other = catalog.versionsByPk.get(subscription.cardPk)
    const same = other?.card.code === card.card.code
    const meter = other && [...other.ratesByMeter.keys()].find((pk) => card.ratesByMeter.has(pk))
    if (same) throw new Fault('CONFLICT', `the customer is subscribed to "${card.card.code}" already`, 'rateCard')
    if (meter !== undefined) {
      const code = catalog.metersByPk.get(meter)?.code
      throw new Fault(
        'CONFLICT',
        `the meter "${code}" is rated by the customer's card "${other?.card.code}" already: use changeRateCard to move to "${card.card.code}"`,
        'rateCard',
      )
    }
  }
}

/** What begins with a subscription: its first period, or its trial. */
export interface Start {
  readonly plan: ChangePlan
  readonly period: Period
  readonly anchor: number
  readonly trialEndsAt: number | null
  readonly timezone: string
}

/**
 * Decides what a subscription to the card begins with. A trial comes once for a customer and a card: whoever had one pays.
 * Call it under the customer's lock. Throws CONFLICT.
 */
export async function decideStart(
  tx: Transaction,
  customerPk: number,
  catalog: Catalog,
  card: PublishedCard,
  quantities: Quantities,
  now: number,
): Promise<Start> {
  await refuseSecondRating(tx, customerPk, catalog, card, now)
  const [customer] = await tx.query<{ timezone: string }>(`select timezone from customer where pk = $1`, [customerPk])
  if (!customer) throw new Error(`customer ${customerPk} is missing`)
  const { timezone } = customer
  const trial = (await hadTrial(tx, customerPk, card.card.code))
    ? null
    : planTrial(card.card, quantities, now, timezone)
  if (trial) {
    return {
      plan: trial,
      period: { ...trial.period, index: -1 },
      anchor: trial.anchor,
      trialEndsAt: trial.anchor,
      timezone,
    }
  }
  const period = periodAt(now, card.card.interval, timezone, 0)
  return { plan: planStart(card.card, quantities), period, anchor: now, trialEndsAt: null, timezone }
}

/** What is to be paid at the start, with tax, and after account credit. */
export async function dueAtStart(
  tx: Transaction,
  customerPk: number,
  start: Start,
  card: PublishedCard,
): Promise<Money> {
  return (await quoteInvoice(tx, { customerPk, currency: card.card.currency, lines: start.plan.lines })).due
}

/** Begins a subscription: its first period, allowance and invoice together. */
export async function startSubscription(
  tx: Transaction,
  { project, customerPk, paid }: Fulfilment,
  catalog: Catalog,
  card: PublishedCard,
  quantities: Quantities,
): Promise<Outcome> {
  const now = nowOf(project)
  const { result, ...moved } = await withAccount(tx, customerPk, now, async (session) => {
    const start = await decideStart(tx, customerPk, catalog, card, quantities, now)
    const free = await withholdSpentFree(tx, customerPk, catalog, { card, quantities }, start.plan.allowances, now)
    const subscription = await insertSubscription(tx, customerPk, card, quantities, start, free.withheld)
    session.touch()
    if (start.trialEndsAt !== null) recordTrial(tx, customerPk, card.card.code)
    const reason = `${card.card.name} ${start.trialEndsAt === null ? 'allowance' : 'trial'}`
    await grantAllowances(tx, session, catalog, subscription, free.allowances, reason)
    const invoice = await issueInvoice(tx, project, {
      customerPk,
      subscriptionId: subscription.id,
      currency: card.card.currency,
      lines: start.plan.lines,
      period: start.period,
      issuedAt: now,
      paid: paid?.amount ?? null,
      collect: 'NOW',
    })
    announceSubscription(tx, 'subscription.started', subscription, card, now)
    return { subscriptionId: subscription.id, ...(invoice ? { invoiceId: invoice.id } : {}) }
  })
  return { ...result, ...moved }
}

async function insertSubscription(
  tx: Transaction,
  customerPk: number,
  card: PublishedCard,
  quantities: Quantities,
  { plan, period, anchor, trialEndsAt, timezone }: Start,
  withheld: Withheld['withheld'],
): Promise<Subscription> {
  const [row] = await tx.query<Subscription>(
    `insert into subscription as s (id, customer_pk, rate_card_version_pk, status, quantities, anchor_at, timezone,
       period_index, current_period_start, current_period_end, due_at, trial_ends_at, paid_minor, withheld)
     values ($1, $2, $3, $4::subscription_status, $5, $6, $7, $8, $9, $10, $10, $11, $12, $13)
     returning ${SUBSCRIPTION_COLUMNS}`,
    [
      newId(),
      customerPk,
      card.pk,
      trialEndsAt === null ? 'ACTIVE' : 'TRIALING',
      JSON.stringify(quantities),
      new Date(anchor),
      timezone,
      period.index,
      new Date(period.start),
      new Date(period.end),
      trialEndsAt === null ? null : new Date(trialEndsAt),
      plan.due.minor,
      JSON.stringify(withheld),
    ],
  )
  return row as Subscription
}
