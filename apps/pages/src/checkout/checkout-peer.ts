import { plainBrand } from '../brand/brand.samples.ts'
import { startPeer } from '../graphql-peer.ts'
import type { Checkout, CheckoutMethod, CheckoutStep } from './checkout-api.ts'

/** What the peer answers, and which payments it was asked for. */
export type CheckoutScript = {
  checkout: () => Checkout | null
  confirmCheckout: () => Checkout
  payCheckout: (method: CheckoutMethod) => CheckoutStep | Promise<CheckoutStep>
}

/** Plays one checkout for the page under test. */
export function startCheckoutPeer(script: CheckoutScript): Promise<{ url: string; stop: () => void }> {
  return startPeer({
    ...script,
    payCheckout: ({ method }: { method: CheckoutMethod }) => script.payCheckout(method),
  })
}

export const order: Checkout = {
  status: 'OPEN',
  title: 'Premium',
  description: null,
  merchant: 'Persona',
  brand: plainBrand,
  testMode: true,
  rateCard: { name: 'Premium', interval: 'MONTH', trialDays: 0 },
  bundle: null,
  quantity: 1,
  lines: [{ description: 'Premium', quantity: '1', amount: '100.00' }],
  dueNow: { amount: '100.00', currency: 'USD' },
  nextRenewal: { amount: '100.00', currency: 'USD' },
  nextRenewalAt: '2026-12-21T12:00:00Z',
  creditsAfter: [{ creditType: 'credits', name: 'Credits', before: '2', after: '102' }],
  paymentMethod: null,
  expiresAt: '2026-11-21T13:00:00Z',
  successUrl: 'http://app.example/thanks',
  cancelUrl: 'http://app.example/pricing',
  invoice: null,
  failure: null,
}

export const paidOrder: Checkout = {
  ...order,
  status: 'COMPLETED',
  invoice: { number: 'F-0001', total: '100.00', currency: 'USD' },
}
