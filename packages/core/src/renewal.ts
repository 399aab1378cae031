/**
 * What happens when a period ends and the next one begins, in one step: leftovers, invoice, allowances.
 * Source: product.md, "Renewal, failure, cancellation".
 */
import { type Period, periodAt, periodContaining, type Span } from './calendar.ts'
import { allowancesOf, fixedTotal, type Quantities, type RateCard } from './card.ts'
import type { ChangePlan } from './change.ts'
import { type Arrears, arrearsLines, type CardTerms, chargeLines, totalOf } from './plan-lines.ts'
import { type Leftover, type LeftoverPlan, planRollover } from './rollover.ts'

export interface Renewal {
  /** The card of the period that has ended; its terms decide about leftovers and overage. */
  readonly card: RateCard
  readonly quantities: Quantities
  /** What waited for the period's end: another card, or a newer version. Left out: the card goes on. */
  readonly pending?: CardTerms
  readonly endedPeriod: Span
  readonly anchor: number
  readonly timeZone: string
  /** The allowance of the ended period and credits rolled over before, as they stand at its end. */
  readonly leftovers: readonly Leftover[]
  /**
   * The ended period's overage first, then that of earlier periods whose usage came, or was taken back, after their invoice.
   * In a trial there is none: its overage is uncovered.
   */
  readonly arrears: readonly Arrears[]
}

/** `due` is for the whole invoice; `allowances` are those of the next period. */
export interface RenewalPlan extends ChangePlan {
  /** The next period. Its anchor is the subscription's, or its own start after a change of interval. */
  readonly period: Period
  readonly anchor: number
  /** The card that is in force from now on. */
  readonly terms: CardTerms
  readonly leftovers: readonly LeftoverPlan[]
  /** A card that costs nothing brings its allowances at once, whatever else is due; a paid one when its invoice is paid. */
  readonly grants: 'AT_ONCE' | 'WHEN_PAID'
}

/**
 * The decision at the boundary. The invoice has arrears first, then the fixed rates of the next period in advance.
 *
 * @throws if the pending card has another currency.
 */
export function planRenewal(renewal: Renewal): RenewalPlan {
  const { card, endedPeriod, timeZone } = renewal
  const terms = renewal.pending ?? { card, quantities: renewal.quantities }
  const { period, anchor } = nextPeriod(renewal, terms.card)
  const endOf = (periods: number) => periodAt(anchor, terms.card.interval, timeZone, period.index + periods).start
  const lines = [
    ...arrearsLines(renewal.arrears),
    ...chargeLines(terms, { period: { start: period.start, end: period.end } }),
  ]
  const due = totalOf(lines, terms.card.currency)
  return {
    due,
    lines,
    allowances: allowancesOf(terms.card, terms.quantities),
    period,
    anchor,
    terms,
    leftovers: planRollover(card, renewal.leftovers, endedPeriod.end, endOf),
    grants: fixedTotal(terms.card, terms.quantities).minor > 0n ? 'WHEN_PAID' : 'AT_ONCE',
  }
}

// Another interval begins anew where the old period ended; else the next period comes from the anchor that has always been.
function nextPeriod(
  { card, endedPeriod, anchor, timeZone }: Renewal,
  next: RateCard,
): { period: Period; anchor: number } {
  const start = endedPeriod.end
  if (card.interval === next.interval)
    return { period: periodContaining(anchor, next.interval, timeZone, start), anchor }
  return { period: periodAt(start, next.interval, timeZone, 0), anchor: start }
}
