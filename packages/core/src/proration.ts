/**
 * Shares of a period's price and allowance, by the time that is left: by the second, against the period's real length.
 * Source: product.md, "Changing the card".
 */
import { type Amount, SCALE_DIGITS } from './decimal.ts'
import { type ExactMoney, exactMoney, type Money, roundToMinor } from './money.ts'

/** An exact fraction, from none to all of it: `left` of `whole`, in seconds or in credits. */
export interface Share {
  readonly left: bigint
  readonly whole: bigint
}

/** All of it. */
export const WHOLE: Share = { left: 1n, whole: 1n }

/** Shares of credits are cut here, to the decimals that callers may send and see. */
const SHARE_STEP = 10n ** BigInt(SCALE_DIGITS - 9)

/**
 * How much of `[start, end)` is left at an instant (all in epoch milliseconds): all before it starts, nothing from its end on.
 *
 * @throws if the span is shorter than a second.
 */
export function timeShare(start: number, end: number, at: number): Share {
  const whole = seconds(end) - seconds(start)
  if (whole <= 0n) throw new Error('a period lasts at least a second')
  const now = Math.min(Math.max(at, start), end)
  return { left: seconds(end) - seconds(now), whole }
}

/** The share of an amount of credits: the one place where credits are rounded, to 9 decimals, toward zero. */
export function shareOf<Unit extends string>(amount: Amount<Unit>, { left, whole }: Share): Amount<Unit> {
  const share = (amount * left) / whole
  return (share - (share % SHARE_STEP)) as Amount<Unit>
}

/** The share of a sum of money, rounded once, as a line of an invoice is. */
export function shareOfMoney(money: Money, { left, whole }: Share): Money {
  return roundToMinor(((exactMoney(money) * left) / whole) as ExactMoney, money.currency)
}

/** The smaller of two shares. */
export function smallerShare(a: Share, b: Share): Share {
  return a.left * b.whole <= b.left * a.whole ? a : b
}

/** The most whole minor units within a share of a sum of money that is not negative: what may be given back of it. */
export function cutMoney(money: Money, { left, whole }: Share): Money {
  return { minor: (money.minor * left) / whole, currency: money.currency }
}

function seconds(instant: number): bigint {
  return BigInt(Math.floor(instant / 1000))
}
