export type {
  CheckoutOptions,
  CheckoutResult,
  CheckoutTarget,
  OpenCheckout,
} from '../checkout/checkout.ts'
export type { LiveStatus } from '../client/live/live-billing-state.ts'
export { BillingProvider, type BillingProviderProps } from './billing-provider.tsx'
export type { AskedChange } from './billing-session.ts'
export { openCheckout, useOpenCheckout } from './open-checkout.ts'
export { type UseBillingState, useBillingState } from './use-billing-state.ts'
export { type Paywall, type PaywallOptions, usePaywall } from './use-paywall.ts'
export { type UseRateCardPreview, useRateCardPreview } from './use-rate-card-preview.ts'
export { type UseRateCards, useRateCards } from './use-rate-cards.ts'
