'use client'

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
export { CreditBalance, type CreditBalanceProps } from './components/credit-balance.tsx'
export { Paywall, type PaywallProps } from './components/paywall.tsx'
export { PaywallDialog, type PaywallDialogProps } from './components/paywall-dialog.tsx'
export { PricingTable, type PricingTableProps } from './components/pricing-table.tsx'
export type { ComponentProps } from './components/props.ts'
export { UsageChart, type UsageChartProps } from './components/usage-chart.tsx'
export { openCheckout, useOpenCheckout } from './open-checkout.ts'
export { type OpenPortal, openPortal, type PortalOptions, useOpenPortal } from './open-portal.ts'
export type { AskedUsageReport } from './questions.ts'
export { english } from './texts/english.ts'
export type { Formats } from './texts/formats.ts'
export type { LabelParts, Labels } from './texts/labels.ts'
export { TextsProvider, type TextsProviderProps, useFormats } from './texts/texts-provider.tsx'
export type { Answer, AnswerList } from './use-answer.ts'
export { useBillingApi } from './use-billing-api.ts'
export { useBillingDetails } from './use-billing-details.ts'
export { type UseBillingState, useBillingState } from './use-billing-state.ts'
export { useBrand } from './use-brand.ts'
export { type BundlePurchase, useBundlePurchase } from './use-bundle-purchase.ts'
export { type CreditBalanceOptions, type CreditBalanceView, useCreditBalance } from './use-credit-balance.ts'
export { useGrants } from './use-grants.ts'
export { useInvoices } from './use-invoices.ts'
export { useLedger } from './use-ledger.ts'
export { usePaymentMethods } from './use-payment-methods.ts'
export { usePayments } from './use-payments.ts'
export { type PaywallOptions, type UsePaywall, usePaywall } from './use-paywall.ts'
export { type PaywallOffers, type Purchase, usePaywallOffers } from './use-paywall-offers.ts'
export type { PlanChange, PlanChoice, PlanNews } from './use-plan-change.ts'
export { usePlanFacts } from './use-plan-facts.ts'
export {
  type PricingPlan,
  type PricingTable as PricingTableView,
  type PricingTableOptions,
  usePricingTable,
} from './use-pricing-table.ts'
export { type UseRateCardPreview, useRateCardPreview } from './use-rate-card-preview.ts'
export { type UseRateCards, useRateCards } from './use-rate-cards.ts'
export { useTaxRate } from './use-tax-rate.ts'
export { useUpcomingInvoice } from './use-upcoming-invoice.ts'
export { useUsage } from './use-usage.ts'
export { type ChartBar, type UsageChartOptions, type UsageChartView, useUsageChart } from './use-usage-chart.ts'
