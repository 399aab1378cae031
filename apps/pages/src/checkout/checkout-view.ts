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

/** What this page has seen so far: nothing, a customer back from the provider, or a payment request that got no answer. */
export type Awaiting = 'nothing' | 'return' | 'answer'

const NOTICE: Record<Awaiting, OrderNotice> = {
  nothing: null,
  return: 'came-back-unpaid',
  answer: 'did-not-start',
}

/** The view of a checkout that was read or confirmed. */
export function viewOf(checkout: Checkout | null, awaiting: Awaiting): CheckoutView {
  if (!checkout) return { name: 'unknown' }
  switch (checkout.status) {
    case 'OPEN':
      return orderView(checkout, { failure: checkout.failure, notice: checkout.failure ? null : NOTICE[awaiting] })
    case 'PROCESSING':
      return { name: 'confirming', checkout }
    case 'COMPLETED':
      return { name: 'completed', checkout, justNow: awaiting !== 'nothing' }
    case 'EXPIRED':
      return { name: 'expired', checkout }
    case 'REFUNDED':
      return { name: 'refunded', checkout }
  }
}

/** While the payment is in another window, "still open" is no news; anything else is. */
export function viewWhileAway(before: CheckoutView, checkout: Checkout): CheckoutView {
  return checkout.status === 'OPEN' ? before : viewOf(checkout, 'return')
}

export function orderView(checkout: Checkout, state: Partial<OrderView> = {}): OrderView {
  return { name: 'order', checkout, failure: null, notice: null, paying: null, ...state }
}
