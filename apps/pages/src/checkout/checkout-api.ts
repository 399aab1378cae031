import { BRAND_SELECTION, type Brand } from '../brand/brand.ts'
import type { Money } from '../formats.ts'
import { graphqlRequest } from '../graphql-request.ts'

export type PaymentFailed = { code: string; message: string }
export type PaymentMethod = { brand: string; last4: string }
export type CheckoutStatus = 'OPEN' | 'PROCESSING' | 'COMPLETED' | 'EXPIRED' | 'REFUNDED'
export type CheckoutMethod = 'NEW_CARD' | 'CARD_ON_FILE'
export type CheckoutLine = { description: string; quantity: string; amount: string }
export type CheckoutCredits = { creditType: string; name: string; before: string; after: string }

/** What the schema calls `Checkout`. Amounts are exact decimals in text, and stay text until they are shown. */
export type Checkout = {
  status: CheckoutStatus
  title: string
  description: string | null
  merchant: string
  brand: Brand
  testMode: boolean
  rateCard: { name: string; interval: 'DAY' | 'WEEK' | 'MONTH' | 'YEAR'; trialDays: number } | null
  bundle: { name: string; credits: string } | null
  quantity: number
  lines: CheckoutLine[]
  dueNow: Money
  nextRenewal: Money | null
  nextRenewalAt: string | null
  creditsAfter: CheckoutCredits[]
  paymentMethod: PaymentMethod | null
  expiresAt: string
  successUrl: string
  cancelUrl: string
  invoice: { number: string; total: string; currency: string } | null
  failure: PaymentFailed | null
}

export type CheckoutStep =
  | { __typename: 'CheckoutDone'; checkout: Checkout }
  | { __typename: 'CheckoutRedirect'; url: string; frameable: boolean }
  | ({ __typename: 'PaymentFailed' } & PaymentFailed)

const CHECKOUT_FIELDS = `
  fragment CheckoutFields on Checkout {
    ${BRAND_SELECTION}
    status title description merchant testMode quantity expiresAt successUrl cancelUrl nextRenewalAt
    rateCard { name interval trialDays }
    bundle { name credits }
    lines { description quantity amount }
    dueNow { amount currency }
    nextRenewal { amount currency }
    creditsAfter { creditType name before after }
    paymentMethod { brand last4 }
    invoice { number total currency }
    failure { code message }
  }`

export const CHECKOUT = `query Checkout($token: String!) { checkout(token: $token) { ...CheckoutFields } } ${CHECKOUT_FIELDS}`

export const CONFIRM_CHECKOUT = `
  mutation ConfirmCheckout($token: String!) { confirmCheckout(token: $token) { ...CheckoutFields } } ${CHECKOUT_FIELDS}`

export const PAY_CHECKOUT = `
  mutation PayCheckout($token: String!, $method: CheckoutMethod!) {
    payCheckout(token: $token, method: $method) {
      __typename
      ... on CheckoutDone { checkout { ...CheckoutFields } }
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

/** Starts or makes the payment. Throws RequestFailed, after which the outcome is unknown: `confirmCheckout` tells. */
export async function payCheckout(token: string, method: CheckoutMethod): Promise<CheckoutStep> {
  return (await graphqlRequest<{ payCheckout: CheckoutStep }>(PAY_CHECKOUT, { token, method })).payCheckout
}
