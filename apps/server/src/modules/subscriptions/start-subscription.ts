import {
  amountOf,
  type Cause,
  type ChangePlan,
  type Credits,
  fixedTotal,
  larger,
  periodAt,
  planStart,
  type Quantities,
  subtract,
  ZERO,
} from '@florin/core'
import { nowOf } from '../../platform/clock.ts'
import type { Transaction } from '../../platform/database.ts'
import { Fault } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import type { Catalog, PublishedCard } from '../catalog/read-catalog.ts'
import { createInvoice } from '../invoices/create-invoice.ts'
import { DEFAULT_PRIORITY } from '../ledger/add-grant.ts'
import { type AccountSession, withAccount } from '../ledger/with-account.ts'
import type { Fulfilment, Outcome } from '../payments/purpose.ts'
import { isInForce, readLiveSubscriptions, type Subscription } from './read-subscriptions.ts'

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
  for (const subscription of live.filter((candidate) => isInForce(candidate, now))) {
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

/** Begins a subscription: its first period, allowance and invoice together. */
export async function startSubscription(
  tx: Transaction,
  { project, customerPk, paid }: Fulfilment,
  catalog: Catalog,
  card: PublishedCard,
  quantities: Quantities,
): Promise<Outcome> {
  const now = nowOf(project)
  const plan = planStart(card.card, quantities)
  const { result, version } = await withAccount(tx, customerPk, now, async (session) => {
    await refuseSecondRating(tx, customerPk, catalog, card, now)
    refuseOtherAmount(plan, paid?.amount.minor ?? 0n)
    const subscription = await insertSubscription(tx, customerPk, card, quantities, now)
    session.touch()
    const allowances = paid ? plan.allowances : await lessSpentFree(tx, customerPk, catalog, plan.allowances, now)
    await grantAllowances(tx, session, catalog, subscription, allowances, card)
    const period = { start: subscription.currentPeriodStart, end: subscription.currentPeriodEnd }
    const { currency } = card.card
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

/** What was paid must be what is due now: prices may have changed while the customer was on the checkout page. */
export function refuseOtherAmount(plan: ChangePlan, paidMinor: bigint): void {
  if (plan.due.minor === paidMinor) return
  throw new Fault('CONFLICT', 'the price has changed since the checkout was opened')
}

/** Grants credits of the running period: adds to the period's allowance where there is one, so there is never a second. */
export async function grantAllowances(
  tx: Transaction,
  session: AccountSession,
  catalog: Catalog,
  subscription: Subscription,
  allowances: ChangePlan['allowances'],
  card: PublishedCard,
): Promise<void> {
  const cause: Cause = { type: 'subscription', id: subscription.id, detail: { reason: `${card.card.name} allowance` } }
  for (const [code, amount] of allowances) {
    const creditType = catalog.creditTypes.get(code)
    if (!creditType) throw new Error(`credit type ${code} is missing`)
    const known = await currentAllowance(tx, subscription, creditType.pk)
    if (known) session.grow(known, amount, cause)
    else {
      await session.add(
        {
          customerPk: subscription.customerPk,
          creditType: creditType.pk,
          kind: 'ALLOWANCE',
          amount,
          priority: DEFAULT_PRIORITY,
          effectiveAt: subscription.currentPeriodStart,
          expiresAt: subscription.currentPeriodEnd,
          appliesTo: [],
          subscriptionId: subscription.id,
          periodStart: subscription.currentPeriodStart,
        },
        () => cause,
      )
    }
  }
}

/** The grant that holds the running period's allowance of a credit type. */
async function currentAllowance(
  tx: Transaction,
  subscription: Subscription,
  creditType: number,
): Promise<string | null> {
  const [grant] = await tx.query<{ id: string }>(
    `select id from "grant" where subscription_id = $1 and credit_type_pk = $2 and period_start = $3
       and kind = 'ALLOWANCE' and closed_at is null`,
    [subscription.id, creditType, new Date(subscription.currentPeriodStart)],
  )
  return grant?.id ?? null
}

async function insertSubscription(
  tx: Transaction,
  customerPk: number,
  card: PublishedCard,
  quantities: Quantities,
  now: number,
): Promise<Subscription> {
  const [customer] = await tx.query<{ timezone: string }>('select timezone from customer where pk = $1', [customerPk])
  const timezone = customer?.timezone ?? 'UTC'
  const period = periodAt(now, card.card.interval, timezone, 0)
  const id = newId()
  await tx.query(
    `insert into subscription (id, customer_pk, rate_card_version_pk, status, quantities, anchor_at, timezone,
       period_index, current_period_start, current_period_end, due_at)
     values ($1, $2, $3, 'ACTIVE', $4, $5, $6, 0, $7, $8, $8)`,
    [
      id,
      customerPk,
      card.pk,
      JSON.stringify(quantities),
      new Date(now),
      timezone,
      new Date(period.start),
      new Date(period.end),
    ],
  )
  return {
    id,
    customerPk,
    cardPk: card.pk,
    status: 'ACTIVE',
    quantities,
    anchorAt: now,
    timezone,
    periodIndex: 0,
    currentPeriodStart: period.start,
    currentPeriodEnd: period.end,
    trialEndsAt: null,
    cancelAtPeriodEnd: false,
    canceledAt: null,
    pendingCardPk: null,
    pendingQuantities: null,
    openInvoiceId: null,
    firstDeclinedAt: null,
    attempts: 0,
    dueAt: period.end,
  }
}
