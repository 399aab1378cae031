import type { Florin, PurchaseResult, SubscriptionResult } from '@florin/sdk'

// What a customer does on the hosted checkout, without a browser: press pay, type the test card, come back.

const PAY = `mutation ($token: String!) { payCheckout(token: $token) {
  __typename ... on CheckoutRedirect { url } ... on PaymentFailed { message } } }`
const CONFIRM = `mutation ($token: String!) { confirmCheckout(token: $token) { status } }`
const TEST_CARD = { number: '4242424242424242', expiry: '12 / 34', cvc: '123', name: 'Ada Lovelace' }

/** Pays with the test card where a checkout is required. Throws when nothing was sold. */
export async function payWithTestCard(florin: Florin, sold: SubscriptionResult | PurchaseResult): Promise<void> {
  if (sold.__typename === 'PaymentFailed') throw new Error(`the payment failed: ${sold.message}`)
  if (sold.__typename !== 'CheckoutRequired') return
  const { token } = sold
  const { payCheckout } = await florin.request<{ payCheckout: { url?: string; message?: string } }, object>(PAY, {
    token,
  })
  if (!payCheckout.url) throw new Error(`the checkout opened no card page: ${JSON.stringify(payCheckout)}`)
  const form = { method: 'POST', body: new URLSearchParams(TEST_CARD), redirect: 'manual' } as const
  await (await fetch(payCheckout.url, form)).body?.cancel()
  const { confirmCheckout } = await florin.request<{ confirmCheckout: { status: string } }, object>(CONFIRM, { token })
  if (confirmCheckout.status !== 'COMPLETED') throw new Error(`the checkout is ${confirmCheckout.status}`)
}
