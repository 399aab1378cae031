import {
  type Cause,
  type Credits,
  formatAmount,
  type MeterUsage,
  measure,
  measureQuantity,
  type Quantity,
  settleIn,
  spend,
  type Unpriced,
  type UsageRate,
  ZERO,
} from '@florin/core'
import type { CatalogMeter } from '../catalog/read-catalog.ts'
import type { StoredHold } from '../ledger/read-holds.ts'
import { isBeyondLimit, type Spending } from './apply-spend-limit.ts'
import { type CustomerUsage, type QuarterGain, quarterOf } from './customer-usage.ts'
import { countAt, type EventStep, type Lineage, openedAt, stepAt } from './event-step.ts'
import { findPayer, type Payer, type Rating } from './rate-meter.ts'
import { usageKey } from './read-meter-usage.ts'
import { type ValueKey, valueKey } from './read-unique-values.ts'
import type { DrawPath, MeterFeed, SpendAnswer, SpendRequest, StoredDraw } from './spend-request.ts'

/** What the payer's overage is measured by. */
export function spendingOf(payer: CustomerUsage, { catalog, operation, hold }: SpendRequest): Spending {
  const settling = operation === 'captureHold' ? hold?.id : undefined
  return {
    spendLimit: payer.spendLimit,
    subscriptions: payer.subscriptions,
    versions: catalog.versionsByPk,
    heldOverage: (meterPk) => payer.heldOverage(meterPk, settling),
    usageOf: payer.usageOf,
  }
}

/** Who pays for what an event gives to a meter, under which card, if anybody does, and how much that is. */
export type Rated =
  | { readonly ok: true; readonly paid: Payer<CustomerUsage> | null; readonly quantity: Quantity }
  | { readonly ok: false; readonly answer: SpendAnswer }

/** Looks up the payer and the price of an event for one meter, and measures the event. */
export function rateFeed(line: Lineage, request: SpendRequest, feed: MeterFeed): Rated {
  const { catalog, timestamp, now } = request
  const paid = findPayer(line, catalog.versionsByPk, feed.meter, timestamp, now)
  const measured = quantityFor(paid?.payer ?? line[0], feed, paid?.rating ?? null)
  if (measured.ok) return { ok: true, paid, quantity: measured.quantity }
  return { ok: false, answer: { status: 'INVALID', field: feed.field, message: measured.message } }
}

/** What is known of the event already, and how it is paid if not by a draw: then with the hold that pays. */
export interface Terms {
  readonly rated?: Rated | undefined
  readonly pay?: Parameters<typeof spend>[3]
  readonly hold?: StoredHold
}

export type Fed =
  | { readonly ok: true; readonly step: EventStep; readonly draw: StoredDraw }
  | { readonly ok: false; readonly answer: SpendAnswer }

/** Spends what an event gives to one meter. */
export function feedMeter(
  line: Lineage,
  request: SpendRequest,
  feed: MeterFeed,
  step: EventStep,
  cause: Cause,
  terms: Terms = {},
): Fed {
  const { meter } = feed
  const { timestamp, now, properties } = request
  const known = terms.rated ?? rateFeed(line, request, feed)
  if (!known.ok) return known
  const { paid, quantity } = known
  const gain = { meterPk: meter.pk, start: quarterOf(timestamp), quantity }
  if (!paid)
    return { ok: true, step: charted(step, [line[0]], { ...gain, credits: 0n }), draw: unrated(meter, quantity) }
  const { payer, rating, levels } = paid
  const before = openedAt(step, payer)
  const usage = payer.usageOf(meter.pk, rating.periodStart)
  const value = quantity === 0n ? null : valueIn(payer, feed, rating)
  const detail = { ...cause.detail, meter: meter.code, quantity: formatAmount(quantity), ...usedBy(paid, request) }
  const spendAt = (rate: UsageRate) =>
    spend(before.account, { rate, usage, quantity, properties, at: now }, { ...cause, detail }, terms.pay)
  const asked = spendAt(rating.rate)
  // What has happened is recorded beyond the limit too, and nobody is charged for it.
  const beyond = asked.ok && asked.overage > 0n && isBeyondLimit(spendingOf(payer, request), rating, asked.overage, now)
  const spent = beyond ? spendAt({ ...rating.rate, overage: 'BLOCK' }) : asked
  if (!spent.ok) return { ok: false, answer: unpriced(spent) }
  const drawn = new Map(step).set(payer, {
    ...before,
    account: spent.account,
    entries: [...before.entries, ...spent.entries],
    usage: new Map(before.usage).set(usageKey(payer.customerPk, meter.pk, rating.periodStart), spent.usage),
    values: value === null ? before.values : [...before.values, value],
  })
  const counted = countUsage(drawn, levels, rating, spent.cost, terms.hold)
  const path = pathOf(line, paid, counted, spent.account.version)
  return {
    ok: true,
    step: charted(counted.step, levels, { ...gain, credits: spent.cost }),
    draw: {
      ...drawOf(request, feed, rating, quantity, spent),
      ...(value !== null && { digest: feed.digest as string }),
      ...(path && { path }),
    },
  }
}

