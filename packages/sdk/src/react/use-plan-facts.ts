import type { RateCard } from '../client/types.ts'
import type { LabelParts } from './texts/labels.ts'
import { planFacts, type Quantities } from './texts/plan-facts.ts'
import { useTexts } from './texts/texts-provider.tsx'

export interface PlanFactsOptions {
  /** Of its fixed rates, by code: credits that come with each seat are counted for so many. */
  readonly quantities?: Quantities | undefined
  readonly labels?: LabelParts | undefined
}

/** What a plan brings and what usage on it costs, a line each, as `<PricingTable>` says it. */
export function usePlanFacts(card: RateCard, { quantities, labels }: PlanFactsOptions = {}): readonly string[] {
  return planFacts(card, useTexts(labels), quantities)
}
