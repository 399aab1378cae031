import { type Bundle, fixedCharge, isAdjustable, type Money, quantityOf, type RateCard } from '@florin/core'
import { invalidInput } from '../../platform/errors.ts'
import type { CheckoutSession } from '../payments/checkout-session.ts'
import { MOST_OF_A_RATE } from '../subscriptions/check-quantities.ts'
import { MOST_BUNDLES } from '../topups/purchase-bundle.ts'
import type { ChangeCheckoutInput } from './change-checkout.ts'

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

/** The most of one thing that a page orders, unless its session was opened with more. As Stripe's own checkout has it. */
export const MOST_ON_A_PAGE = 99

/**
 * The quantities that a page offers to change. Of a card these are the adjustable rates, and those that the session was opened
 * with. Whoever has its link can order so much and no more: a greater order is opened by the customer's token or a secret key.
 */
export function readQuantities(
  { purpose, openedPurpose: opened }: Pick<CheckoutSession, 'purpose' | 'openedPurpose'>,
  card: RateCard | null,
  bundle: Bundle | null,
): readonly CheckoutQuantity[] {
  if (purpose.kind === 'bundle' && bundle && !purpose.topUp) {
    const { code, name, price } = bundle
    const most = mostOf(opened.kind === 'bundle' ? opened.quantity : 1, MOST_BUNDLES)
    return [{ code, name, quantity: purpose.quantity, least: 1, most, unitPrice: price }]
  }
  if (!card || (purpose.kind !== 'subscribe' && purpose.kind !== 'change')) return []
  const named = 'quantities' in opened ? opened.quantities : {}
  return card.fixedRates
    .filter((rate) => isAdjustable(card, rate) || Object.hasOwn(named, rate.code))
    .map((rate) => ({
      code: rate.code,
      name: rate.name,
      quantity: quantityOf(rate, purpose.quantities),
      least: Math.min(1, rate.defaultQuantity),
      most: mostOf(quantityOf(rate, named), MOST_OF_A_RATE),
      unitPrice: 'flat' in rate.price ? fixedCharge(card, rate, { [rate.code]: 1 }) : null,
    }))
}

function mostOf(opened: number, limit: number): number {
  return Math.min(limit, Math.max(MOST_ON_A_PAGE, opened))
}

/** Refuses what the page does not offer. Throws INVALID_INPUT. */
export function refuseUnoffered(
  offered: readonly CheckoutQuantity[],
  { quantity, quantities }: Pick<ChangeCheckoutInput, 'quantity' | 'quantities'>,
): void {
  const asked = quantities ?? offered.map(({ code }) => ({ code, quantity: quantity ?? 1 }))
  for (const [index, wish] of asked.entries()) {
    const path = quantities ? `quantities.${index}.` : ''
    const found = offered.find(({ code }) => code === wish.code)
    if (!found) {
      throw invalidInput(`${path}code`, `another number of "${wish.code}" is not ordered on this page`)
    }
    if (wish.quantity > found.most) {
      throw invalidInput(
        `${path}quantity`,
        `this page orders ${found.most} of "${wish.code}" at most: for more, open a checkout with that quantity`,
      )
    }
  }
}
