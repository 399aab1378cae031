import { BRAND_SELECTION, type Brand } from '../brand/brand.ts'
import type { Money } from '../formats.ts'
import { graphqlRequest } from '../graphql-request.ts'

/** `message`: what happened and what to do, in words for the customer. */
export type PaymentFailed = { code: string; message: string }

/** A payment that was made and given back, because what it was for could no longer be had. */
export const wasReturned = ({ code }: PaymentFailed) => code === 'superseded'
export type PaymentMethod = { brand: string; last4: string; expMonth: number; expYear: number }
export type CheckoutStatus = 'OPEN' | 'PROCESSING' | 'PENDING' | 'COMPLETED' | 'EXPIRED' | 'REFUNDED'
export type CheckoutMethod = 'NEW_CARD' | 'CARD_ON_FILE'
export type CheckoutLine = {
  description: string
  quantity: string
  amount: string
  proration: boolean
  periodEnd: string | null
}
export type CheckoutCredits = { creditType: string; name: string; before: string; after: string }
/** What may be ordered in another number, from `least` to `most`. */
export type CheckoutQuantity = {
  code: string
  name: string
  quantity: number
  least: number
  most: number
  unitPrice: Money | null
}

/** What the schema calls `Checkout`. Amounts are exact decimals in text, and stay text until they are shown. */
export type Checkout = {
  status: CheckoutStatus
  title: string
  description: string | null
  merchant: string
  brand: Brand
  /** It saves a payment method and charges nothing. */
  setup: boolean
  testMode: boolean
  rateCard: { name: string; interval: 'DAY' | 'WEEK' | 'MONTH' | 'YEAR' } | null
  bundle: { name: string; credits: string } | null
  quantity: number
  quantities: CheckoutQuantity[]
  lines: CheckoutLine[]
  tax: { included: boolean; amount: Money } | null
  /** `nextRenewal` has it in it. */
  taxRate: { name: string } | null
  dueNow: Money
  trialEndsAt: string | null
  nextRenewal: Money | null
  nextRenewalAt: string | null
  creditsAfter: CheckoutCredits[]
  /** The one on file, where it may pay. */
  paymentMethod: PaymentMethod | null
  /** Whether the page proposes to keep a new method. Null: there is no choice, what pays is kept. */
  saveMethod: boolean | null
  expiresAt: string
  successUrl: string
  cancelUrl: string
  invoice: { number: string; total: string; currency: string; pageUrl: string | null } | null
  failure: PaymentFailed | null
}

export type CheckoutStep =
  | { __typename: 'CheckoutDone'; checkout: Checkout; already: boolean }
  | { __typename: 'CheckoutRedirect'; url: string; frameable: boolean }
  | ({ __typename: 'PaymentFailed' } & PaymentFailed)

const CHECKOUT_FIELDS = `
  fragment CheckoutFields on Checkout {
    ${BRAND_SELECTION}
    status title description merchant testMode setup quantity expiresAt saveMethod successUrl cancelUrl nextRenewalAt trialEndsAt
    rateCard { name interval }
    bundle { name credits }
    quantities { code name quantity least most unitPrice { amount currency } }
    lines { description quantity amount proration periodEnd }
    tax { included amount { amount currency } }
    taxRate { name }
    dueNow { amount currency }
    nextRenewal { amount currency }
    creditsAfter { creditType name before after }
    paymentMethod { brand last4 expMonth expYear }
    invoice { number total currency pageUrl }
    failure { code message }
  }`

export const CHECKOUT = `query Checkout($token: String!) { checkout(token: $token) { ...CheckoutFields } } ${CHECKOUT_FIELDS}`

export const CONFIRM_CHECKOUT = `
  mutation ConfirmCheckout($token: String!) { confirmCheckout(token: $token) { ...CheckoutFields } } ${CHECKOUT_FIELDS}`

export const CHANGE_CHECKOUT = `
  mutation ChangeCheckout($token: String!, $quantity: Int, $quantities: [RateQuantityInput!]) {
    changeCheckout(token: $token, quantity: $quantity, quantities: $quantities) { ...CheckoutFields }
  } ${CHECKOUT_FIELDS}`

export const PAY_CHECKOUT = `
  mutation PayCheckout($token: String!, $method: CheckoutMethod!, $dueNow: Decimal!, $saveMethod: Boolean) {
    payCheckout(token: $token, method: $method, dueNow: $dueNow, saveMethod: $saveMethod) {
      __typename
      ... on CheckoutDone { already checkout { ...CheckoutFields } }
      ... on CheckoutRedirect { url frameable }
      ... on PaymentFailed { code message }
    }
  } ${CHECKOUT_FIELDS}`

/** Null for a token that the server doesn't know. Throws RequestFailed. */
export async function readCheckout(token: string): Promise<Checkout | null> {
  return (await graphqlRequest<{ checkout: Checkout | null }>(CHECKOUT, { token })).checkout
}

/** Asks the provider how the payment went and settles it; safe to call any number of times. Throws RequestFailed. */
export async function confirmCheckout(token: string): Promise<Checkout> {
  return (await graphqlRequest<{ confirmCheckout: Checkout }>(CONFIRM_CHECKOUT, { token })).confirmCheckout
}

/** Orders another number of one thing on the page. Throws RequestFailed: INVALID_INPUT, or CONFLICT once it is paid. */
export async function changeCheckout(
  token: string,
  checkout: Pick<Checkout, 'bundle'>,
  { code, quantity }: { code: string; quantity: number },
): Promise<Checkout> {
  const asked = checkout.bundle ? { quantity } : { quantities: [{ code, quantity }] }
  return (await graphqlRequest<{ changeCheckout: Checkout }>(CHANGE_CHECKOUT, { token, ...asked })).changeCheckout
}

/** What the customer presses: how they pay, and whether a new method is kept where that is a choice. */
export type Payment = { method: CheckoutMethod; saveMethod: boolean | null }

/**
 * Starts or makes the payment of what the page shows as due. Throws RequestFailed: CONFLICT if it is another amount by now;
 * after any other the outcome is unknown, and `confirmCheckout` tells it.
 */
export async function payCheckout(token: string, payment: Payment, dueNow: string): Promise<CheckoutStep> {
  const asked = { token, ...payment, dueNow }
  return (await graphqlRequest<{ payCheckout: CheckoutStep }>(PAY_CHECKOUT, asked)).payCheckout
}
