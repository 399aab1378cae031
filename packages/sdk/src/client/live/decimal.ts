/** Just enough exact arithmetic to compare a price with a balance; amounts stay strings everywhere else. */
export interface Decimal {
  readonly digits: bigint
  readonly scale: number
}

/** Null for what is no decimal, such as a float in exponent form. */
export function parseDecimal(value: string | number): Decimal | null {
  const match = /^(-?\d+)(?:\.(\d+))?$/.exec(String(value))
  if (!match) return null
  const fraction = match[2] ?? ''
  return { digits: BigInt(`${match[1]}${fraction}`), scale: fraction.length }
}

export const multiply = (a: Decimal, b: Decimal): Decimal => ({ digits: a.digits * b.digits, scale: a.scale + b.scale })

/** Negative, zero or positive, as `a` is less than, equal to or greater than `b`. */
export function compare(a: Decimal, b: Decimal): bigint {
  const scale = Math.max(a.scale, b.scale)
  return a.digits * 10n ** BigInt(scale - a.scale) - b.digits * 10n ** BigInt(scale - b.scale)
}

/** Without trailing zeros, as the API writes decimals. */
export function formatDecimal({ digits, scale }: Decimal): string {
  const sign = digits < 0n ? '-' : ''
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0')
  const whole = text.slice(0, text.length - scale)
  const fraction = text.slice(text.length - scale).replace(/0+$/, '')
  return `${sign}${whole}${fraction && `.${fraction}`}`
}
