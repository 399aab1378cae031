export type {
  CheckoutOptions,
  CheckoutResult,
  CheckoutTarget,
  OpenCheckout,
} from '../checkout/checkout.ts'
export type { LiveStatus } from '../client/live/live-billing-state.ts'
export type { BillingApi } from './api/billing-api.ts'
export { BillingProvider, type BillingProviderProps } from './billing-provider.tsx'
export type { AskedChange } from './billing-session.ts'
export { openCheckout, useOpenCheckout } from './open-checkout.ts'
export { type OpenPortal, openPortal, type PortalOptions, useOpenPortal } from './open-portal.ts'
export type { AskedUsageReport } from './questions.ts'
export type { Answer, AnswerList } from './use-answer.ts'
export { useBillingApi } from './use-billing-api.ts'
export { type UseBillingState, useBillingState } from './use-billing-state.ts'
export { useGrants } from './use-grants.ts'
export { useInvoices } from './use-invoices.ts'
export { useLedger } from './use-ledger.ts'
export { usePayments } from './use-payments.ts'
export { type Paywall, type PaywallOptions, usePaywall } from './use-paywall.ts'
export { type UseRateCardPreview, useRateCardPreview } from './use-rate-card-preview.ts'
export { type UseRateCards, useRateCards } from './use-rate-cards.ts'
export { useUpcomingInvoice } from './use-upcoming-invoice.ts'
export { useUsage } from './use-usage.ts'
