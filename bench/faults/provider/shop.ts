import { setTimeout as sleep } from 'node:timers/promises'
import Stripe from 'stripe'
import { type Api, callApi } from '../../api.ts'
import type { Provider } from './provider-server.ts'

// What is sold in a round, to whom, and how a customer pays.

export const METER = 'sales'

export type Kind = 'buyer' | 'subscriber' | 'topper'

export interface Customer {
  readonly id: string
  readonly kind: Kind
}

const PLANS = ['small', 'medium', 'large'] as const
export type Plan = (typeof PLANS)[number]

const DEFINE = `mutation ($meter: MeterInput!, $free: RateCardInput!, $small: RateCardInput!, $medium: RateCardInput!,
    $large: RateCardInput!) {
  defineMeter(input: $meter) { code }
  defineCreditType(input: { code: "credits" }) { code }
  free: publishRateCard(input: $free) { code }
  small: publishRateCard(input: $small) { code }
  medium: publishRateCard(input: $medium) { code }
  large: publishRateCard(input: $large) { code }
}`

export async function openShop(api: Api): Promise<void> {
  const usageRates = [{ code: METER, name: 'Sales', meter: METER, creditType: 'credits' }]
  const bundles = [{ code: 'pack', name: '100 credits', creditType: 'credits', credits: '100', price: '10.00' }]
  const plan = (code: string, amount: string) => ({
    code,
    name: code,
    usageRates,
    bundles,
    fixedRates: [{ code: 'base', name: code, price: { flat: { amount } } }],
  })
  await callApi(api, DEFINE, {
    meter: { code: METER, eventName: METER, aggregation: 'SUM', property: 'value' },
    free: { code: 'free', name: 'free', usageRates, bundles },
    small: plan('small', '10.00'),
    medium: plan('medium', '30.00'),
    large: plan('large', '70.00'),
  })
}

const URLS = { successUrl: 'http://localhost:3000/paid', cancelUrl: 'http://localhost:3000/plans' }

const ENROL = `mutation ($input: SubscribeInput!, $id: ID!) { upsertCustomer(input: { id: $id }) { id }
  subscribe(input: $input) { ... on CheckoutRequired { token } } }`
const SWITCH_ON = `mutation ($input: AutoTopUpInput!) { setAutoTopUp(input: $input) { state } }`
const CHECKOUT = `mutation ($input: CheckoutSessionInput!) { createCheckoutSession(input: $input) { token } }`
const PAY = `mutation ($token: String!) { payCheckout(token: $token) { ... on CheckoutRedirect { url } } }`
const CONFIRM = `mutation ($token: String!) { confirmCheckout(token: $token) { status } }`

/** A customer with a card on file, which their first payment has left there. */
export async function enrol(api: Api, { id, kind }: Customer): Promise<void> {
  const rateCard: Plan | 'free' = kind === 'subscriber' ? 'small' : 'free'
  const { subscribe } = await callApi<{ subscribe: { token?: string } }>(api, ENROL, {
    id,
    input: { customerId: id, rateCard, checkout: URLS },
  })
  const token = subscribe.token ?? (await openCheckout(api, id, 'first'))
  await typeCard(await openCardPage(api, token))
  const { confirmCheckout } = await confirm(api, token)
  if (confirmCheckout.status !== 'COMPLETED') throw new Error(`${id} could not pay: ${confirmCheckout.status}`)
  if (kind !== 'topper') return
  const input = { customerId: id, creditType: 'credits', enabled: true, threshold: '50', bundle: 'pack' }
  await callApi(api, SWITCH_ON, { input })
}

export async function openCheckout(api: Api, customerId: string, name: string): Promise<string> {
  const urls = { ...URLS, successUrl: `${URLS.successUrl}?${name}` }
  const { createCheckoutSession } = await callApi<{ createCheckoutSession: { token: string } }>(api, CHECKOUT, {
    input: { customerId, bundle: 'pack', checkout: urls },
  })
  return createCheckoutSession.token
}

export async function openCardPage(api: Api, token: string): Promise<string> {
  const { payCheckout } = await callApi<{ payCheckout: { url?: string } }>(api, PAY, { token })
  if (!payCheckout.url) throw new Error('no card page was opened')
  return payCheckout.url
}

export function confirm(api: Api, token: string): Promise<{ confirmCheckout: { status: string } }> {
  return callApi(api, CONFIRM, { token })
}

/** Types a good card, as often as it takes until the page takes it. */
export async function typeCard(url: string): Promise<void> {
  const body = new URLSearchParams({
    number: '4242424242424242',
    expiry: '12 / 34',
    cvc: '123',
    name: 'Ada Lovelace',
  })
  for (;;) {
    const response = await fetch(url, { method: 'POST', body, redirect: 'manual' }).catch(() => null)
    await response?.body?.cancel()
    if (response && response.status < 400) return
    await sleep(50)
  }
}

/** A refund on the provider's own pages: Florin knows of it from events only. Whoever makes it looks whether it was made. */
export async function refundElsewhere({ stripe }: Provider, providerPaymentId: string, key: string): Promise<string> {
  const params = { payment_intent: providerPaymentId, amount: 100, metadata: { page: key } }
  for (;;) {
    await stripe.refunds.create(params, { idempotencyKey: key }).catch((error: unknown) => {
      if (error instanceof Stripe.errors.StripeInvalidRequestError && error.code) throw error
    })
    const known = await stripe.refunds.list({ payment_intent: providerPaymentId, limit: 100 }).catch(() => null)
    const made = known?.data?.find(({ metadata }) => metadata?.page === key)
    if (made) return made.id
    await sleep(50)
  }
}
