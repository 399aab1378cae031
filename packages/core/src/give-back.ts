/**
 * How much of a running period a change of card may give back. Source: product.md, "Changing the card": credited money
 * is at most the time left and at most the unspent allowance of what was paid.
 */
import type { Credits } from './decimal.ts'
import { largerMoney, type Money, notNegative, subtractMoney } from './money.ts'
import { cutMoney, type Share, smallerShare } from './proration.ts'

/** A period's allowance of one credit type, as its grant stands now. */
export interface PeriodAllowance {
  /** The grant's amount: what earlier changes in the period added and took back is in it. */
  readonly granted: Credits
  /** Neither spent nor held. */
  readonly remaining: Credits
}

/** What the running period of a subscription has cost and brought so far. */
export interface PeriodSoFar {
  /** Fixed rates paid for the period, less what changes in it have credited: overage and tax are not among them. */
  readonly paid: Money
  /** What of it stays with the seller whatever follows, as earlier changes in the period found; left out: nothing yet. */
  readonly kept?: Money
  /** By credit type. Types of earlier cards of the period stand here too, as long as their grants are open. */
  readonly allowance: ReadonlyMap<string, PeriodAllowance>
}

/**
 * What of the money paid is used up at an instant: the time that has gone, or the allowance that is spent, whichever is
 * more. It never falls within a period, so that many small steps give back no more than one large one.
 */
export function keptOf({ paid, kept, allowance }: PeriodSoFar, time: Share): Money {
  const usedUp = subtractMoney(paid, cutMoney(paid, unspentShare(allowance, time)))
  return kept ? largerMoney(kept, usedUp) : usedUp
}

/** The most money that may go back, in whole minor units: rounded down, so that it never passes either limit. */
export function mostToGiveBack(soFar: PeriodSoFar, time: Share): Money {
  return notNegative(subtractMoney(soFar.paid, keptOf(soFar, time)))
}

// The least of all credit types: who has spent one of two pools has not kept the plan unused.
function unspentShare(allowance: PeriodSoFar['allowance'], time: Share): Share {
  return [...allowance.values()]
    .filter(({ granted }) => granted > 0n)
    .map(({ granted, remaining }): Share => ({ left: remaining, whole: granted }))
    .reduce(smallerShare, time)
}
