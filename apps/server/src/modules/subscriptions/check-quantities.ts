import { type Quantities, quantityOf, type RateCard } from '@florin/core'
import { invalidInput } from '../../platform/errors.ts'
import type { Viewer } from '../accounts/viewer.ts'

export interface RateQuantityInput {
  code: string
  quantity: number
}

export const MOST_OF_A_RATE = 1_000_000

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
    const least = leastOf({ role }, rate.defaultQuantity)
    if (quantity < least || quantity > MOST_OF_A_RATE) {
      throw invalidInput(
        `quantities.${index}.quantity`,
        `a quantity of "${code}" is a whole number from ${least} to 1,000,000`,
      )
    }
    quantities[code] = quantity
  }
  return quantities
}

/**
 * Quantities that a subscription takes to a card: those that are asked for, and else those that it has, by code. Fewer than
 * the card includes are no wish of anybody: they give way to the card's own. Throws INVALID_INPUT.
 */
export function carryQuantities(
  viewer: Pick<Viewer, 'role'>,
  card: RateCard,
  carried: Quantities,
  input: readonly RateQuantityInput[] | null | undefined,
): Quantities {
  const asked = checkQuantities(viewer, card, input)
  const tooFew = card.fixedRates.filter((rate) => quantityOf(rate, carried) < leastOf(viewer, rate.defaultQuantity))
  const kept = Object.entries(carried).filter(([code]) => !tooFew.some((rate) => rate.code === code))
  return { ...Object.fromEntries(kept), ...asked }
}

/** A browser may not leave out what the card includes. */
function leastOf({ role }: Pick<Viewer, 'role'>, defaultQuantity: number): number {
  return role === 'customer' ? Math.min(1, defaultQuantity) : 0
}
