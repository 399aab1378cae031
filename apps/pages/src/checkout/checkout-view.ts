import type { Checkout, CheckoutMethod, PaymentFailed } from './checkout-api.ts'

/** Why an order is on the screen again. */
export type OrderNotice = 'came-back-unpaid' | 'did-not-start' | null

/** What stands on the screen. */
export type CheckoutView =
  | { name: 'loading' }
  | { name: 'unreachable' }
  | { name: 'unknown' }
  | OrderView
  | { name: 'away'; checkout: Checkout; url: string; popupOpened: boolean }
  | { name: 'confirming'; checkout: Checkout }
  | { name: 'completed'; checkout: Checkout; justNow: boolean }
  | { name: 'expired'; checkout: Checkout }
  | { name: 'refunded'; checkout: Checkout }

export type OrderView = {
  name: 'order'
  checkout: Checkout
  failure: PaymentFailed | null
  notice: OrderNotice
  /** The method being paid with, while the server is at work and the buttons are off. */
  paying: CheckoutMethod | null
}

/** What this page has seen: nothing yet, a customer back from paying or from changing their mind, a request without an answer. */
export type Seen = 'nothing' | 'paid' | 'canceled' | 'no-answer'

const NOTICE: Record<Seen, OrderNotice> = {
  nothing: null,
  paid: 'came-back-unpaid',
  canceled: 'came-back-unpaid',
  'no-answer': 'did-not-start',
}

/** The view of a checkout that was read or confirmed. */
export function viewOf(checkout: Checkout | null, seen: Seen): CheckoutView {
  if (!checkout) return { name: 'unknown' }
  switch (checkout.status) {
    case 'OPEN':
      return unpaidOrder(checkout, seen)
    case 'PROCESSING':
      // It is so from the moment in which the provider has the order, paid or not. Whoever has not paid may do it here.
      return seen === 'paid' || seen === 'no-answer' ? { name: 'confirming', checkout } : unpaidOrder(checkout, seen)
    case 'COMPLETED':
      return { name: 'completed', checkout, justNow: seen !== 'nothing' }
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

function unpaidOrder(checkout: Checkout, seen: Seen): OrderView {
  return orderView(checkout, { failure: checkout.failure, notice: checkout.failure ? null : NOTICE[seen] })
}

export function orderView(checkout: Checkout, state: Partial<OrderView> = {}): OrderView {
  return { name: 'order', checkout, failure: null, notice: null, paying: null, ...state }
}
