import type Stripe from 'stripe'
import { until } from './at-once.ts'
import { consume, dataOf, ledger } from './calls.ts'
import { GOOD_CARD, payCheckout } from './pay-checkout.ts'
import { stripeAt } from './provider.ts'
import { PURCHASE_BUNDLE, type Sold, URLS } from './selling.ts'
import type { Peer, Stack } from './stack.ts'
import { signUp } from './worked-example.ts'

// Credits that are bought, and money that goes back.

type Ask = Pick<Peer, 'query'>

export const DISPUTED_CARD = '4000000000000259'
/** Its bank only asks what the charge was. */
export const INQUIRED_CARD = '4000000000001976'
export const REFUND_PENDING_CARD = '4000000000007726'
export const REFUND_FAILS_CARD = '4000000000005126'

export interface Refund {
  readonly id: string
  readonly status: string
  readonly amount: string
  readonly failure: string | null
}

export interface Payment {
  readonly id: string
  readonly status: string
  readonly amount: string
  readonly refunded: string
  readonly refundable: string
  readonly overRefunded: string
  readonly purpose: string
  readonly grant: {
    readonly id: string
    readonly remaining: string
    readonly owed: string
    readonly frozen: string
  } | null
  readonly invoiceId: string | null
  readonly refunds: readonly Refund[]
  readonly disputes: readonly { readonly id: string; readonly status: string; readonly amount: string }[]
}

const PAYMENTS = `query ($id: ID!) { payments(customerId: $id, first: 100) { nodes { id status amount refunded refundable overRefunded
  purpose invoiceId grant { id remaining owed frozen } refunds { id status amount failure } disputes { id status amount } } } }`

/** Newest first. */
export async function payments(to: Ask, customerId: string, authorization?: string): Promise<readonly Payment[]> {
  const asked = to.query<{ payments: { nodes: Payment[] } }>(PAYMENTS, { id: customerId }, authorization)
  return (await dataOf(asked)).payments.nodes
}

export async function newestPayment(to: Ask, customerId: string): Promise<Payment> {
  const [payment] = await payments(to, customerId)
  if (!payment) throw new Error(`${customerId} has paid nothing`)
  return payment
}

export const REFUND_PAYMENT = `mutation ($input: RefundPaymentInput!) { refundPayment(input: $input) {
  id status amount failure } }`

export function askRefundPayment(to: Ask, input: object) {
  return to.query<{ refundPayment: Refund }>(REFUND_PAYMENT, { input })
}

export async function refundPayment(to: Ask, input: object): Promise<Refund> {
  return (await dataOf(askRefundPayment(to, input))).refundPayment
}

/** Refunds of the customer's newest payment: all that is left, or a part. */
export async function refund(to: Ask, customerId: string, idempotencyKey: string, amount?: string): Promise<Refund> {
  const { id } = await newestPayment(to, customerId)
  return refundPayment(to, { paymentId: id, idempotencyKey, ...(amount === undefined ? {} : { amount }) })
}

/** Buys packs of 100 credits at 10.00, with the card on file or else with this one. */
export async function buy(
  to: Ask,
  customerId: string,
  { packs = 1, key = 'buy', card = GOOD_CARD }: { packs?: number; key?: string; card?: string } = {},
): Promise<Sold> {
  const input = { customerId, bundle: 'pack-100', quantity: packs, checkout: URLS, idempotencyKey: key }
  const { purchaseBundle } = await dataOf(to.query<{ purchaseBundle: Sold }>(PURCHASE_BUNDLE, { input }))
  if (purchaseBundle.token) await payCheckout(to, purchaseBundle.token, card)
  return purchaseBundle
}

export interface Credits {
  readonly available: string
  readonly held: string
  readonly frozen: string
  readonly debt: string
  readonly granted: string
  readonly used: string
}

/** A customer who has bought packs of 100 credits, 10 unless it says otherwise, and spent some. */
export async function buyer(
  to: Ask,
  customerId: string,
  { packs = 10, spent, card = GOOD_CARD }: { packs?: number; spent?: string; card?: string } = {},
): Promise<string> {
  await signUp(to, customerId, 'prepaid')
  await buy(to, customerId, { packs, card })
  if (spent) await spend(to, customerId, spent)
  return customerId
}

