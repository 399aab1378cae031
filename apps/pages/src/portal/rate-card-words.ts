import { costOfRange, type ExactMoney, formatAmount, isPerEvent, parsePrice, scaled, sum, ZERO } from '@florin/core'
import type { FixedRate, RateCard } from '@florin/sdk'
import { shortMoney } from './amounts.ts'

// What a rate card costs, in words. What it brings, the SDK says.

export type Quantities = Readonly<Record<string, number>>

const INTERVALS: Record<RateCard['interval'], string> = { DAY: 'day', WEEK: 'week', MONTH: 'month', YEAR: 'year' }

export const intervalOf = ({ interval }: Pick<RateCard, 'interval'>) => INTERVALS[interval]

export const quantityOf = (rate: FixedRate, quantities: Quantities) => quantities[rate.code] ?? rate.defaultQuantity

/** As a record by code. */
export const quantitiesBy = (list: readonly { code: string; quantity: number }[] | null | undefined): Quantities =>
  Object.fromEntries((list ?? []).map(({ code, quantity }) => [code, quantity]))

/** What a fixed rate costs for a period. Throws for a price of single events, which no fixed rate has. */
export function costOf({ price }: Pick<FixedRate, 'price'>, quantity: number): ExactMoney {
  const read = parsePrice(price, 'price')
  if (!read.ok || isPerEvent(read.price)) throw new Error('a fixed rate has no such price')
  return costOfRange(read.price, ZERO, scaled(BigInt(quantity)))
}

/** All fixed rates of a period. */
export function periodCostOf(card: RateCard, quantities: Quantities = {}): ExactMoney {
  return sum(card.fixedRates.map((rate) => costOf(rate, quantityOf(rate, quantities))))
}

export const isFree = (card: RateCard, quantities: Quantities = {}) => periodCostOf(card, quantities) === 0n

/** `$20 a month`. */
export function priceWords(card: RateCard, quantities: Quantities = {}, locale?: string): string {
  const price = shortMoney(formatAmount(periodCostOf(card, quantities)), card.currency, locale)
  return `${price} a ${intervalOf(card)}`
}

/** Rates that a customer takes as many of as they want, and those that this one has another number of. */
export function adjustableRates(card: RateCard, quantities: Quantities = {}): FixedRate[] {
  return card.fixedRates.filter((rate) => rate.adjustable || quantityOf(rate, quantities) !== 1)
}

/** `$19 each`, for a flat price; other prices say what they come to instead. */
export function eachWords(rate: FixedRate, currency: string, locale?: string): string | null {
  const { flat } = rate.price as { flat?: { amount: string } }
  return flat ? `${shortMoney(flat.amount, currency, locale)} each` : null
}
