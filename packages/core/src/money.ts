/**
 * Money in whole minor units of one currency: what is invoiced, charged and refunded.
 *
 * Prices and costs stay exact amounts (decimal.ts) until they become a line of an invoice; that step is `roundToMinor`.
 */
import { currencyDecimals } from './currency.ts'
import { type Amount, parseDecimal, SCALE_DIGITS } from './decimal.ts'

/** `minor` counts cents, yen, fils: 107.20 USD is `{ minor: 10720n, currency: 'USD' }`. */
export interface Money {
  readonly minor: bigint
  readonly currency: string
}

/** Money that is not settled yet: a price or a cost, exact to 20 decimals, in major units. */
export type ExactMoney = Amount<'money'>

/**
 * The one place where money is rounded: half away from zero, to the currency's minor unit (product.md, "The model").
 * An invoice calls it once for each line; a total is the sum of its lines and is never rounded again.
 *
 * @throws on a currency that Florin does not bill in.
 */
export function roundToMinor(amount: ExactMoney, currency: string): Money {
  const step = minorUnit(currency)
  const magnitude: bigint = amount < 0n ? -amount : amount
  const rounded = (magnitude * 2n + step) / (step * 2n)
  return { minor: amount < 0n ? -rounded : rounded, currency }
}

/** The same money as an exact amount, to be priced or shared further. */
export function exactMoney(money: Money): ExactMoney {
  return (money.minor * minorUnit(money.currency)) as ExactMoney
}

/** Writes money with all decimals of its currency: "107.20" USD, "80" JPY, "1.234" KWD. */
export function formatMoney(money: Money): string {
  const decimals = decimalsOf(money.currency)
  const sign = money.minor < 0n ? '-' : ''
  const digits = String(money.minor < 0n ? -money.minor : money.minor).padStart(decimals + 1, '0')
  if (decimals === 0) return sign + digits
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}

/**
 * Reads money that a caller sent, in major units: "107.20".
 *
 * @returns null if it is not a decimal, is finer than the currency's minor unit (80.5 JPY), or the currency is unknown.
 */
export function parseMoney(input: unknown, currency: string): Money | null {
  const amount = parseDecimal<'money'>(input)
  if (amount === null || currencyDecimals(currency) === null) return null
  const step = minorUnit(currency)
  return amount % step === 0n ? { minor: amount / step, currency } : null
}

/** No money, in a currency. */
export function zeroMoney(currency: string): Money {
  return { minor: 0n, currency }
}

/** @throws if the currencies differ. */
export function addMoney(a: Money, b: Money): Money {
  requireSameCurrency(a, b)
  return { minor: a.minor + b.minor, currency: a.currency }
}

/** @throws if the currencies differ. */
export function subtractMoney(a: Money, b: Money): Money {
  return addMoney(a, negateMoney(b))
}

export function negateMoney(money: Money): Money {
  return { minor: -money.minor, currency: money.currency }
}

/** The smaller of two sums of one currency. @throws if the currencies differ. */
export function smallerMoney(a: Money, b: Money): Money {
  return subtractMoney(a, b).minor < 0n ? a : b
}

/** The larger of two sums of one currency. @throws if the currencies differ. */
export function largerMoney(a: Money, b: Money): Money {
  return subtractMoney(a, b).minor < 0n ? b : a
}

/** The money itself, or none where it is negative. */
export function notNegative(money: Money): Money {
  return money.minor < 0n ? zeroMoney(money.currency) : money
}

/** The sum of lines of one currency. @throws if one of them has another currency. */
export function sumMoney(lines: readonly Money[], currency: string): Money {
  return lines.reduce(addMoney, zeroMoney(currency))
}

/**
 * Splits money into shares in proportion to `weights`, by largest remainder: shares sum to the total, and each is less
 * than one minor unit away from its exact share. Equal remainders are served in order.
 *
 * @throws if a weight is negative or all of them are zero.
 */
export function splitMoney(total: Money, weights: readonly bigint[]): Money[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0n)
  if (whole <= 0n || weights.some((weight) => weight < 0n)) throw new Error('weights must be positive')

  const magnitude = total.minor < 0n ? -total.minor : total.minor
  const shares = weights.map((weight) => (magnitude * weight) / whole)
  const missing = magnitude - shares.reduce((sum, share) => sum + share, 0n)
  for (const index of byRemainder(magnitude, weights, whole).slice(0, Number(missing))) {
    shares[index] = (shares[index] as bigint) + 1n
  }

  const split = shares.map((share) => ({ minor: total.minor < 0n ? -share : share, currency: total.currency }))
  if (sumMoney(split, total.currency).minor !== total.minor) throw new Error('shares do not sum to the total')
  return split
}

/** Indexes of the weights, those that lost most to rounding down first. */
function byRemainder(magnitude: bigint, weights: readonly bigint[], whole: bigint): number[] {
  const remainders = weights.map((weight, index) => ({ index, remainder: (magnitude * weight) % whole }))
  remainders.sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1))
  return remainders.map(({ index }) => index)
}

function minorUnit(currency: string): bigint {
  return 10n ** BigInt(SCALE_DIGITS - decimalsOf(currency))
}

function decimalsOf(currency: string): number {
  const decimals = currencyDecimals(currency)
  if (decimals === null) throw new Error(`not a currency that Florin bills in: ${currency}`)
  return decimals
}

function requireSameCurrency(a: Money, b: Money): void {
  if (a.currency !== b.currency) throw new Error(`${a.currency} and ${b.currency} do not add up`)
}
