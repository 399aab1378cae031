import Stripe from 'stripe'
import { type Peer, SANDBOX_KEY, WEBHOOK_PATH, WEBHOOK_SECRET } from './stack.ts'

// The payment provider, as seen from its own side: what it holds, what it tells Florin, and what goes wrong with it.

type At = Pick<Peer, 'url'>

/** The official SDK, pointed at the payment sandbox of a stack. */
export function stripeAt({ url }: At): Stripe {
  const { hostname, port } = new URL(url)
  return new Stripe(SANDBOX_KEY, { host: hostname, port: Number(port), protocol: 'http', telemetry: false })
}

/** The amounts of every charge that succeeded and of every refund, in minor units. */
export async function moneyAt(at: At): Promise<{ charged: number[]; refunded: number[] }> {
  const stripe = stripeAt(at)
  const charges = await stripe.charges.list({ limit: 100 })
  const refunds = await stripe.refunds.list({ limit: 100 })
  return {
    charged: charges.data.filter(({ status }) => status === 'succeeded').map(({ amount }) => amount),
    refunded: refunds.data.map(({ amount }) => amount),
  }
}

/** An event about anything. Its id gets the form that the provider's have. */
export function eventAbout(name: string, type: string, subject: object): string {
  const id = name.replaceAll(/\W/g, '_')
  const object = { id: `obj_${id}`, ...subject }
  return JSON.stringify({ id, object: 'event', type, created: 1, livemode: false, data: { object } })
}

/** An event about something that carries Florin's reference. */
export function eventOf(id: string, type: string, reference: string): string {
  return eventAbout(id, type, { object: type.split('.')[0], metadata: { florin_reference: reference } })
}

export interface Signing {
  readonly secret?: string
  /** Seconds before (or, negative, after) now. */
  readonly age?: number
}

export function signatureOf(payload: string, { secret = WEBHOOK_SECRET, age = 0 }: Signing = {}): string {
  const timestamp = Math.floor(Date.now() / 1000) - age
  return Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp })
}

/** Delivers an event and answers the HTTP status. */
export async function deliver(
  to: At,
  payload: string,
  signature: string | null = signatureOf(payload),
): Promise<number> {
  const headers = {
    'content-type': 'application/json',
    ...(signature === null ? {} : { 'stripe-signature': signature }),
  }
  const response = await fetch(`${to.url}${WEBHOOK_PATH}`, { method: 'POST', headers, body: payload })
  await response.body?.cancel()
  return response.status
}

export interface Fault {
  readonly match: string
  readonly fault: 'drop_before' | 'drop_after' | 'error_500_after' | 'delay' | 'rate_limit' | 'rubbish'
  readonly times?: number
  readonly delayMs?: number
  readonly rubbish?:
    | 'wrong_amount'
    | 'wrong_currency'
    | 'wrong_customer'
    | 'missing_fields'
    | 'not_found_without_error'
    | 'html'
}

/** Makes the provider fail at what matches, so many times. */
export async function breakProvider(at: At, fault: Fault): Promise<void> {
  const response = await fetch(`${at.url}/stripe-sandbox/faults`, { method: 'POST', body: JSON.stringify(fault) })
  if (!response.ok) throw new Error(`the sandbox took no fault: ${await response.text()}`)
}

export async function repairProvider(at: At): Promise<void> {
  await fetch(`${at.url}/stripe-sandbox/faults`, { method: 'DELETE' })
}

/** The reference under which the provider knows a checkout: its id, which its token carries. */
export function referenceOf(token: string): string {
  const hex = /^cs_([0-9a-f]{32})_/.exec(token)?.[1]
  if (!hex) throw new Error(`not a checkout token: ${token}`)
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
