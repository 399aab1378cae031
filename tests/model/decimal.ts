// Credits as whole billionths: the oracle has its own arithmetic, so that a fault in the product's can't hide in both.

const PLACES = 9
const ONE = 10n ** BigInt(PLACES)

/** "1.5" as 1500000000n. */
export function parse(text: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d{1,9}))?$/.exec(text)
  if (!match) throw new Error(`not a decimal of at most ${PLACES} places: ${text}`)
  const [, sign, whole, fraction = ''] = match as unknown as [string, string, string, string?]
  const value = BigInt(whole) * ONE + BigInt(fraction.padEnd(PLACES, '0'))
  return sign ? -value : value
}

/** 1500000000n as "1.5", without trailing zeros. */
export function format(value: bigint): string {
  const size = value < 0n ? -value : value
  const fraction = String(size % ONE)
    .padStart(PLACES, '0')
    .replace(/0+$/, '')
  return `${value < 0n ? '-' : ''}${size / ONE}${fraction && '.'}${fraction}`
}

export function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
