import { builder } from '../../graphql/builder.ts'
import type { PaymentMethod } from './read-payment-profile.ts'

export const PaymentMethodRef = builder.objectRef<PaymentMethod>('PaymentMethod').implement({
  fields: (t) => ({
    brand: t.exposeString('brand'),
    last4: t.exposeString('last4'),
    expMonth: t.exposeInt('expMonth'),
    expYear: t.exposeInt('expYear'),
  }),
})

/** A page where the customer can pay: its address, and its token for an overlay. */
export interface CheckoutLink {
  readonly kind: 'checkout'
  readonly url: string
  readonly token: string
  readonly expiresAt: number
}

export interface FailedPayment {
  readonly kind: 'failed'
  readonly code: string
  readonly message: string
}

export const CheckoutRequiredRef = builder.objectRef<CheckoutLink>('CheckoutRequired').implement({
  description:
    'The customer has to act: no card on file, or the bank wants authentication. Send the browser to `checkoutUrl`, or give `token` to openCheckout.',
  fields: (t) => ({
    checkoutUrl: t.exposeString('url'),
    token: t.exposeString('token'),
    expiresAt: t.expose('expiresAt', { type: 'DateTime' }),
  }),
})

export const PaymentFailedRef = builder.objectRef<FailedPayment>('PaymentFailed').implement({
  fields: (t) => ({ code: t.exposeString('code'), message: t.exposeString('message') }),
})

export const CheckoutUrlsInput = builder.inputType('CheckoutUrlsInput', {
  fields: (t) => ({ successUrl: t.string({ required: true }), cancelUrl: t.string({ required: true }) }),
})
