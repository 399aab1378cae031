/**
 * Exact decimals as fixed-point integers, tagged with what they count.
 *
 * An amount is a native bigint: the value × 10^20. Twenty digits hold the product of any two inputs (9 + 9 decimals)
 * and a percentage of one (9 + 9 + 2) without rounding, so nothing before an invoice line ever rounds.
 * Why not a decimal library: docs/decisions/0002-fixed-point-decimals.md.
 */

declare const unit: unique symbol

/** An exact number of `Unit`. The tag is invariant, so that credits and money cannot be added by accident. */
export type Amount<Unit extends string> = bigint & { readonly [unit]: (value: Unit) => Unit }

/** Credits of one credit type. */
export type Credits = Amount<'credits'>
/** What a meter counted, in the meter's own unit. */
export type Quantity = Amount<'quantity'>
/** A price as published: credits or money for one unit, one package or one tier. */
export type Rate = Amount<'rate'>

/** Digits after the point that an amount can hold. */
export const SCALE_DIGITS = 20
const SCALE = 10n ** BigInt(SCALE_DIGITS)

const INPUT = /^(-?)(\d{1,30})(?:\.(\d{1,9}))?$/
const STORED = /^(-?)(\d+)(?:\.(\d{1,20}))?$/

/** Nothing of any unit. */
export const ZERO = 0n as Amount<never> as never
/** One of any unit. */
export const ONE = SCALE as Amount<never> as never

/**
 * Reads what a caller sent: up to 30 digits before and 9 after the point, no exponent, no sign but a leading minus.
 * Numbers are taken only if they are safe integers: a JSON number with a fraction is a float already.
 *
 * @returns the amount, or null if the input is not such a decimal. Source: product.md, "Decimals".
 */
export function parseDecimal<Unit extends string>(input: unknown): Amount<Unit> | null {
  if (typeof input === 'bigint') return fromDigits(INPUT.exec(String(input)))
  if (typeof input === 'number') return Number.isSafeInteger(input) ? scaled(BigInt(input)) : null
  if (typeof input !== 'string') return null
  return fromDigits(INPUT.exec(input))
}

/** Reads a decimal that Florin itself wrote (a `numeric` column, a published price): up to 20 digits after the point. */
export function amountOf<Unit extends string>(stored: string | number): Amount<Unit> {
  if (typeof stored === 'number') return scaled(BigInt(stored))
  const amount = fromDigits<Unit>(STORED.exec(stored))
  if (amount === null) throw new Error(`not a stored decimal: ${stored}`)
  return amount
}

/** Writes an amount without trailing zeros: "5", "0.003". */
export function formatAmount(amount: bigint): string {
  const negative = amount < 0n
  const absolute = negative ? -amount : amount
  const whole = absolute / SCALE
  const rest = absolute - whole * SCALE
  const sign = negative ? '-' : ''
  if (rest === 0n) return `${sign}${whole}`
  return `${sign}${whole}.${rest.toString().padStart(SCALE_DIGITS, '0').replace(/0+$/, '')}`
}

export function add<Unit extends string>(a: Amount<Unit>, b: Amount<Unit>): Amount<Unit> {
  return (a + b) as Amount<Unit>
}

export function subtract<Unit extends string>(a: Amount<Unit>, b: Amount<Unit>): Amount<Unit> {
  return (a - b) as Amount<Unit>
}

export function negate<Unit extends string>(a: Amount<Unit>): Amount<Unit> {
  return -a as Amount<Unit>
}

export function sum<Unit extends string>(amounts: readonly Amount<Unit>[]): Amount<Unit> {
  return amounts.reduce<bigint>((total, amount) => total + amount, 0n) as Amount<Unit>
}

export function smaller<Unit extends string>(a: Amount<Unit>, b: Amount<Unit>): Amount<Unit> {
  return a < b ? a : b
}

export function larger<Unit extends string>(a: Amount<Unit>, b: Amount<Unit>): Amount<Unit> {
  return a > b ? a : b
}

/**
 * A quantity priced at a rate. Exact as long as the factors carry at most 20 digits after the point between them;
 * digits beyond the twentieth are cut toward zero (only a product of three inputs can have them).
 */
export function multiply<Unit extends string>(quantity: Amount<string> | Quantity | Credits, rate: Rate): Amount<Unit> {
  return ((quantity * rate) / SCALE) as Amount<Unit>
}

/** A percentage of an amount. Exact for inputs: 9 + 9 digits after the point, and 2 more for the hundredth. */
export function percentOf<Unit extends string>(base: Quantity, percent: Rate): Amount<Unit> {
  return ((base * percent) / (SCALE * 100n)) as Amount<Unit>
}

/** A whole number as an amount: 3n becomes 3.0 of the unit. */
export function scaled<Unit extends string>(whole: bigint): Amount<Unit> {
  return (whole * SCALE) as Amount<Unit>
}

function fromDigits<Unit extends string>(digits: RegExpExecArray | null): Amount<Unit> | null {
  if (!digits) return null
  const [, sign, whole, fraction] = digits
  const absolute =
    fraction === undefined
      ? BigInt(whole as string) * SCALE
      : BigInt((whole as string) + fraction.padEnd(SCALE_DIGITS, '0'))
  return (sign ? -absolute : absolute) as Amount<Unit>
}
