import { dataOf } from './calls.ts'
import type { Peer } from './stack.ts'

// Operations that may end in a payment, and where it is made.

type Ask = Pick<Peer, 'query'>

/** What became of an order: it is done, the customer must pay at `checkoutUrl`, or the payment failed. */
export interface Sold {
  readonly __typename: 'SubscriptionSuccess' | 'PurchaseSuccess' | 'CheckoutRequired' | 'PaymentFailed'
  readonly subscription?: { readonly id: string; readonly status: string }
  readonly grant?: { readonly id: string; readonly amount: string }
  readonly invoice?: { readonly number: string; readonly total: string }
  readonly checkoutUrl?: string
  readonly token?: string
  readonly code?: string
}

const CHECKOUT = `... on CheckoutRequired { checkoutUrl token } ... on PaymentFailed { code }`
const SUBSCRIBED = `__typename ... on SubscriptionSuccess { subscription { id status } } ${CHECKOUT}`
const PURCHASED = `__typename ... on PurchaseSuccess { grant { id amount } invoice { number total } } ${CHECKOUT}`

export const SUBSCRIBE = `mutation ($input: SubscribeInput!) { subscribe(input: $input) { ${SUBSCRIBED} } }`
export const CHANGE_RATE_CARD = `mutation ($input: ChangeRateCardInput!) { changeRateCard(input: $input) { ${SUBSCRIBED} } }`
export const PURCHASE_BUNDLE = `mutation ($input: PurchaseBundleInput!) { purchaseBundle(input: $input) { ${PURCHASED} } }`

/** Pages of the integrator that a checkout leads back to. */
export const URLS = { successUrl: 'http://localhost:3000/paid', cancelUrl: 'http://localhost:3000/plans' }

export async function subscribe(to: Ask, input: object): Promise<Sold> {
  return (await dataOf(to.query<{ subscribe: Sold }>(SUBSCRIBE, { input }))).subscribe
}

export async function changeRateCard(to: Ask, input: object): Promise<Sold> {
  return (await dataOf(to.query<{ changeRateCard: Sold }>(CHANGE_RATE_CARD, { input }))).changeRateCard
}

export async function purchaseBundle(to: Ask, customerId: string, idempotencyKey: string): Promise<Sold> {
  const input = { customerId, idempotencyKey, bundle: 'pack-100', checkout: URLS }
  return (await dataOf(to.query<{ purchaseBundle: Sold }>(PURCHASE_BUNDLE, { input }))).purchaseBundle
}

/** The token of the checkout that an order ended in. */
export function tokenOf(sold: Sold): string {
  if (sold.token) return sold.token
  throw new Error(`no checkout was asked for: ${JSON.stringify(sold)}`)
}

/** A page to buy a bundle on, also for a customer with a card on file. Answers its token. */
export async function openBundleCheckout(to: Ask, customerId: string, urls: object = URLS): Promise<string> {
  const document = `mutation ($input: CheckoutSessionInput!) { createCheckoutSession(input: $input) { token } }`
  const input = { customerId, bundle: 'pack-100', checkout: urls }
  const data = await dataOf(to.query<{ createCheckoutSession: { token: string } }>(document, { input }))
  return data.createCheckoutSession.token
}