export async function spend(to: Ask, customerId: string, quantity: string): Promise<void> {
  const { decision } = await consume(to, { customerId, quantity, idempotencyKey: 'spent' })
  if (!decision.allowed) throw new Error(`${customerId} has no ${quantity} to spend: ${decision.reason}`)
}

/** "950 of 1000, 50 used", and what is frozen or owed. */
export async function creditsOf(to: Ask, customerId: string): Promise<string> {
  const document = `query ($id: ID!) { billingState(customerId: $id) { balances {
    available held frozen debt granted used } } }`
  const { billingState } = await dataOf(
    to.query<{ billingState: { balances: Credits[] } }>(document, { id: customerId }),
  )
  const [balance] = billingState.balances
  if (!balance) return 'nothing'
  const more = [
    ['held', balance.held],
    ['frozen', balance.frozen],
    ['owed', balance.debt],
  ].flatMap(([word, credits]) => (credits === '0' ? [] : [`${credits} ${word}`]))
  return [`${balance.available} of ${balance.granted}`, `${balance.used} used`, ...more].join(', ')
}

/** The newest entries, oldest first: "VOID -950". */
export async function entriesOf(to: Ask, customerId: string, count: number): Promise<string[]> {
  const entries = await ledger(to, customerId)
  return entries
    .slice(0, count)
    .reverse()
    .map(({ kind, amount }) => `${kind} ${amount}`)
}

/** What the newest entries say of their cause, oldest first. */
export async function textsOf(to: Ask, customerId: string, count: number): Promise<string[]> {
  const document = `query ($id: ID!, $n: Int) { ledger(customerId: $id, first: $n) { nodes { cause } } }`
  const answer = to.query<{ ledger: { nodes: { cause: { text: string } }[] } }>(document, { id: customerId, n: count })
  return (await dataOf(answer)).ledger.nodes.map(({ cause }) => cause.text).reverse()
}

/** What the provider calls the customer's newest payment. */
export async function providerPaymentOf({ database }: Stack, customerId: string): Promise<string> {
  const [row] = await database.query<{ id: string }>(
    `select y.provider_payment_id as id from payment y join customer c on c.pk = y.customer_pk
     where c.id = $1 and y.provider_payment_id is not null order by y.id desc limit 1`,
    [customerId],
  )
  if (!row) throw new Error(`${customerId} has paid nothing`)
  return row.id
}

/** What the provider gave back of the customer's newest payment, in minor units. */
export async function refundsAt(stack: Stack, customerId: string): Promise<number[]> {
  const payment_intent = await providerPaymentOf(stack, customerId)
  return (await stripeAt(stack).refunds.list({ payment_intent, limit: 100 })).data.map(({ amount }) => amount)
}

/** The dispute about the customer's newest payment, once the bank has opened it. */
export async function disputeAt(stack: Stack, customerId: string): Promise<Stripe.Dispute> {
  const payment_intent = await providerPaymentOf(stack, customerId)
  const { data } = await until(
    () => stripeAt(stack).disputes.list({ payment_intent }),
    (list) => list.data.length > 0,
  )
  return data[0] as Stripe.Dispute
}

/** Decides a dispute at the provider, as its evidence does. */
export async function decideDispute(stack: Stack, customerId: string, evidence: 'winning' | 'losing'): Promise<void> {
  const { id } = await disputeAt(stack, customerId)
  await stripeAt(stack).disputes.update(id, { evidence: { uncategorized_text: `${evidence}_evidence` } })
}

/** Waits until the credits are told so. */
export async function untilCredits(to: Ask, customerId: string, told: string): Promise<void> {
  await until(
    () => creditsOf(to, customerId),
    (credits) => credits === told,
  )
}

/** Resolves when every event that has been received was processed, and none is on its way. */
export async function quiet(stack: Stack): Promise<void> {
  await until(
    async () => {
      const open = await stack.database.query(
        'select id, type, last_error from provider_event where processed_at is null',
      )
      const { data } = await stripeAt(stack).events.list({ delivery_success: false, limit: 10 })
      return [...open, ...data.map(({ type }) => type)]
    },
    (open) => open.length === 0,
  )
}
