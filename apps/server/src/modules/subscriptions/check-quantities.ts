import type { Quantities, RateCard } from '@florin/core'
import { invalidInput } from '../../platform/errors.ts'

export interface RateQuantityInput {
  code: string
  quantity: number
}

/** Quantities by rate code, for rates that the card has. Throws INVALID_INPUT. */
export function checkQuantities(card: RateCard, input: readonly RateQuantityInput[] | null | undefined): Quantities {
  const quantities: Record<string, number> = {}
  for (const [index, { code, quantity }] of (input ?? []).entries()) {
    if (!card.fixedRates.some((rate) => rate.code === code)) {
      throw invalidInput(`quantities.${index}.code`, `the card "${card.code}" has no fixed rate "${code}"`)
    }
    if (quantity < 0 || quantity > 1_000_000) {
      throw invalidInput(`quantities.${index}.quantity`, 'a quantity is a whole number from 0 to 1,000,000')
    }
    quantities[code] = quantity
  }
  return quantities
}
