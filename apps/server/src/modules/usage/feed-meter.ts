import {
  type Cause,
  formatAmount,
  type MeterUsage,
  measure,
  measureQuantity,
  type Quantity,
  spend,
  type Unpriced,
  type UsageRate,
} from '@florin/core'
import type { CatalogMeter } from '../catalog/read-catalog.ts'
import { isBeyondLimit, type Spending } from './apply-spend-limit.ts'
import { type CustomerUsage, quarterOf, type UsageStep } from './customer-usage.ts'
import { type Rating, rateMeter } from './rate-meter.ts'
import { usageKey } from './read-meter-usage.ts'
import { type ValueKey, valueKey } from './read-unique-values.ts'
import type { MeterFeed, SpendAnswer, SpendRequest, StoredDraw } from './spend-request.ts'

/** What the customer's overage is measured by. */
export function spendingOf(customer: CustomerUsage, { catalog, operation, hold }: SpendRequest): Spending {
  const settling = operation === 'captureHold' ? hold?.id : undefined
  return {
    spendLimit: customer.spendLimit,
    subscriptions: customer.subscriptions,
    versions: catalog.versionsByPk,
    heldOverage: (meterPk) => customer.heldOverage(meterPk, settling),
    usageOf: customer.usageOf,
  }
}

/** The card that prices what an event gives to a meter, if one does, and how much that is. */
export type Rated =
  | { readonly ok: true; readonly rating: Rating | null; readonly quantity: Quantity }
  | { readonly ok: false; readonly answer: SpendAnswer }

/** Looks up the price of an event for one meter, and measures the event. */
export function rateFeed(customer: CustomerUsage, request: SpendRequest, feed: MeterFeed): Rated {
  const { catalog, timestamp, now } = request
  const rating = rateMeter(customer.subscriptions, catalog.versionsByPk, feed.meter, timestamp, now)
  const measured = quantityFor(customer, feed, rating)
  if (measured.ok) return { ok: true, rating, quantity: measured.quantity }
  return { ok: false, answer: { status: 'INVALID', field: feed.field, message: measured.message } }
}

/** What is known of the event already, and how it is paid if not by a draw. */
export interface Terms {
  readonly rated?: Rated | undefined
  readonly pay?: Parameters<typeof spend>[3]
}

export type Fed =
  | { readonly ok: true; readonly step: UsageStep; readonly draw: StoredDraw }
  | { readonly ok: false; readonly answer: SpendAnswer }

/** Spends what an event gives to one meter. */
export function feedMeter(
  customer: CustomerUsage,
  request: SpendRequest,
  feed: MeterFeed,
  step: UsageStep,
  cause: Cause,
  { rated, pay }: Terms = {},
): Fed {
  const { meter } = feed
  const { catalog, timestamp, now, properties } = request
  const known = rated ?? rateFeed(customer, request, feed)
  if (!known.ok) return known
  const { rating, quantity } = known
  if (!rating) return { ok: true, ...unrated(step, meter, quantity, timestamp) }
  const usage = customer.usageOf(meter.pk, rating.periodStart)
  const value = quantity === 0n ? null : valueIn(customer, feed, rating)
  const detail = { detail: { ...cause.detail, meter: meter.code, quantity: formatAmount(quantity) } }
  const spendAt = (rate: UsageRate) =>
    spend(step.account, { rate, usage, quantity, properties, at: now }, { ...cause, ...detail }, pay)
  const asked = spendAt(rating.rate)
  // What has happened is recorded beyond the limit too, and nobody is charged for it.
  const beyond =
    asked.ok && asked.overage > 0n && isBeyondLimit(spendingOf(customer, request), rating, asked.overage, now)
  const spent = beyond ? spendAt({ ...rating.rate, overage: 'BLOCK' }) : asked
  if (!spent.ok) return { ok: false, answer: unpriced(spent) }
  const next: UsageStep = {
    account: spent.account,
    entries: [...step.entries, ...spent.entries],
    usage: new Map(step.usage).set(usageKey(customer.customerPk, meter.pk, rating.periodStart), spent.usage),
    quarters: [...step.quarters, { meterPk: meter.pk, start: quarterOf(timestamp), quantity, credits: spent.cost }],
    values: value === null ? step.values : [...step.values, value],
  }
  const creditType = rating.rate.creditType
  const draw: StoredDraw = {
    meter: meter.code,
    creditType: catalog.creditTypesByPk.get(creditType)?.code ?? meter.code,
    quantity: formatAmount(quantity),
    credits: formatAmount(spent.drawn),
    overage: formatAmount(spent.overage),
    uncovered: formatAmount(spent.uncovered),
    available: formatAmount(spent.account.available.get(creditType) ?? 0n),
    periodStart: rating.periodStart,
    ...(value !== null && { digest: feed.digest as string }),
  }
  return { ok: true, step: next, draw }
}

// No card rates the meter: what happened is kept and shown, in the meter's own units, and nothing is drawn.
function unrated(step: UsageStep, meter: CatalogMeter, quantity: Quantity, timestamp: number) {
  const uncovered = formatAmount(quantity)
  return {
    step: {
      ...step,
      quarters: [...step.quarters, { meterPk: meter.pk, start: quarterOf(timestamp), quantity, credits: 0n }],
    },
    draw: {
      meter: meter.code,
      creditType: meter.code,
      quantity: uncovered,
      credits: '0',
      overage: '0',
      uncovered,
      available: '0',
    },
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