function drawOf(
  { catalog }: SpendRequest,
  { meter }: MeterFeed,
  { rate: { creditType }, periodStart }: Rating,
  quantity: Quantity,
  spent: Extract<ReturnType<typeof spend>, { ok: true }>,
): StoredDraw {
  return {
    meter: meter.code,
    creditType: catalog.creditTypesByPk.get(creditType)?.code ?? meter.code,
    quantity: formatAmount(quantity),
    credits: formatAmount(spent.drawn),
    overage: formatAmount(spent.overage),
    uncovered: formatAmount(spent.uncovered),
    available: formatAmount(spent.account.available.get(creditType) ?? 0n),
    periodStart,
  }
}

/** Says in the payer's ledger who has used its credits. */
function usedBy({ levels }: Payer<CustomerUsage>, { customerId }: SpendRequest): { by?: string } {
  return levels.length > 1 ? { by: customerId } : {}
}

/** The cost counts at each level that has a budget; what a hold has reserved there goes back. */
function countUsage(
  step: EventStep,
  levels: readonly CustomerUsage[],
  { rate }: Rating,
  cost: Credits,
  hold?: StoredHold,
) {
  const held = hold ? heldBy(hold) : ZERO
  return countAt(step, levels, rate.creditType, (level, budget) =>
    settleIn(budget, hold && reservedAt(hold, level), held, cost),
  )
}

/** All that a hold reserves, of grants and beyond them. */
export function heldBy({ credits, overage }: StoredHold): Credits {
  return (credits + overage) as Credits
}

export function reservedAt({ budgets }: StoredHold, { customerPk }: CustomerUsage) {
  return budgets.find((reserved) => reserved.customerPk === customerPk)
}

/** What a void will have to know; nothing where the asker alone is concerned. */
function pathOf(
  line: Lineage,
  { levels, rating }: Payer<CustomerUsage>,
  { counted }: ReturnType<typeof countUsage>,
  version: number,
): DrawPath | null {
  if (line.length === 1 && counted.size === 0) return null
  return {
    version,
    creditType: rating.rate.creditType,
    levels: levels.map((level) => {
      const count = counted.get(level)
      if (!count) return { pk: level.customerPk }
      return { pk: level.customerPk, start: count.budget.start, credits: formatAmount(count.counted) }
    }),
  }
}

/** The usage chart of each level has what is below it. */
function charted(step: EventStep, levels: readonly CustomerUsage[], gain: QuarterGain): EventStep {
  const next = new Map(step)
  for (const level of levels) {
    const part = stepAt(next, level)
    next.set(level, { ...part, quarters: [...part.quarters, gain] })
  }
  return next
}

// No card rates the meter: what happened is kept and shown, in the meter's own units, and nothing is drawn.
function unrated(meter: CatalogMeter, quantity: Quantity): StoredDraw {
  const uncovered = formatAmount(quantity)
  return {
    meter: meter.code,
    creditType: meter.code,
    quantity: uncovered,
    credits: '0',
    overage: '0',
    uncovered,
    available: '0',
  }
}

/** Without a card there is no period that could have seen the value: it is kept as new. */
function isNew(customer: CustomerUsage, feed: MeterFeed, rating: Rating | null): boolean {
  const value = rating && valueIn(customer, feed, rating)
  return value === null || !customer.hasSeen(value)
}

function valueIn({ customerPk }: CustomerUsage, { meter, digest }: MeterFeed, rating: Rating): ValueKey | null {
  return digest === null ? null : valueKey(usageKey(customerPk, meter.pk, rating.periodStart), digest)
}

function quantityFor(customer: CustomerUsage, feed: MeterFeed, rating: Rating | null) {
  const { meter } = feed
  const counted: MeterUsage['quantity'] = rating
    ? customer.usageOf(meter.pk, rating.periodStart).quantity
    : (0n as MeterUsage['quantity'])
  return feed.quantity === null
    ? measure(meter, feed.value, counted, isNew(customer, feed, rating))
    : measureQuantity(meter.aggregation, feed.quantity, counted, 'quantity')
}

/** Says what the price lacks. */
export function unpriced(failure: Unpriced): SpendAnswer {
  const field = failure.property ? `properties.${failure.property}` : 'properties'
  const message = failure.property
    ? `the price needs the property "${failure.property}" as a decimal of at least zero`
    : 'no row of the rate matches these properties, and it has no `otherwise`'
  return { status: 'INVALID', field, message }
}
