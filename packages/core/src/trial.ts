/**
 * Trials: `trialDays` local days; the allowance is granted at the start, the first charge comes at the end, which is the
 * anchor. Usage in the trial is not billed. Source: product.md, "Changing the card".
 */
import { addLocalDays, type Span } from './calendar.ts'
import { allowancesOf, type Quantities, type RateCard } from './card.ts'
import type { ChangePlan } from './change.ts'
import { zeroMoney } from './money.ts'

export interface TrialPlan extends ChangePlan {
  /** The trial; it ends with `planRenewal`, which charges the first period in advance. */
  readonly period: Span
  /** The first charge, from which all later periods are counted. */
  readonly anchor: number
}

/** The start of a card's trial, or null where it has none: then `planStart` says what is due. */
export function planTrial(card: RateCard, quantities: Quantities, at: number, timeZone: string): TrialPlan | null {
  if (card.trialDays === 0) return null
  const anchor = addLocalDays(at, card.trialDays, timeZone)
  const due = zeroMoney(card.currency)
  return { due, lines: [], allowances: allowancesOf(card, quantities), period: { start: at, end: anchor }, anchor }
}
