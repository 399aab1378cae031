/**
 * What becomes of unspent allowances at the end of a period. Source: product.md, "Renewal, failure, cancellation":
 * NONE: it expires. FULL: all is rolled over. CAPPED: as FULL, but never more than the cap of rolled-over credits in all.
 */
import type { Allowance, RateCard } from './card.ts'
import { type Credits, larger, smaller, subtract, sum, ZERO } from './decimal.ts'

/** What remains, at the period's end, of its allowance or of credits that were rolled over before. */
export interface Leftover {
  readonly grantId: string
  readonly creditType: string
  readonly kind: 'ALLOWANCE' | 'ROLLOVER'
  /** Neither spent nor held. */
  readonly remaining: Credits
  /** When rolled-over credits end, as settled when they were rolled over; null: with the subscription. Not an allowance's. */
  readonly expiresAt: number | null
}

/** How a leftover is divided: `rollsOver` and `expires` are all that remained. */
export interface LeftoverPlan extends Leftover {
  /** Spendable after the period: a new ROLLOVER grant of an allowance, or what stays in a ROLLOVER grant. */
  readonly rollsOver: Credits
  readonly expires: Credits
}

/**
 * Divides leftovers at the end of a period, by the terms of the card that brought them. `expiresAt` of what rolls over
 * for the first time comes from `endOf`, given how many further periods it lives. Where the cap is met, the credits that
 * would end first go first, so that the customer keeps those that live longest.
 */
export function planRollover(
  card: RateCard,
  leftovers: readonly Leftover[],
  periodEnd: number,
  endOf: (periods: number) => number,
): LeftoverPlan[] {
  const types = [...new Set(leftovers.map(({ creditType }) => creditType))]
  return types.flatMap((type) => {
    const terms = rolloverTerms(card, type)
    const expiresAt = terms?.rolloverPeriods == null ? null : endOf(terms.rolloverPeriods)
    const dated = leftovers
      .filter(({ creditType, remaining }) => creditType === type && remaining > 0n)
      .map((leftover) => (leftover.kind === 'ALLOWANCE' ? { ...leftover, expiresAt } : leftover))
    const lives = ({ kind, expiresAt }: Leftover) =>
      kind === 'ALLOWANCE' ? terms !== null : expiresAt === null || expiresAt > periodEnd
    return [...dated.filter((leftover) => !lives(leftover)).map(lost), ...withinCap(dated.filter(lives), terms)]
  })
}

/** A period has one allowance grant of a type, so one set of terms: of several allowances, those that keep most. */
function rolloverTerms({ allowances }: RateCard, creditType: string): Allowance | null {
  const ofType = allowances.filter((allowance) => allowance.creditType === creditType)
  const capped = ofType.filter(({ rollover }) => rollover === 'CAPPED').sort((a, b) => (capOf(a) > capOf(b) ? -1 : 1))
  return ofType.find(({ rollover }) => rollover === 'FULL') ?? capped[0] ?? null
}

function withinCap(living: readonly Leftover[], terms: Allowance | null): LeftoverPlan[] {
  const total = sum(living.map(({ remaining }) => remaining))
  const room = terms?.rollover === 'CAPPED' ? capOf(terms) : total
  let excess = larger(subtract(total, room), ZERO as Credits)
  return [...living].sort(endsFirst).map((leftover) => {
    const expires = smaller(leftover.remaining, excess)
    excess = subtract(excess, expires)
    return { ...leftover, rollsOver: subtract(leftover.remaining, expires), expires }
  })
}

function capOf({ rolloverCap }: Allowance): Credits {
  return rolloverCap ?? ZERO
}

function endsFirst(a: Leftover, b: Leftover): number {
  const [endA, endB] = [a.expiresAt ?? Number.POSITIVE_INFINITY, b.expiresAt ?? Number.POSITIVE_INFINITY]
  if (endA !== endB) return endA - endB
  return a.kind === b.kind ? 0 : a.kind === 'ROLLOVER' ? -1 : 1
}

function lost(leftover: Leftover): LeftoverPlan {
  return { ...leftover, rollsOver: ZERO, expires: leftover.remaining }
}
