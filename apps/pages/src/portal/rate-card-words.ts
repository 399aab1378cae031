import {
  amountOf,
  costOfRange,
  type ExactMoney,
  formatAmount,
  isPerEvent,
  parsePrice,
  scaled,
  sum,
  ZERO,
} from '@florin/core'
import type { Balance, FixedRate, RateCard, TaxRate } from '@florin/sdk'
import { formatNumber } from '../formats.ts'
import { taxWords } from '../tax-words.ts'
import { shortMoney } from './amounts.ts'

// What a rate card costs and brings, in words.

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

/** `$20 a month`, and what of a tax comes on top or is in it. */
export function priceWords(
  card: RateCard,
  quantities: Quantities = {},
  tax: TaxRate | null = null,
  locale?: string,
): string {
  const cost = periodCostOf(card, quantities)
  const price = `${shortMoney(formatAmount(cost), card.currency, locale)} a ${intervalOf(card)}`
  return tax && cost > 0n ? `${price}, ${taxWords(tax)}` : price
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

/** `Image credits` for `image_credits`: the API tells a customer the code. */
export function humanize(code: string): string {
  const words = code.replaceAll(/[-_.]+/g, ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What a card brings in a period, and what it may do: one short line each. */
export function benefitsOf(card: RateCard, names: CreditNames, quantities: Quantities = {}, locale?: string): string[] {
  const lines = card.allowances.map(({ creditType, amount, perQuantityOf, rollover, rolloverCap }) => {
    const rate = card.fixedRates.find(({ code }) => code === perQuantityOf)
    const total = amountOf(amount) * BigInt(rate ? quantityOf(rate, quantities) : 1)
    const most = rolloverCap === null ? 'unused ones' : `up to ${formatNumber(rolloverCap, locale)} unused ones`
    const more = rollover === 'NONE' ? '' : `, ${most} roll over`
    return `${formatNumber(formatAmount(total), locale)} ${names(creditType)} a ${intervalOf(card)}${more}`
  })
  return [...lines, ...overageWords(card, names, locale), ...featureWords(card)]
}

/** What is used beyond the credits costs, once for each pool. */
function overageWords(card: RateCard, names: CreditNames, locale?: string): string[] {
  const told = new Map<string, string>()
  for (const { creditType, overage, overagePrice } of card.usageRates) {
    const flat = (overagePrice as { flat?: { amount: string } } | null)?.flat
    if (overage !== 'CHARGE' || !flat || told.has(creditType)) continue
    const each = `${shortMoney(flat.amount, card.currency, locale)} each`
    const name = names(creditType)
    if (!card.allowances.some((allowance) => allowance.creditType === creditType)) {
      told.set(creditType, `${name.charAt(0).toUpperCase()}${name.slice(1)}: ${each}`)
    } else told.set(creditType, card.allowances.length > 1 ? `Beyond the ${name}, ${each}` : `Beyond that, ${each}`)
  }
  return [...told.values()]
}

function featureWords({ features }: RateCard): string[] {
  return features.flatMap(({ feature, enabled, value }) => {
    if (!enabled) return []
    const plain = typeof value === 'string' || typeof value === 'number'
    return [plain ? `${humanize(feature)}: ${value}` : humanize(feature)]
  })
}

export type CreditNames = (creditType: string) => string

/** What a kind of credits is called, in the middle of a sentence. */
export function creditNames(balances: readonly Pick<Balance, 'creditType' | 'name'>[]): CreditNames {
  return (creditType) => {
    const name = balances.find((balance) => balance.creditType === creditType)?.name ?? humanize(creditType)
    return name.charAt(0).toLowerCase() + name.slice(1)
  }
}
