import {
  amountOf,
  type ChangePlan,
  type Credits,
  fixedTotal,
  larger,
  type Money,
  type Period,
  periodAt,
  planStart,
  planTrial,
  type Quantities,
  subtract,
  ZERO,
} from '@florin/core'
import { nowOf } from '../../platform/clock.ts'
import type { Transaction } from '../../platform/database.ts'
import { Fault } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import type { Catalog, PublishedCard } from '../catalog/read-catalog.ts'
import { issueInvoice } from '../invoices/issue-invoice.ts'
import { quoteInvoice } from '../invoices/quote-invoice.ts'
import { withAccount } from '../ledger/with-account.ts'
import type { Fulfilment, Outcome } from '../payments/purpose.ts'
import { grantAllowances } from './grant-allowances.ts'
import { isHeld, readLiveSubscriptions, SUBSCRIPTION_COLUMNS, type Subscription } from './read-subscriptions.ts'

/**
 * Refuses a card whose meters another active card of the customer rates already. Call it under the customer's lock.
 * Throws CONFLICT, which points to changeRateCard.
 */
export async function refuseSecondRating(
  tx: Transaction,
  customerPk: number,
  catalog: Catalog,
  card: PublishedCard,
  now: number,
): Promise<void> {
  const live = (await readLiveSubscriptions(tx, [customerPk])).get(customerPk) ?? []
  for (const subscription of live.filter((candidate) => isHeld(candidate, now))) {
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
  const [customer] = await tx.query<{ timezone: string; tried: boolean }>(
    `select timezone, exists (
       select 1 from subscription s join rate_card_version v on v.pk = s.rate_card_version_pk
       where s.customer_pk = c.pk and s.trial_ends_at is not null and v.code = $2) as tried
     from customer c where pk = $1`,
    [customerPk, card.card.code],
  )
  if (!customer) throw new Error(`customer ${customerPk} is missing`)
  const { timezone, tried } = customer
  const trial = tried ? null : planTrial(card.card, quantities, now, timezone)
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
    const subscription = await insertSubscription(tx, customerPk, card, quantities, start)
    session.touch()
    const { allowances, lines } = start.plan
    const granted =
      fixedTotal(card.card, quantities).minor > 0n
        ? allowances
        : await lessSpentFree(tx, customerPk, catalog, allowances, now)
    await grantAllowances(
      tx,
      session,
      catalog,
      subscription,
      granted,
      `${card.card.name} ${start.trialEndsAt === null ? 'allowance' : 'trial'}`,
    )
    const invoice = await issueInvoice(tx, project, {
      customerPk,
      subscriptionId: subscription.id,
      currency: card.card.currency,
      lines,
      period: start.period,
      issuedAt: now,
      paid: paid?.amount ?? null,
    })
    return { subscriptionId: subscription.id, ...(invoice ? { invoiceId: invoice.id } : {}) }
  })
  return { ...result, ...moved }
}

/**
 * A free allowance comes once a period: what was spent of a free card that was cancelled while its period still runs is
 * taken off the next one, or cancelling and subscribing again would be a well that never dries.
 */
async function lessSpentFree(
  tx: Transaction,
  customerPk: number,
  catalog: Catalog,
  allowances: ChangePlan['allowances'],
  now: number,
): Promise<ChangePlan['allowances']> {
  const rows = await tx.query<{ card_pk: number; credit_type_pk: number; spent: string }>(
    `select s.rate_card_version_pk as card_pk, g.credit_type_pk, (-sum(e.amount))::text as spent
     from subscription s join "grant" g on g.subscription_id = s.id and g.kind = 'ALLOWANCE'
     join ledger_entry e on e.grant_id = g.id and e.kind in ('DRAW', 'REVERSE')
     where s.customer_pk = $1 and s.status = 'CANCELED' and s.current_period_end > $2
       and g.period_start = s.current_period_start and e.customer_pk = $1
     group by 1, 2`,
    [customerPk, new Date(now)],
  )
  const left = new Map(allowances)
  for (const { card_pk, credit_type_pk, spent } of rows) {
    const card = catalog.versionsByPk.get(card_pk)?.card
    const code = catalog.creditTypesByPk.get(credit_type_pk)?.code ?? ''
    if (!card || fixedTotal(card, {}).minor > 0n || !left.has(code)) continue
    left.set(code, larger(subtract(left.get(code) as Credits, amountOf<'credits'>(spent)), ZERO as Credits))
  }
  return new Map([...left].filter(([, amount]) => amount > 0n))
}

async function insertSubscription(
  tx: Transaction,
  customerPk: number,
  card: PublishedCard,
  quantities: Quantities,
  { plan, period, anchor, trialEndsAt, timezone }: Start,
): Promise<Subscription> {
  const [row] = await tx.query<Subscription>(
    `insert into subscription as s (id, customer_pk, rate_card_version_pk, status, quantities, anchor_at, timezone,
       period_index, current_period_start, current_period_end, due_at, trial_ends_at, paid_minor)
     values ($1, $2, $3, $4::subscription_status, $5, $6, $7, $8, $9, $10, $10, $11, $12)
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
    ],
  )
  return row as Subscription
}
