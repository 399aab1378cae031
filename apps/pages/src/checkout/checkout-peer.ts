import { plainBrand } from '../brand/brand.samples.ts'
import { startPeer } from '../graphql-peer.ts'
import type { Checkout, CheckoutMethod, CheckoutStep } from './checkout-api.ts'

/** What the peer answers, and which payments it was asked for. */
export type CheckoutScript = {
  checkout: () => Checkout | null
  confirmCheckout: () => Checkout
  payCheckout: (
    method: CheckoutMethod,
    dueNow: string,
    saveMethod: boolean | null,
  ) => CheckoutStep | Promise<CheckoutStep>
  changeCheckout: (asked: { quantity?: number; quantities?: { code: string; quantity: number }[] }) => Checkout
}

type Asked = { method: CheckoutMethod; dueNow: string; saveMethod: boolean | null }

const unasked = () => {
  throw new Error('the page should not ask for this')
}

/** Plays one checkout for the page under test; what the script leaves out should not be asked for. */
export function startCheckoutPeer(script: Partial<CheckoutScript>): Promise<{ url: string; stop: () => void }> {
  const { payCheckout = unasked, ...asked } = script
  return startPeer({
    checkout: () => null,
    confirmCheckout: unasked,
    changeCheckout: unasked,
    ...asked,
    payCheckout: ({ method, dueNow, saveMethod }: Asked) => payCheckout(method, dueNow, saveMethod),
  })
}

export const order: Checkout = {
  status: 'OPEN',
  title: 'Premium',
  description: null,
  merchant: 'Persona',
  brand: plainBrand,
  testMode: true,
  setup: false,
  rateCard: { name: 'Premium', interval: 'MONTH' },
  bundle: null,
  quantity: 1,
  quantities: [],
  lines: [{ description: 'Premium', quantity: '1', amount: '100.00', proration: false, periodEnd: null }],
  tax: null,
  trialEndsAt: null,
  dueNow: { amount: '100.00', currency: 'USD' },
  taxRate: null,
  nextRenewal: { amount: '100.00', currency: 'USD' },
  nextRenewalAt: '2026-12-21T12:00:00Z',
  creditsAfter: [{ creditType: 'credits', name: 'Credits', before: '2', after: '102' }],
  paymentMethod: null,
  saveMethod: null,
  expiresAt: '2026-11-21T13:00:00Z',
  successUrl: 'http://app.example/thanks',
  cancelUrl: 'http://app.example/pricing',
  invoice: null,
  failure: null,
}

export const paidOrder: Checkout = {
  ...order,
  status: 'COMPLETED',
  invoice: { number: 'F-0001', total: '100.00', currency: 'USD', pageUrl: 'http://pages.example/invoices/inv_1' },
}
