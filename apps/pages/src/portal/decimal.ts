/** Exact arithmetic on the decimals of the API, for sums that only the page makes: the price of a card for so many seats. */
export type Decimal = { readonly digits: bigint; readonly scale: number }

export const ZERO: Decimal = { digits: 0n, scale: 0 }

/** @throws for what is no decimal: the API sends none. */
export function decimalOf(value: string | number): Decimal {
  const match = /^(-?\d+)(?:\.(\d+))?$/.exec(String(value))
  if (!match) throw new Error(`"${value}" is no decimal`)
  const fraction = match[2] ?? ''
  return { digits: BigInt(`${match[1]}${fraction}`), scale: fraction.length }
}

const atScale = ({ digits, scale }: Decimal, wanted: number) => digits * 10n ** BigInt(wanted - scale)

export function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale)
  return { digits: atScale(a, scale) + atScale(b, scale), scale }
}

export const negate = ({ digits, scale }: Decimal): Decimal => ({ digits: -digits, scale })

export const multiply = (a: Decimal, b: Decimal): Decimal => ({ digits: a.digits * b.digits, scale: a.scale + b.scale })

/** Below, at or above zero, as `a` is less than, equal to or greater than `b`. */
export function compare(a: Decimal, b: Decimal): number {
  const { digits } = add(a, negate(b))
  return digits < 0n ? -1 : digits > 0n ? 1 : 0
}

/** Without trailing zeros, as the API writes decimals. */
export function textOf({ digits, scale }: Decimal): string {
  const sign = digits < 0n ? '-' : ''
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0')
  const fraction = text.slice(text.length - scale).replace(/0+$/, '')
  return `${sign}${text.slice(0, text.length - scale)}${scale > 0 && fraction ? `.${fraction}` : ''}`
}
