'use client'

export { type MockBillingApi, mockBillingApi } from './mock-billing-api.ts'
export { MockBillingProvider, type MockBillingProviderProps } from './mock-billing-provider.tsx'
export {
  type BillingStateParts,
  type ChangePreviewParts,
  mockBillingState,
  mockBrand,
  mockChangePreview,
  mockPaymentMethod,
  mockRateCard,
} from './mock-billing-state.ts'
export { type MockCheckout, mockCheckout } from './mock-checkout.ts'
