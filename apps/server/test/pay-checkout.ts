import { until } from './at-once.ts'
import { dataOf } from './calls.ts'
import type { Peer } from './stack.ts'

// A customer at a checkout: presses pay, types a card into the provider's page, and comes back.

export const GOOD_CARD = '4242424242424242'
export const DECLINED_CARD = '4000000000000002'
/** The bank asks for a confirmation, every time. */
export const CHALLENGED_CARD = '4000002760003184'

export interface Checkout {
  readonly status: 'OPEN' | 'PROCESSING' | 'COMPLETED' | 'EXPIRED' | 'REFUNDED'
  readonly invoice: { readonly number: string; readonly total: string } | null
  readonly failure: { readonly code: string; readonly message: string } | null
}

const CHECKOUT = `status invoice { number total } failure { code message }`
const PAY = `mutation ($token: String!, $method: CheckoutMethod! = NEW_CARD, $saveMethod: Boolean) {
  payCheckout(token: $token, method: $method, saveMethod: $saveMethod) {
    __typename ... on CheckoutRedirect { url } ... on PaymentFailed { code } } }`

export type Step = { readonly __typename: string; readonly url?: string; readonly code?: string }

export interface Choice {
  readonly method?: 'NEW_CARD' | 'CARD_ON_FILE'
  readonly saveMethod?: boolean
}

export function askPayCheckout(to: Pick<Peer, 'query'>, token: string, choice: Choice = {}) {
  return to.query<{ payCheckout: Step }>(PAY, { token, ...choice }, null)
}

/** Presses the pay button: the address of the provider's card page. */
export async function openCardPage(to: Pick<Peer, 'query'>, token: string, choice: Choice = {}): Promise<string> {
  const { payCheckout } = await dataOf(askPayCheckout(to, token, choice))
  if (!payCheckout.url) throw new Error(`no card page was opened: ${JSON.stringify(payCheckout)}`)
  return payCheckout.url
}

/** Where a form led: the page that follows, or the status of the page that refused. */
export interface Visited {
  readonly status: number
  readonly location: string | null
}

/** Types a card into the card page and sends the form, without following where it leads. */
export function typeCard(cardPageUrl: string, number: string): Promise<Visited> {
  return submit(cardPageUrl, { number, expiry: '12 / 34', cvc: '123', name: 'Ada Lovelace' })
}

/** Answers the bank's question. */
export function answerBank(challengeUrl: string, result: 'complete' | 'fail'): Promise<Visited> {
  return submit(challengeUrl, { result })
}

async function submit(url: string, form: Record<string, string>): Promise<Visited> {
  const body = new URLSearchParams(form)
  const response = await fetch(url, { method: 'POST', body, redirect: 'manual' })
  await response.body?.cancel()
  const location = response.headers.get('location')
  return { status: response.status, location: location && new URL(location, url).href }
}

/** Comes back from the card page, and asks as the page does until it is known how it went. */
export function confirmCheckout(to: Pick<Peer, 'query'>, token: string): Promise<Checkout> {
  return until(
    () => confirmOnce(to, token),
    ({ status }) => status !== 'PROCESSING',
  )
}

/** Asks once how it went: the provider is asked, unless it was a moment ago. */
export async function confirmOnce(to: Pick<Peer, 'query'>, token: string): Promise<Checkout> {
  const document = `mutation ($token: String!) { confirmCheckout(token: $token) { ${CHECKOUT} } }`
  return (await dataOf(to.query<{ confirmCheckout: Checkout }>(document, { token }, null))).confirmCheckout
}

/** The whole way with one card. */
export async function payCheckout(to: Pick<Peer, 'query'>, token: string, number = GOOD_CARD): Promise<Checkout> {
  await typeCard(await openCardPage(to, token), number)
  return confirmCheckout(to, token)
}
