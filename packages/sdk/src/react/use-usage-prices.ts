import type { RateCard } from '../client/types.ts'
import { usagePrices } from './texts/plan-facts.ts'
import { useTexts } from './texts/texts-provider.tsx'

/** What usage costs in credits on a card, a line each: "Images: 5 credits each". Where a unit is one credit there is no line. */
export function useUsagePrices(card: Pick<RateCard, 'usageRates'>): readonly string[] {
  return usagePrices(card, useTexts())
}
