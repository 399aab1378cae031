/**
 * A published rate card, and what it costs and brings each period. Names are the codes of the catalogue.
 */
import type { Interval } from './calendar.ts'
import { add, type Credits, multiply, type Quantity, scaled, ZERO } from './decimal.ts'
import { addMoney, type ExactMoney, type Money, roundToMinor, zeroMoney } from './money.ts'
import { type CumulativePrice, costOfRange, type Price } from './price.ts'
import type { OverageMode } from './usage.ts'

export interface RateCard {
  readonly code: string
  readonly version: number
  readonly name: string
  readonly description: string | null
  readonly public: boolean
  readonly interval: Interval
  readonly currency: string
  readonly fixedRates: readonly FixedRate[]
  readonly usageRates: readonly CardUsageRate[]
  readonly allowances: readonly Allowance[]
  readonly features: Readonly<Record<string, unknown>>
  readonly bundles: readonly Bundle[]
  readonly trialDays: number
}

/** Charged in advance for each period, in the card's currency. */
export interface FixedRate {
  readonly code: string
  readonly name: string
  readonly price: CumulativePrice
  readonly defaultQuantity: number
  /** Said by whoever published the card; left out: see `isAdjustable`. */
  readonly adjustable?: boolean
}

export interface CardUsageRate {
  readonly code: string
  readonly name: string
  readonly meter: string
  readonly creditType: string
  readonly creditCost: Price | null
  readonly overage: OverageMode
  /** Money for the period's credits beyond the grants: priced as a whole, so never a price of single events. */
  readonly overagePrice: CumulativePrice | null
  readonly includedUnits: Quantity
}

export type RolloverMode = 'NONE' | 'FULL' | 'CAPPED'

export interface Allowance {
  readonly creditType: string
  readonly amount: Credits
  /** The code of a fixed rate: the amount is for each of its quantity, such as each seat. Left out: for the card. */
  readonly perQuantityOf?: string | null
  readonly rollover: RolloverMode
  readonly rolloverCap: Credits | null
  readonly rolloverPeriods: number | null
}

/** A fixed price for a fixed number of credits. */
export interface Bundle {
  readonly code: string
  readonly name: string
  readonly creditType: string
  readonly credits: Credits
  readonly price: Money
  readonly expiresAfterDays: number | null
}

/** How many of each fixed rate a subscription has, by code; the card's default where it says nothing. */
export type Quantities = Readonly<Record<string, number>>

/** The credits that a period of the card brings, by credit type: allowances and included units together. */
export function allowancesOf(card: RateCard, quantities: Quantities): ReadonlyMap<string, Credits> {
  const total = new Map<string, Credits>()
  const bring = (creditType: string, amount: Credits) => {
    if (amount > 0n) total.set(creditType, add(total.get(creditType) ?? (ZERO as Credits), amount))
  }
  for (const allowance of card.allowances) bring(allowance.creditType, allowanceAmount(card, allowance, quantities))
  for (const rate of card.usageRates) bring(rate.creditType, includedCredits(rate))
  return total
}

function allowanceAmount(card: RateCard, { amount, perQuantityOf }: Allowance, quantities: Quantities): Credits {
  const rate = card.fixedRates.find(({ code }) => code === perQuantityOf)
  return rate ? ((amount * BigInt(quantityOf(rate, quantities))) as Credits) : amount
}

// Converted once, at the card's flat cost: publishing refuses included units at any other price.
function includedCredits({ includedUnits, creditCost }: CardUsageRate): Credits {
  if (creditCost === null) return includedUnits as bigint as Credits
  if ('flat' in creditCost) return multiply(includedUnits, creditCost.flat.amount)
  return ZERO
}

export function quantityOf(rate: FixedRate, quantities: Quantities): number {
  // Codes are free text: "constructor" is one, and must not find what every object inherits.
  return (Object.hasOwn(quantities, rate.code) ? quantities[rate.code] : undefined) ?? rate.defaultQuantity
}

/**
 * Whether customers take as many of a rate as they want, such as seats. Unless the card says so, they do where credits come with
 * each one, the card starts with another number than one, or the price depends on the number: a base fee is none of these.
 */
export function isAdjustable({ allowances }: Pick<RateCard, 'allowances'>, rate: FixedRate): boolean {
  const { code, defaultQuantity, price, adjustable } = rate
  const comesInNumbers =
    defaultQuantity !== 1 || !('flat' in price) || allowances.some(({ perQuantityOf }) => perQuantityOf === code)
  return adjustable ?? comesInNumbers
}

/** What one fixed rate costs for a period. */
export function fixedCharge(card: RateCard, rate: FixedRate, quantities: Quantities): Money {
  const quantity = scaled<'quantity'>(BigInt(quantityOf(rate, quantities)))
  return roundToMinor(costOfRange<'money'>(rate.price, ZERO, quantity), card.currency)
}

/** What the card charges in advance for a period: the sum of its lines. */
export function fixedTotal(card: RateCard, quantities: Quantities): Money {
  return card.fixedRates.reduce(
    (total, rate) => addMoney(total, fixedCharge(card, rate, quantities)),
    zeroMoney(card.currency),
  )
}

/**
 * What a period's overage costs, exact; it is rounded once, as an invoice line. `invoiced` is the part of it that an
 * earlier invoice had already: late usage costs the difference that it makes.
 */
export function overageCharge(rate: CardUsageRate, overage: Credits, invoiced: Credits = ZERO): ExactMoney {
  if (rate.overagePrice === null) return ZERO
  return costOfRange<'money'>(rate.overagePrice, invoiced as bigint as Quantity, overage as bigint as Quantity)
}
