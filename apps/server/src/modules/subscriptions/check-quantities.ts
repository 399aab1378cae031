import type { Quantities, RateCard } from '@florin/core'
import { invalidInput } from '../../platform/errors.ts'
import type { Viewer } from '../accounts/viewer.ts'

export interface RateQuantityInput {
  code: string
  quantity: number
}

/**
 * Quantities by rate code, for rates that the card has. A customer may take more of a rate, but not leave out what the card
 * includes: a plan with none of its base fee would be a free one. Throws INVALID_INPUT.
 */
export function checkQuantities(
  { role }: Pick<Viewer, 'role'>,
  card: RateCard,
  input: readonly RateQuantityInput[] | null | undefined,
): Quantities {
  const quantities: Record<string, number> = {}
  for (const [index, { code, quantity }] of (input ?? []).entries()) {
    const rate = card.fixedRates.find((candidate) => candidate.code === code)
    if (!rate) {
      throw invalidInput(`quantities.${index}.code`, `the card "${card.code}" has no fixed rate "${code}"`)
    }
    const least = role === 'customer' ? Math.min(1, rate.defaultQuantity) : 0
    if (quantity < least || quantity > 1_000_000) {
      throw invalidInput(
        `quantities.${index}.quantity`,
        `a quantity of "${code}" is a whole number from ${least} to 1,000,000`,
      )
    }
    quantities[code] = quantity
  }
  return quantities
}
