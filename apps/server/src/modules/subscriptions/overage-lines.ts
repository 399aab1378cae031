import { type Credits, overageCharge, type PlanLine, type Quantity, roundToMinor } from '@florin/core'
import type { Catalog, PublishedCard } from '../catalog/read-catalog.ts'

/** What a period's overage costs: one line for each rate, rounded once. Lines of nothing are left out. */
export function overageLines(
  { card }: PublishedCard,
  catalog: Catalog,
  overageByMeter: ReadonlyMap<number, Credits>,
): PlanLine[] {
  return card.usageRates.flatMap((rate) => {
    const credits = overageByMeter.get(catalog.meters.get(rate.meter)?.pk ?? -1)
    if (!credits) return []
    const amount = roundToMinor(overageCharge(rate, credits), card.currency)
    if (amount.minor === 0n) return []
    const quantity = credits as bigint as Quantity
    return [{ description: `${rate.name}: overage`, rateCode: rate.code, quantity, amount, proration: false }]
  })
}
