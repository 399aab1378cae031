import { type Bundle, fixedCharge, isAdjustable, type Money, quantityOf, type RateCard } from '@florin/core'
import type { CheckoutPurpose } from '../payments/purpose.ts'
import { MOST_OF_A_RATE } from '../subscriptions/check-quantities.ts'
import { MOST_BUNDLES } from '../topups/purchase-bundle.ts'

/** What the customer may order another number of, on the page. */
export interface CheckoutQuantity {
  readonly code: string
  readonly name: string
  readonly quantity: number
  readonly least: number
  readonly most: number
  /** The price of one; null where the price depends on the number. */
  readonly unitPrice: Money | null
}

/**
 * The quantities that a page offers to change. Of a card these are the adjustable rates, and those that the session names.
 */
export function readQuantities(
  purpose: CheckoutPurpose,
  card: RateCard | null,
  bundle: Bundle | null,
): readonly CheckoutQuantity[] {
  if (purpose.kind === 'bundle' && bundle && !purpose.topUp) {
    const { code, name, price } = bundle
    return [{ code, name, quantity: purpose.quantity, least: 1, most: MOST_BUNDLES, unitPrice: price }]
  }
  if (!card || (purpose.kind !== 'subscribe' && purpose.kind !== 'change')) return []
  return card.fixedRates
    .filter((rate) => isAdjustable(card, rate) || Object.hasOwn(purpose.quantities, rate.code))
    .map((rate) => ({
      code: rate.code,
      name: rate.name,
      quantity: quantityOf(rate, purpose.quantities),
      least: Math.min(1, rate.defaultQuantity),
      most: MOST_OF_A_RATE,
      unitPrice: 'flat' in rate.price ? fixedCharge(card, rate, { [rate.code]: 1 }) : null,
    }))
}
