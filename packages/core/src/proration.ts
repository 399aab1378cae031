/**
 * Shares of a period's price and allowance, by the time that is left: by the second, against the period's real length.
 * Source: product.md, "Changing the card".
 */
import { type Amount, SCALE_DIGITS } from './decimal.ts'
import { type ExactMoney, exactMoney, type Money, roundToMinor } from './money.ts'

/** An exact fraction of a period, in whole seconds: `left` of `whole`. */
export interface TimeShare {
  readonly left: bigint
  readonly whole: bigint
}

/** Shares of credits are cut here, to the decimals that callers may send and see. */
const SHARE_STEP = 10n ** BigInt(SCALE_DIGITS - 9)

/**
 * How much of `[start, end)` is left at an instant (all in epoch milliseconds): all before it starts, nothing from its end on.
 *
 * @throws if the span is shorter than a second.
 */
export function timeShare(start: number, end: number, at: number): TimeShare {
  const whole = seconds(end) - seconds(start)
  if (whole <= 0n) throw new Error('a period lasts at least a second')
  const now = Math.min(Math.max(at, start), end)
  return { left: seconds(end) - seconds(now), whole }
}

/** The share of an amount of credits: the one place where credits are rounded, to 9 decimals, toward zero. */
export function shareOf<Unit extends string>(amount: Amount<Unit>, { left, whole }: TimeShare): Amount<Unit> {
  const share = (amount * left) / whole
  return (share - (share % SHARE_STEP)) as Amount<Unit>
}

/** The share of a sum of money, rounded once, as a line of an invoice is. */
export function shareOfMoney(money: Money, { left, whole }: TimeShare): Money {
  return roundToMinor(((exactMoney(money) * left) / whole) as ExactMoney, money.currency)
}

function seconds(instant: number): bigint {
  return BigInt(Math.floor(instant / 1000))
}
