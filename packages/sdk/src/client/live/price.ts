import type { FixedRate, Money, RateCard, UsageRate } from '../types.ts'
import { compare, type Decimal, formatDecimal, multiply, parseDecimal } from './decimal.ts'

/** A published price, as the catalogue holds it: the same single key as `PriceInput`. */
export interface Price {
  readonly flat?: { readonly amount: string }
  readonly package?: { readonly amount: string; readonly units: string }
  readonly graduated?: { readonly tiers: readonly Tier[] }
  readonly volume?: { readonly tiers: readonly Tier[] }
  readonly percentage?: { readonly percent: string }
  readonly matrix?: { readonly rows: readonly { readonly unit: string }[]; readonly otherwise?: string }
}

export interface Tier {
  readonly upTo?: string
  readonly unit: string
  readonly flat?: string
}

export const priceOf = (stored: FixedRate['price'] | UsageRate['overagePrice']): Price => (stored ?? {}) as Price

/**
 * What a period of the card costs at its usual quantities, without tax; null where a price goes by tiers or packages, so that
 * one number would not tell.
 */
export function fixedPriceOf({ fixedRates, currency }: RateCard): Money | null {
  let sum: Decimal = { digits: 0n, scale: 0 }
  for (const { price, defaultQuantity } of fixedRates) {
    const each = parseDecimal(priceOf(price).flat?.amount ?? '')
    if (!each) return null
    sum = add(sum, multiply(each, { digits: BigInt(defaultQuantity), scale: 0 }))
  }
  return { amount: formatDecimal(sum), currency }
}

const PERIODS_A_YEAR = { DAY: 365n, WEEK: 52n, MONTH: 12n, YEAR: 1n }

/** How two cards compare by what a year of them costs: below 0 where `a` is cheaper; null where that can't be told. */
export function compareCards(a: RateCard, b: RateCard): bigint | null {
  const [costOfA, costOfB] = [yearOf(a), yearOf(b)]
  return costOfA && costOfB && a.currency === b.currency ? compare(costOfA, costOfB) : null
}

function yearOf(card: RateCard): Decimal | null {
  const price = parseDecimal(fixedPriceOf(card)?.amount ?? '')
  return price && multiply(price, { digits: PERIODS_A_YEAR[card.interval], scale: 0 })
}

export function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale)
  const at = ({ digits, scale: own }: Decimal) => digits * 10n ** BigInt(scale - own)
  return { digits: at(a) + at(b), scale }
}

export const isZero = (amount: string): boolean => parseDecimal(amount)?.digits === 0n
