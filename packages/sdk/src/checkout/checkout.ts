import type { CheckoutSession, RateQuantityInput } from '../client/types.ts'

/** What to buy, a payment method to add, or the `CheckoutRequired` that the backend got as an answer. */
export type CheckoutTarget =
  | { readonly rateCard: string }
  | { readonly bundle: string; readonly quantity?: number }
  | { readonly paymentMethod: 'new' }
  | { readonly checkoutUrl: string; readonly token: string }

export interface CheckoutOptions {
  /** `overlay` (unless said otherwise) stays on the page; `redirect` leaves it at once. */
  readonly mode?: 'overlay' | 'redirect'
  /** Of the card's rates, such as seats. */
  readonly quantities?: readonly RateQuantityInput[]
  /** Where a redirect comes back to; this page unless said otherwise. */
  readonly successUrl?: string
  readonly cancelUrl?: string
}

export interface CheckoutResult {
  /**
   * `completed`: paid, or saved; the new billing state arrives by itself. `pending`: confirmed, and the bank takes days; what
   * was bought arrives with the money. `canceled`: closed, or come back from a redirect, without paying.
   */
  readonly outcome: 'completed' | 'pending' | 'canceled'
}

export type OpenCheckout = (target: CheckoutTarget, options?: CheckoutOptions) => Promise<CheckoutResult>

/** What an overlay or a redirect needs of a session. */
export type CheckoutPage = Pick<CheckoutSession, 'token' | 'url'>

export interface CheckoutUrls {
  readonly successUrl: string
  readonly cancelUrl: string
}

/** What a checkout asks of the API. */
export interface CheckoutApi {
  createCheckoutSession(input: {
    rateCard?: string
    bundle?: string
    quantity?: number
    quantities?: RateQuantityInput[]
    checkout: CheckoutUrls
  }): Promise<CheckoutPage>
  addPaymentMethod(input: { checkout: CheckoutUrls }): Promise<CheckoutPage>
  /** The status of a session; null: there is no such session. */
  readStatus(token: string): Promise<string | null>
}
