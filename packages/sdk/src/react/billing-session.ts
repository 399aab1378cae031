import type { OpenCheckout } from '../checkout/checkout.ts'
import type { LiveBillingState, Store } from '../client/live/live-billing-state.ts'
import type { Loaded } from '../client/live/load-once.ts'
import type { AccessDecision, DecimalInput, RateCard } from '../client/types.ts'

/** A usage to decide on. */
export interface AskedUsage {
  readonly meter: string
  readonly quantity: DecimalInput
  readonly properties?: Readonly<Record<string, unknown>> | undefined
}

/** What a provider gives its hooks: one customer's live state and the questions that a browser may ask. */
export interface BillingSession {
  readonly live: LiveBillingState
  readonly rateCards: Store<Loaded<RateCard[]>>
  /** The same store for the same usage. */
  decision(usage: AskedUsage): Store<Loaded<AccessDecision>>
  readonly openCheckout: OpenCheckout
}
