import type { CheckoutSession, RateQuantityInput } from '../client/types.ts'

/** What to buy, or the `CheckoutRequired` that the backend got as an answer. */
export type CheckoutTarget =
  | { readonly rateCard: string }
  | { readonly bundle: string }
  | { readonly checkoutUrl: string; readonly token: string }

export interface CheckoutOptions {
  /** `overlay` (unless said otherwise) stays on the page; `redirect` leaves it at once. */
  readonly mode?: 'overlay' | 'redirect'
  readonly quantities?: readonly RateQuantityInput[]
  /** Where a redirect comes back to; this page unless said otherwise. */
  readonly successUrl?: string
  readonly cancelUrl?: string
}

export interface CheckoutResult {
  /** `completed`: paid; the new billing state arrives by itself. `canceled`: closed, or come back from a redirect. */
  readonly outcome: 'completed' | 'canceled'
}

export type OpenCheckout = (target: CheckoutTarget, options?: CheckoutOptions) => Promise<CheckoutResult>

/** What an overlay or a redirect needs of a session. */
export type CheckoutPage = Pick<CheckoutSession, 'token' | 'url'>

/** Asks the API for a session with these inputs. */
export type CreateCheckout = (input: {
  rateCard?: string
  bundle?: string
  quantities?: RateQuantityInput[]
  checkout: { successUrl: string; cancelUrl: string }
}) => Promise<CheckoutPage>
