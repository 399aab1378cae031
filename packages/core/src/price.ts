/**
 * What a quantity costs: in credits for a usage rate, in money for a fixed rate or an overage.
 *
 * Flat, package, graduated and volume prices are functions of the period's cumulative quantity, and an event costs the
 * difference that it makes. Percentage and matrix prices look at one event. Source: product.md, "Prices".
 */
import { type Amount, larger, multiply, parseDecimal, percentOf, type Quantity, type Rate, ZERO } from './decimal.ts'

/** A price of the period's cumulative quantity. */
export type CumulativePrice =
  | { readonly flat: { readonly amount: Rate } }
  | { readonly package: PackagePrice }
  | { readonly graduated: { readonly tiers: readonly Tier[] } }
  | { readonly volume: { readonly tiers: readonly Tier[] } }

/** A price of a single event, from its properties. */
export type EventPrice = { readonly percentage: PercentagePrice } | { readonly matrix: MatrixPrice }

/** A published price: the same single key as `PriceInput` in the API. Made by `parsePrice`, which checks it. */
export type Price = CumulativePrice | EventPrice

export interface PackagePrice {
  readonly amount: Rate
  readonly units: Quantity
  readonly rounding: 'UP' | 'DOWN'
}

/** Begins where the tier before it ends; `upTo` belongs to the tier, and the last tier has none. */
export interface Tier {
  readonly upTo?: Quantity
  readonly unit: Rate
  readonly flat?: Rate
}

/** A share of the named property; without a name, of the quantity that the meter counted. */
export interface PercentagePrice {
  readonly percent: Rate
  readonly property?: string
  readonly min?: Rate
  readonly max?: Rate
}

export interface MatrixPrice {
  readonly rows: readonly MatrixRow[]
  readonly otherwise?: Rate
}

export interface MatrixRow {
  readonly match: Readonly<Record<string, Scalar>>
  readonly unit: Rate
}

/** What a matrix can match on. */
export type Scalar = string | number | boolean

/** What a caller sent along with an event: anything that JSON can hold. */
export type Properties = Readonly<Record<string, unknown>>

/** One event as a price sees it: what the period had counted before, what the event adds, what the caller sent along. */
export interface PricedEvent {
  readonly before: Quantity
  readonly quantity: Quantity
  readonly properties: Properties
}

export type EventCost<Unit extends string> =
  | { readonly ok: true; readonly cost: Amount<Unit> }
  | { readonly ok: false; readonly reason: 'NO_MATCH' }
  | { readonly ok: false; readonly reason: 'PROPERTY_MISSING'; readonly property: string }

/** Whether the price looks at single events and not at the period's quantity. */
export function isPerEvent(price: Price): price is EventPrice {
  return 'percentage' in price || 'matrix' in price
}

/**
 * What it costs when the period's quantity goes from `from` to `to`: total(to) − total(from), so that ranges which
 * meet add up exactly. Negative where the total falls (a quantity that goes down, a volume price at a cheaper tier).
 */
export function costOfRange<Unit extends string>(price: CumulativePrice, from: Quantity, to: Quantity): Amount<Unit> {
  return (total(price, to) - total(price, from)) as Amount<Unit>
}

/**
 * What one event costs. Fails where the event carries nothing that the price can use: no row of a matrix matches, or
 * the property of a percentage is absent, not a decimal, or negative.
 */
export function costOfEvent<Unit extends string>(price: Price, event: PricedEvent): EventCost<Unit> {
  if ('percentage' in price) return percentageCost(price.percentage, event)
  if ('matrix' in price) return matrixCost(price.matrix, event)
  return { ok: true, cost: costOfRange(price, event.before, (event.before + event.quantity) as Quantity) }
}

/**
 * The most that a quantity can cost while its properties are unknown: the dearest row of a matrix, the ceiling of a
 * percentage (its floor if it has no ceiling). Source: product.md, "Prices" in the fine print.
 */
export function dearestCost<Unit extends string>(price: EventPrice, quantity: Quantity): Amount<Unit> {
  if (quantity <= 0n) return ZERO
  if ('matrix' in price) return multiply(quantity, dearestUnit(price.matrix))
  const { percentage } = price
  if (percentage.property === undefined) return shareWithin(percentage, quantity)
  return once(percentage.max ?? percentage.min ?? ZERO)
}

/** The cost of a period's whole quantity. Nothing, or less than nothing, costs nothing. */
function total(price: CumulativePrice, quantity: Quantity): bigint {
  if (quantity <= 0n) return 0n
  if ('flat' in price) return multiply(quantity, price.flat.amount)
  if ('package' in price) return packageTotal(price.package, quantity)
  if ('graduated' in price) return graduatedTotal(price.graduated.tiers, quantity)
  return volumeTotal(price.volume.tiers, quantity)
}

function packageTotal({ amount, units, rounding }: PackagePrice, quantity: Quantity): bigint {
  const packages = rounding === 'UP' ? (quantity + units - 1n) / units : quantity / units
  return packages * amount
}

function graduatedTotal(tiers: readonly Tier[], quantity: Quantity): bigint {
  let cost = 0n
  let start = 0n
  for (const { upTo, unit, flat } of tiers) {
    if (quantity <= start) break
    const end = upTo !== undefined && upTo < quantity ? upTo : quantity
    cost += multiply((end - start) as Quantity, unit) + (flat ?? 0n)
    start = end
  }
  return cost
}

function volumeTotal(tiers: readonly Tier[], quantity: Quantity): bigint {
  const tier = tiers.find(({ upTo }) => upTo === undefined || quantity <= upTo)
  if (!tier) throw new Error('the last tier of a price must be open')
  return multiply(quantity, tier.unit) + (tier.flat ?? 0n)
}

function percentageCost<Unit extends string>(price: PercentagePrice, event: PricedEvent): EventCost<Unit> {
  const { property } = price
  if (event.quantity <= 0n) return { ok: true, cost: ZERO }
  if (property === undefined) return { ok: true, cost: shareWithin(price, event.quantity) }
  const base = parseDecimal<'quantity'>(event.properties[property])
  if (base === null || base < 0n) return { ok: false, reason: 'PROPERTY_MISSING', property }
  return { ok: true, cost: shareWithin(price, base) }
}

function shareWithin<Unit extends string>({ percent, min, max }: PercentagePrice, base: Quantity): Amount<Unit> {
  const share = percentOf<Unit>(base, percent)
  if (min !== undefined && share < min) return once(min)
  if (max !== undefined && share > max) return once(max)
  return share
}

function matrixCost<Unit extends string>(price: MatrixPrice, event: PricedEvent): EventCost<Unit> {
  const unit = price.rows.find((row) => matches(row, event.properties))?.unit ?? price.otherwise
  if (unit === undefined) return { ok: false, reason: 'NO_MATCH' }
  return { ok: true, cost: event.quantity <= 0n ? ZERO : multiply(event.quantity, unit) }
}

/** Strings match strings, numbers match by value, booleans match booleans; never one the other. */
function matches({ match }: MatrixRow, properties: Properties): boolean {
  for (const name in match) if (properties[name] !== match[name]) return false
  return true
}

function dearestUnit({ rows, otherwise }: MatrixPrice): Rate {
  return rows.reduce((dearest, { unit }) => larger(dearest, unit), otherwise ?? ZERO)
}

/** What a rate comes to when it is charged once. */
function once<Unit extends string>(rate: Rate): Amount<Unit> {
  return rate as bigint as Amount<Unit>
}
