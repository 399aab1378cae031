import {
  type Allowance,
  amountOf,
  type Bundle,
  type CardUsageRate,
  type CumulativePrice,
  type FixedRate,
  formatAmount,
  formatMoney,
  type Interval,
  type OverageMode,
  type Price,
  parseMoney,
  parsePrice,
  type RateCard,
  type RolloverMode,
  serializePrice,
} from '@florin/core'

/** A card as the database keeps it: JSON with exact decimals as text. */
export interface StoredCard {
  name: string
  description: string | null
  public: boolean
  interval: Interval
  currency: string
  fixedRates: { code: string; name: string; price: unknown; defaultQuantity: number; adjustable?: boolean }[]
  usageRates: {
    code: string
    name: string
    meter: string
    creditType: string
    creditCost: unknown
    overage: OverageMode
    overagePrice: unknown
    includedUnits: string
  }[]
  allowances: {
    creditType: string
    amount: string
    perQuantityOf?: string | null
    rollover: RolloverMode
    rolloverCap: string | null
    rolloverPeriods: number | null
  }[]
  features: Record<string, unknown>
  bundles: {
    code: string
    name: string
    creditType: string
    credits: string
    price: string
    expiresAfterDays: number | null
  }[]
  trialDays: number
}

export function storeRateCard(card: RateCard): StoredCard {
  const { code: _code, version: _version, ...rest } = card
  return {
    ...rest,
    features: { ...card.features },
    fixedRates: card.fixedRates.map((rate) => ({ ...rate, price: serializePrice(rate.price) })),
    usageRates: card.usageRates.map((rate) => ({
      ...rate,
      creditCost: rate.creditCost && serializePrice(rate.creditCost),
      overagePrice: rate.overagePrice && serializePrice(rate.overagePrice),
      includedUnits: formatAmount(rate.includedUnits),
    })),
    allowances: card.allowances.map((allowance) => ({
      ...allowance,
      amount: formatAmount(allowance.amount),
      rolloverCap: allowance.rolloverCap === null ? null : formatAmount(allowance.rolloverCap),
    })),
    bundles: card.bundles.map((bundle) => ({
      ...bundle,
      credits: formatAmount(bundle.credits),
      price: formatMoney(bundle.price),
    })),
  }
}

export function parseRateCard(code: string, version: number, stored: StoredCard): RateCard {
  return {
    ...stored,
    code,
    version,
    fixedRates: stored.fixedRates.map(
      (rate): FixedRate => ({ ...rate, price: storedPrice(rate.price) as CumulativePrice }),
    ),
    usageRates: stored.usageRates.map(
      (rate): CardUsageRate => ({
        ...rate,
        creditCost: rate.creditCost === null ? null : storedPrice(rate.creditCost),
        overagePrice: rate.overagePrice === null ? null : (storedPrice(rate.overagePrice) as CumulativePrice),
        includedUnits: amountOf(rate.includedUnits),
      }),
    ),
    allowances: stored.allowances.map(
      (allowance): Allowance => ({
        ...allowance,
        amount: amountOf(allowance.amount),
        rolloverCap: allowance.rolloverCap === null ? null : amountOf(allowance.rolloverCap),
      }),
    ),
    bundles: stored.bundles.map((bundle): Bundle => {
      const price = parseMoney(bundle.price, stored.currency)
      if (!price) throw new Error(`bundle ${bundle.code} was stored with a bad price`)
      return { ...bundle, credits: amountOf(bundle.credits), price }
    }),
  }
}

function storedPrice(json: unknown): Price {
  const parsed = parsePrice(json, 'price')
  if (!parsed.ok) throw new Error(`a stored price is not valid: ${parsed.field} ${parsed.message}`)
  return parsed.price
}
