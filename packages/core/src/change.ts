/**
 * What it means to start a card or to change from one to another: money due and credits granted, as data.
 * A preview is this decision without the write. Source: product.md, "Changing the card".
 */
import { type Period, periodAt, type Span } from './calendar.ts'
import { allowancesOf, fixedTotal, type Quantities, type RateCard } from './card.ts'
import { type Credits, larger, negate, smaller, subtract, ZERO } from './decimal.ts'
import { keptOf, mostToGiveBack, type PeriodAllowance, type PeriodSoFar } from './give-back.ts'
import { type Money, negateMoney, notNegative, smallerMoney, subtractMoney, zeroMoney } from './money.ts'
import { type CardTerms, chargeLines, creditLines, type LinePart, type PlanLine, totalOf } from './plan-lines.ts'
import { type Share, shareOf, timeShare } from './proration.ts'

/** Money and credits that a start or a change moves now. Credits may be negative: allowance that is taken back. */
export interface ChangePlan {
  /** The sum of the lines. Negative: account credit. */
  readonly due: Money
  readonly lines: readonly PlanLine[]
  readonly allowances: ReadonlyMap<string, Credits>
}

/** The first period: fixed rates in advance, allowances in full. */
export function planStart(card: RateCard, quantities: Quantities): ChangePlan {
  const lines = chargeLines({ card, quantities })
  return { due: totalOf(lines, card.currency), lines, allowances: allowancesOf(card, quantities) }
}

/** How a change within a period is charged; a change that waits for the period's end is planned by `planRenewal`. */
export type ImmediateChange = 'RATE_DIFFERENCE' | 'PRORATE'

export interface CardChange extends PeriodSoFar {
  readonly from: CardTerms
  readonly to: CardTerms
  readonly behavior: ImmediateChange
  /** The period that is running, and the instant of the change within it. */
  readonly period: Span
  readonly at: number
  readonly timeZone: string
  /** The period is a trial: nothing is paid in it, and it goes on if the new card has a trial as well. */
  readonly inTrial?: boolean
}

export interface CardChangePlan extends ChangePlan {
  /**
   * Null: the period stays, and `allowances` grow or shrink its grants. Else the old period ends now, with what remains
   * of its allowance; this one, anchored at its start, begins, and `allowances` are its own.
   */
  readonly newPeriod: Period | null
  /** What of the period's money stays with the seller from now on (see `keptOf`); nothing in a new period. */
  readonly kept: Money
}

/**
 * A change from one card to another at once. Within a period, what the period has already paid and been granted counts:
 * an upgrade brings it to what the new card costs and brings and never beyond, so that going up and down any number of
 * times is one grant and one payment. What goes back is limited by `mostToGiveBack`; allowance is taken back only from
 * what remains of it.
 *
 * @throws if the cards have different currencies.
 */
export function planChange(change: CardChange): CardChangePlan {
  const { from, to } = change
  if (change.inTrial) return to.card.trialDays > 0 ? withinTrial(change) : intoNewPeriod(change)
  return from.card.interval === to.card.interval ? withinPeriod(change) : intoNewPeriod(change)
}

// The first charge still comes at the trial's end, by the card that is in force then.
function withinTrial(change: CardChange): CardChangePlan {
  const { period, at, behavior, to } = change
  const part = behavior === 'PRORATE' ? { share: timeShare(period.start, period.end, at) } : {}
  const due = zeroMoney(to.card.currency)
  return { due, lines: [], allowances: allowancesWithin(change, part), newPeriod: null, kept: due }
}

function withinPeriod(change: CardChange): CardChangePlan {
  const { from, to, period, at } = change
  const time = timeShare(period.start, period.end, at)
  const part = change.behavior === 'PRORATE' ? { period: { start: at, end: period.end }, share: time } : { period }
  const charged = chargeLines(to, part)
  const earlier = chargeLines(from, part)
  const price = totalOf(charged, to.card.currency)
  const due = dueWithin(change, subtractMoney(price, totalOf(earlier, from.card.currency)), time)
  const lines = [...charged, ...creditLines(from.card, earlier, subtractMoney(price, due), part)]
  return { due, lines, allowances: allowancesWithin(change, part), newPeriod: null, kept: keptOf(change, time) }
}

function dueWithin(change: CardChange, difference: Money, time: Share): Money {
  const { to, paid, behavior } = change
  const price = fixedTotal(to.card, to.quantities)
  if (difference.minor >= 0n) return smallerMoney(difference, notNegative(subtractMoney(price, paid)))
  const most = mostToGiveBack(change, time)
  // The full difference may not take back more than brings the period to the full price of the new card.
  const back = behavior === 'PRORATE' ? most : smallerMoney(most, notNegative(subtractMoney(paid, price)))
  return negateMoney(smallerMoney(negateMoney(difference), back))
}

/**
 * The credits that a newer version of a card brings to the running period at once: the full difference of allowances, as
 * far as the period has not had it, or still has what is to be taken back.
 */
export function allowanceDifference(
  change: Pick<CardChange, 'from' | 'to' | 'allowance'>,
): ReadonlyMap<string, Credits> {
  return allowancesWithin(change, {})
}

const NO_ALLOWANCE: PeriodAllowance = { granted: ZERO, remaining: ZERO }

function allowancesWithin(
  { from, to, allowance }: Pick<CardChange, 'from' | 'to' | 'allowance'>,
  { share }: LinePart,
): ReadonlyMap<string, Credits> {
  const [before, after] = [allowancesOf(from.card, from.quantities), allowancesOf(to.card, to.quantities)]
  const moved = [...new Set([...before.keys(), ...after.keys()])].map((type): [string, Credits] => {
    const has = allowance.get(type) ?? NO_ALLOWANCE
    const brings = after.get(type) ?? (ZERO as Credits)
    return [type, allowanceMoved(subtract(brings, before.get(type) ?? (ZERO as Credits)), brings, has, share)]
  })
  return new Map(moved.filter(([, amount]) => amount !== 0n))
}

function allowanceMoved(
  difference: Credits,
  brings: Credits,
  { granted, remaining }: PeriodAllowance,
  share: Share | undefined,
): Credits {
  const natural = share ? shareOf(difference, share) : difference
  if (natural >= 0n) return smaller(natural, larger(subtract(brings, granted), ZERO as Credits))
  const beyond = share ? remaining : smaller(remaining, larger(subtract(granted, brings), ZERO as Credits))
  return negate(smaller(negate(natural), beyond))
}

// Another interval: the unused part of the old period is credited, the new period is charged and granted in full.
function intoNewPeriod(change: CardChange): CardChangePlan {
  const { from, to, period, at } = change
  const newPeriod = periodAt(at, to.card.interval, change.timeZone, 0)
  const time = timeShare(period.start, period.end, at)
  const part = { period: { start: at, end: period.end }, share: time }
  const unused = creditLines(from.card, chargeLines(from, part), mostToGiveBack(change, time), part)
  const lines = [...chargeLines(to, { period: newPeriod }), ...unused]
  return {
    due: totalOf(lines, to.card.currency),
    lines,
    allowances: allowancesOf(to.card, to.quantities),
    newPeriod,
    kept: zeroMoney(to.card.currency),
  }
}
