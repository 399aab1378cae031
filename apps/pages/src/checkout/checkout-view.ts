import type { Checkout, CheckoutMethod, PaymentFailed } from './checkout-api.ts'

/** Why an order is on the screen again. */
export type OrderNotice = 'came-back-unpaid' | 'did-not-start' | 'changed' | null

/** What stands on the screen. */
export type CheckoutView =
  | { name: 'loading' }
  | { name: 'unreachable' }
  | { name: 'unknown' }
  | OrderView
  | { name: 'away'; checkout: Checkout; url: string; popupOpened: boolean }
  | { name: 'confirming'; checkout: Checkout }
  | { name: 'pending'; checkout: Checkout }
  | { name: 'completed'; checkout: Checkout; justNow: boolean }
  | { name: 'expired'; checkout: Checkout }
  | { name: 'refunded'; checkout: Checkout }

/** A number that the customer has chosen, and the server has not confirmed yet. */
export type Wanted = { code: string; quantity: number }

export type OrderView = {
  name: 'order'
  checkout: Checkout
  failure: PaymentFailed | null
  notice: OrderNotice
  wanted: Wanted | null
  /** Why the last wish was refused, in words. */
  refusal: string | null
  /** The method being paid with, while the server is at work and the buttons are off. */
  paying: CheckoutMethod | null
}

/**
 * What this page has seen: nothing yet, a customer back from paying or from changing their mind, a request without an answer,
 * or one that the server refused.
 */
export type Seen = 'nothing' | 'paid' | 'canceled' | 'no-answer' | 'refused'

const NOTICE: Record<Seen, OrderNotice> = {
  nothing: null,
  paid: 'came-back-unpaid',
  canceled: 'came-back-unpaid',
  'no-answer': 'did-not-start',
  refused: 'changed',
}

/** The view of a checkout that was read or confirmed. */
export function viewOf(checkout: Checkout | null, seen: Seen): CheckoutView {
  if (!checkout) return { name: 'unknown' }
  switch (checkout.status) {
    case 'OPEN':
      return unpaidOrder(checkout, seen)
    case 'PROCESSING':
      // It is so from the moment in which the provider has the order, paid or not. Whoever has not paid may do it here.
      return seen === 'nothing' || seen === 'canceled' ? unpaidOrder(checkout, seen) : { name: 'confirming', checkout }
    case 'PENDING':
      return { name: 'pending', checkout }
    case 'COMPLETED':
      return { name: 'completed', checkout, justNow: seen === 'paid' || seen === 'no-answer' }
    case 'EXPIRED':
      return { name: 'expired', checkout }
    case 'REFUNDED':
      return { name: 'refunded', checkout }
  }
}

/** While the payment is in another window, only its end is news. */
export function viewWhileAway(before: CheckoutView, checkout: Checkout): CheckoutView {
  return checkout.status === 'OPEN' || checkout.status === 'PROCESSING' ? before : viewOf(checkout, 'paid')
}

/** An order that stands on the screen is left alone, unless another tab or the time has ended it. */
export function viewAfterAbsence(before: CheckoutView, checkout: Checkout | null): CheckoutView {
  if (before.name !== 'order' || before.paying || before.wanted) return before
  const ended = checkout && checkout.status !== 'OPEN' && checkout.status !== 'PROCESSING'
  return ended ? viewOf(checkout, 'nothing') : before
}

function unpaidOrder(checkout: Checkout, seen: Seen): OrderView {
  return orderView(checkout, { failure: checkout.failure, notice: checkout.failure ? null : NOTICE[seen] })
}

export function orderView(checkout: Checkout, state: Partial<OrderView> = {}): OrderView {
  return { name: 'order', checkout, failure: null, notice: null, wanted: null, refusal: null, paying: null, ...state }
}
