/** Rate cards for tests: the pricing of product.md's worked example. Not part of the package's exports. */
import type { CardUsageRate, FixedRate, RateCard } from './card.ts'
import { amountOf } from './decimal.ts'
import type { CumulativePrice } from './price.ts'

/** A flat price a unit, as published. */
export function flat(amount: string): CumulativePrice {
  return { flat: { amount: amountOf(amount) } }
}

export function fixedRate(code: string, price: CumulativePrice, defaultQuantity = 1): FixedRate {
  return { code, name: code, price, defaultQuantity }
}

/** One credit of type `credits` a unit, refused without credits, unless it says otherwise. */
export function usageRate(differs: Partial<CardUsageRate> = {}): CardUsageRate {
  return {
    code: 'generation',
    name: 'Character generation',
    meter: 'character_generation',
    creditType: 'credits',
    creditCost: null,
    overage: 'BLOCK',
    overagePrice: null,
    includedUnits: amountOf('0'),
    ...differs,
  }
}

/** A monthly card in USD that costs and brings nothing, unless it says otherwise. */
export function cardOf(name: string, differs: Partial<RateCard> = {}): RateCard {
  return {
    code: name.toLowerCase(),
    version: 1,
    name,
    description: null,
    public: true,
    interval: 'MONTH',
    currency: 'USD',
    fixedRates: [],
    usageRates: [],
    allowances: [],
    features: {},
    bundles: [],
    trialDays: 0,
    ...differs,
  }
}

function planOf(name: string, price: string, credits: string, rate: CardUsageRate): RateCard {
  const allowance = { creditType: 'credits', amount: amountOf<'credits'>(credits), rollover: 'NONE' } as const
  return cardOf(name, {
    fixedRates: [{ code: 'plan', name, price: flat(price), defaultQuantity: 1 }],
    usageRates: [rate],
    allowances: [{ ...allowance, rolloverCap: null, rolloverPeriods: null }],
  })
}

export const free = planOf('Free', '0', '5', usageRate())
export const starter = planOf('Starter', '20', '25', usageRate())
export const premium = planOf('Premium', '100', '105', usageRate({ overage: 'CHARGE', overagePrice: flat('0.90') }))
