import type { Balance, FixedRate, RateCard } from '@florin/sdk'
import { formatNumber } from '../formats.ts'
import { shortMoney } from './amounts.ts'
import { add, compare, type Decimal, decimalOf, multiply, textOf, ZERO } from './decimal.ts'

// What a rate card costs and brings, in words.

export type Quantities = Readonly<Record<string, number>>

type Tier = { upTo?: string; unit: string; flat?: string }
/** A fixed rate's price, as the catalogue holds it. */
type FixedPrice =
  | { flat: { amount: string } }
  | { package: { amount: string; units: string; rounding: 'UP' | 'DOWN' } }
  | { graduated: { tiers: Tier[] } }
  | { volume: { tiers: Tier[] } }

const INTERVALS: Record<RateCard['interval'], string> = { DAY: 'day', WEEK: 'week', MONTH: 'month', YEAR: 'year' }

export const intervalOf = ({ interval }: Pick<RateCard, 'interval'>) => INTERVALS[interval]

export const quantityOf = (rate: FixedRate, quantities: Quantities) => quantities[rate.code] ?? rate.defaultQuantity

/** As a record by code. */
export const quantitiesBy = (list: readonly { code: string; quantity: number }[] | null | undefined): Quantities =>
  Object.fromEntries((list ?? []).map(({ code, quantity }) => [code, quantity]))

/** What a fixed rate costs for a period. */
export function costOf({ price }: Pick<FixedRate, 'price'>, quantity: number): Decimal {
  const asked = price as FixedPrice
  if ('flat' in asked) return multiply(decimalOf(asked.flat.amount), decimalOf(quantity))
  if ('package' in asked) return packages(asked.package, quantity)
  if (quantity === 0) return ZERO
  if ('graduated' in asked) return graduated(asked.graduated.tiers, quantity)
  const tier = asked.volume.tiers.find(({ upTo }) => upTo === undefined || Number(upTo) >= quantity)
  return tier ? add(multiply(decimalOf(tier.unit), decimalOf(quantity)), decimalOf(tier.flat ?? '0')) : ZERO
}

function packages({ amount, units, rounding }: { amount: string; units: string; rounding: string }, quantity: number) {
  const whole = quantity / Number(units)
  return multiply(decimalOf(amount), decimalOf(rounding === 'UP' ? Math.ceil(whole) : Math.floor(whole)))
}

function graduated(tiers: readonly Tier[], quantity: number): Decimal {
  let from = 0
  let sum = ZERO
  for (const { upTo, unit, flat } of tiers) {
    if (from >= quantity) break
    const to = Math.min(quantity, upTo === undefined ? quantity : Number(upTo))
    sum = add(sum, add(multiply(decimalOf(unit), decimalOf(to - from)), decimalOf(flat ?? '0')))
    from = to
  }
  return sum
}

/** All fixed rates of a period. */
export function periodCostOf(card: RateCard, quantities: Quantities = {}): Decimal {
  return card.fixedRates.reduce((sum, rate) => add(sum, costOf(rate, quantityOf(rate, quantities))), ZERO)
}

export const isFree = (card: RateCard, quantities: Quantities = {}) =>
  compare(periodCostOf(card, quantities), ZERO) === 0

/** `$20 a month`. */
export function priceWords(card: RateCard, quantities: Quantities = {}, locale?: string): string {
  return `${shortMoney(textOf(periodCostOf(card, quantities)), card.currency, locale)} a ${intervalOf(card)}`
}

/** Rates that a customer takes as many of as they want, and those that this one has another number of. */
export function adjustableRates(card: RateCard, quantities: Quantities = {}): FixedRate[] {
  return card.fixedRates.filter((rate) => rate.adjustable || quantityOf(rate, quantities) !== 1)
}

/** `$19 each`, for a flat price; other prices say what they come to instead. */
export function eachWords(rate: FixedRate, currency: string, locale?: string): string | null {
  const price = rate.price as FixedPrice
  return 'flat' in price ? `${shortMoney(price.flat.amount, currency, locale)} each` : null
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
    const total = rate ? multiply(decimalOf(amount), decimalOf(quantityOf(rate, quantities))) : decimalOf(amount)
    const most = rolloverCap === null ? 'unused ones' : `up to ${formatNumber(rolloverCap, locale)} unused ones`
    const more = rollover === 'NONE' ? '' : `, ${most} roll over`
    return `${formatNumber(textOf(total), locale)} ${names(creditType)} a ${intervalOf(card)}${more}`
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
