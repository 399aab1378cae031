import {
  type Allowance,
  type Amount,
  type Bundle,
  type CardUsageRate,
  currencyDecimals,
  type FixedRate,
  fixedTotal,
  type Interval,
  isPerEvent,
  type OverageMode,
  type Price,
  parseDecimal,
  parseMoney,
  parsePrice,
  type RateCard,
  type RolloverMode,
  ZERO,
} from '@florin/core'
import { invalidInput, notFound } from '../../platform/errors.ts'
import type { Catalog } from './read-catalog.ts'

/** The input of `publishRateCard` as GraphQL hands it over: decimals still unchecked. */
export interface RateCardInput {
  code: string
  name: string
  description?: string | null | undefined
  public?: boolean | null | undefined
  interval: Interval
  currency: string
  fixedRates?: readonly FixedRateInput[] | null | undefined
  usageRates?: readonly UsageRateInput[] | null | undefined
  allowances?: readonly AllowanceInput[] | null | undefined
  features?: unknown
  bundles?: readonly BundleInput[] | null | undefined
  trialDays?: number | null | undefined
}
interface FixedRateInput {
  code: string
  name: string
  price: unknown
  defaultQuantity?: number | null | undefined
  adjustable?: boolean | null | undefined
}
interface UsageRateInput {
  code: string
  name: string
  meter: string
  includedUnits?: unknown
  creditType?: string | null | undefined
  creditCost?: unknown
  overage: OverageMode
  overagePrice?: unknown
}
interface AllowanceInput {
  creditType: string
  amount: unknown
  perQuantityOf?: string | null | undefined
  rollover?: RolloverMode | null | undefined
  rolloverCap?: unknown
  rolloverPeriods?: number | null | undefined
}
interface BundleInput {
  code: string
  name: string
  creditType: string
  credits: unknown
  price: unknown
  expiresAfterDays?: number | null | undefined
}

const CODE = /^[a-zA-Z0-9][a-zA-Z0-9_.:-]{0,99}$/

/** Turns the input into a card, or throws INVALID_INPUT or NOT_FOUND that names the field. Version 0: not yet given. */
export function checkRateCard(input: RateCardInput, catalog: Catalog): RateCard {
  checkCode(input.code, 'code')
  if (!/\S/.test(input.name)) throw invalidInput('name', 'give the card a name: customers read it')
  if (currencyDecimals(input.currency) === null) {
    throw invalidInput('currency', `"${input.currency}" is not an ISO 4217 currency code such as "USD"`)
  }
  const features = input.features ?? {}
  if (typeof features !== 'object' || Array.isArray(features)) {
    throw invalidInput('features', 'features is an object such as { "exports": true, "seats": 5 }')
  }
  const card: RateCard = {
    code: input.code,
    version: 0,
    name: input.name,
    description: input.description ?? null,
    public: input.public ?? true,
    interval: input.interval,
    currency: input.currency,
    fixedRates: (input.fixedRates ?? []).map(checkFixedRate),
    usageRates: (input.usageRates ?? []).map((rate, i) => checkUsageRate(rate, `usageRates.${i}`, catalog)),
    allowances: (input.allowances ?? []).map((allowance, i) => checkAllowance(allowance, `allowances.${i}`, catalog)),
    features: features as Record<string, unknown>,
    bundles: (input.bundles ?? []).map((bundle, i) => checkBundle(bundle, `bundles.${i}`, input.currency, catalog)),
    trialDays: whole(input.trialDays ?? 0, 'trialDays', 0, 730),
  }
  refuseUnknownRates(card)
  refuseTwice(
    'fixedRates',
    [...card.fixedRates, ...card.usageRates].map(({ code }) => code),
    'two rates with the code',
  )
  refuseTwice(
    'usageRates',
    card.usageRates.map(({ meter }) => meter),
    'two usage rates for the meter',
  )
  refuseTwice(
    'bundles',
    card.bundles.map(({ code }) => code),
    'two bundles with the code',
  )
  if (fixedTotal(card, {}).minor > MOST_MINOR) {
    throw invalidInput(
      'fixedRates',
      'a period of this card costs more than a card can be charged at once (99,999,999 minor units)',
    )
  }
  return card
}

/** Source: stripe-notes.md 4.3. */
const MOST_MINOR = 99_999_999n

function refuseUnknownRates({ code, allowances, fixedRates }: RateCard): void {
  for (const [i, { perQuantityOf }] of allowances.entries()) {
    if (perQuantityOf == null || fixedRates.some((rate) => rate.code === perQuantityOf)) continue
    throw invalidInput(`allowances.${i}.perQuantityOf`, `the card "${code}" has no fixed rate "${perQuantityOf}"`)
  }
}

/** Codes name things of the catalogue: letters, digits and _ . : - */
export function checkCode(code: string, field: string): string {
  if (CODE.test(code)) return code
  throw invalidInput(field, `"${code}" is not a code: use 1 to 100 letters, digits and _ . : -`)
}

/** A decimal that is greater than zero, or at least zero. Throws INVALID_INPUT with the field. */
export function checkDecimal<Unit extends string>(
  input: unknown,
  field: string,
  min: 'zero' | 'positive',
): Amount<Unit> {
  const amount = parseDecimal<Unit>(input)
  if (amount === null) {
    throw invalidInput(
      field,
      `${field} is not a decimal: send a string such as "12.5", at most 30 digits before and 9 after the point`,
    )
  }
  if (amount < 0n || (min === 'positive' && amount === 0n)) {
    throw invalidInput(field, `${field} must ${min === 'positive' ? 'be greater than zero' : 'not be negative'}`)
  }
  return amount
}

