import type { OpenCheckout } from '../checkout/checkout.ts'
import type { LiveBillingState, Store } from '../client/live/live-billing-state.ts'
import type { Loaded, LoadedStore } from '../client/live/load-once.ts'
import type {
  AccessDecision,
  ChangeRateCardInput,
  DecimalInput,
  RateCard,
  RateCardChangePreview,
} from '../client/types.ts'
import type { BillingApi } from './api/billing-api.ts'
import type { OpenPortal } from './open-portal.ts'
import type { Questions } from './questions.ts'

/** A usage to decide on. */
export interface AskedUsage {
  readonly meter: string
  readonly quantity: DecimalInput
  readonly properties?: Readonly<Record<string, unknown>> | undefined
}

/** A change of card, or of quantities, to look at: the input of `changeRateCard` without how it would be paid. */
export type AskedChange = Pick<ChangeRateCardInput, 'subscriptionId' | 'rateCard' | 'behavior' | 'quantities'>

/** What a provider gives its hooks: one customer's live state and the questions that a browser may ask. */
export interface BillingSession extends Questions {
  readonly live: LiveBillingState
  readonly api: BillingApi
  readonly rateCards: LoadedStore<RateCard[]>
  /** The same store for the same usage. */
  decision(usage: AskedUsage): Store<Loaded<AccessDecision>>
  /** The same store for the same change. */
  changePreview(change: AskedChange): LoadedStore<RateCardChangePreview>
  readonly openCheckout: OpenCheckout
  readonly openPortal: OpenPortal
}