function checkFixedRate(input: FixedRateInput, index: number): FixedRate {
  const path = `fixedRates.${index}`
  const price = checkPrice(input.price, `${path}.price`)
  if (isPerEvent(price)) throw invalidInput(`${path}.price`, 'a fixed rate is flat, package, graduated or volume')
  return {
    code: checkCode(input.code, `${path}.code`),
    name: input.name,
    price,
    defaultQuantity: whole(input.defaultQuantity ?? 1, `${path}.defaultQuantity`, 0, 1_000_000),
    // Only where it is said: the content of cards that were published before must not differ from the same content now.
    ...(input.adjustable != null && { adjustable: input.adjustable }),
  }
}

function checkUsageRate(input: UsageRateInput, path: string, catalog: Catalog): CardUsageRate {
  if (!catalog.meters.has(input.meter))
    throw notFound('meter', input.meter, `${path}.meter`, 'define it with defineMeter')
  if (input.creditType != null) checkCreditType(input.creditType, `${path}.creditType`, catalog)
  const creditCost = input.creditCost == null ? null : checkPrice(input.creditCost, `${path}.creditCost`)
  if (creditCost && 'volume' in creditCost) {
    throw invalidInput(
      `${path}.creditCost`,
      'volume cannot cost credits, which are drawn as usage happens: use graduated',
    )
  }
  const overagePrice = input.overagePrice == null ? null : checkPrice(input.overagePrice, `${path}.overagePrice`)
  if (overagePrice && isPerEvent(overagePrice)) {
    throw invalidInput(
      `${path}.overagePrice`,
      'overage is priced on the period as a whole: use flat, package, graduated or volume',
    )
  }
  if (input.overage === 'CHARGE' && !overagePrice) {
    throw invalidInput(
      `${path}.overagePrice`,
      'overage CHARGE needs an overagePrice: the money for each credit beyond the grants',
    )
  }
  const includedUnits =
    input.includedUnits == null ? ZERO : checkDecimal<'quantity'>(input.includedUnits, `${path}.includedUnits`, 'zero')
  if (includedUnits > 0n && creditCost && !('flat' in creditCost)) {
    throw invalidInput(
      `${path}.includedUnits`,
      'included units need a flat creditCost: name the credits as an allowance instead',
    )
  }
  return {
    code: checkCode(input.code, `${path}.code`),
    name: input.name,
    meter: input.meter,
    creditType: input.creditType ?? input.meter,
    creditCost,
    overage: input.overage,
    overagePrice,
    includedUnits,
  }
}

function checkAllowance(input: AllowanceInput, path: string, catalog: Catalog): Allowance {
  checkCreditType(input.creditType, `${path}.creditType`, catalog)
  const rollover = input.rollover ?? 'NONE'
  const rolloverCap =
    input.rolloverCap == null ? null : checkDecimal<'credits'>(input.rolloverCap, `${path}.rolloverCap`, 'zero')
  if ((rollover === 'CAPPED') !== (rolloverCap !== null)) {
    throw invalidInput(`${path}.rolloverCap`, 'rollover CAPPED and rolloverCap go together')
  }
  return {
    creditType: input.creditType,
    amount: checkDecimal(input.amount, `${path}.amount`, 'positive'),
    ...(input.perQuantityOf == null ? {} : { perQuantityOf: input.perQuantityOf }),
    rollover,
    rolloverCap,
    rolloverPeriods:
      input.rolloverPeriods == null ? null : whole(input.rolloverPeriods, `${path}.rolloverPeriods`, 1, 1_000),
  }
}

function checkBundle(input: BundleInput, path: string, currency: string, catalog: Catalog): Bundle {
  checkCreditType(input.creditType, `${path}.creditType`, catalog)
  const price = parseMoney(input.price, currency)
  if (!price || price.minor <= 0n) {
    throw invalidInput(
      `${path}.price`,
      `a bundle's price is a positive amount in ${currency} with at most its ${currencyDecimals(currency)} decimals`,
    )
  }
  return {
    code: checkCode(input.code, `${path}.code`),
    name: input.name,
    creditType: input.creditType,
    credits: checkDecimal(input.credits, `${path}.credits`, 'positive'),
    price,
    expiresAfterDays:
      input.expiresAfterDays == null ? null : whole(input.expiresAfterDays, `${path}.expiresAfterDays`, 1, 36_500),
  }
}

function checkPrice(input: unknown, path: string): Price {
  const parsed = parsePrice(input, path)
  if (!parsed.ok) throw invalidInput(parsed.field, parsed.message)
  return parsed.price
}

function checkCreditType(code: string, field: string, catalog: Catalog): void {
  if (!catalog.creditTypes.has(code)) throw notFound('credit type', code, field, 'define it with defineCreditType')
}

function whole(value: number, field: string, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value
  throw invalidInput(field, `${field} must be a whole number from ${min} to ${max}`)
}

function refuseTwice(field: string, codes: readonly string[], what: string): void {
  const twice = codes.find((code, index) => codes.indexOf(code) !== index)
  if (twice !== undefined) throw invalidInput(field, `the card has ${what} "${twice}"`)
}
