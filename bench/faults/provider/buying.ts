import { setTimeout as sleep } from 'node:timers/promises'
import type { Api } from '../../api.ts'
import { createRandom, type Random } from '../random.ts'
import type { Provider } from './provider-server.ts'
import {
  type Customer,
  confirm,
  type Kind,
  METER,
  openCardPage,
  openCheckout,
  type Plan,
  refundElsewhere,
  typeCard,
} from './shop.ts'

/** Something that a customer or a backend did, and how it ended. */
export interface Deed {
  readonly customerId: string
  readonly kind: 'purchase' | 'checkout' | 'change' | 'consume' | 'refund' | 'refund elsewhere'
  /** Times at which nobody could say how it had ended. */
  unknowns: number
  /** Null: it never ended. */
  answer: 'done' | 'failed' | null
  /** Of a failure: why. Of what is done: what it brought. */
  told: string
}

export interface Buying {
  readonly deeds: readonly Deed[]
  /** Begins nothing new; ends when the outcome of each deed is known. */
  stop(): Promise<void>
}

export interface BuyingPlan {
  readonly apis: readonly Api[]
  readonly provider: Provider
  readonly customers: readonly Customer[]
  /** A payment of the customer's that has succeeded, as the provider calls it. */
  paymentOf(customerId: string): Promise<string | null>
  /** In every key. */
  readonly name: string
  readonly seed: number
}

/** Every customer does one thing after the other. */
export function startBuying(plan: BuyingPlan): Buying {
  const deeds: Deed[] = []
  let stopped = false
  const all = plan.customers.map(async (customer, index) => {
    const act = createCustomer(plan, customer, createRandom(plan.seed * 1_000 + index), deeds)
    while (!stopped) {
      await act()
      await sleep(50)
    }
  })
  const done = Promise.all(all)
  done.catch(() => {})
  return {
    deeds,
    stop: async () => {
      stopped = true
      await done
    },
  }
}

const PURCHASE = `mutation ($input: PurchaseBundleInput!) { it: purchaseBundle(input: $input) {
  __typename ... on PurchaseSuccess { grant { id } } ... on PaymentFailed { code message } } }`
const CHANGE = `mutation ($input: ChangeRateCardInput!) { it: changeRateCard(input: $input) {
  __typename ... on SubscriptionSuccess { subscription { id } } ... on PaymentFailed { code message } } }`
const CONSUME = `mutation ($input: ConsumeInput!) { it: consume(input: $input) { decision { allowed } } }`
const REFUND = `mutation ($input: RefundPaymentInput!) { it: refundPayment(input: $input) { id status } }`
const PAYMENTS = `query ($id: ID!) { it: payments(customerId: $id, first: 100) { nodes { id refundable } } }`
const SUBSCRIPTION = `query ($id: ID!) { it: billingState(customerId: $id) { subscriptions { id } } }`

interface Sold {
  readonly __typename: string
  readonly grant?: { readonly id: string }
  readonly code?: string
  readonly message?: string
}

function createCustomer(plan: BuyingPlan, { id, kind }: Customer, random: Random, deeds: Deed[]): () => Promise<void> {
  const { apis, provider, name } = plan
  const plans: Plan[] = ['large', 'medium']
  let count = 0
  const newKey = () => `${name}-${id}-${count++}`
  const anyApi = () => random.pick(apis)

  const deed = (kind: Deed['kind'], work: (deed: Deed) => Promise<string>) => record(deeds, id, kind, work)
  const ask = <Data>(entry: Deed, document: string, variables: object) =>
    untilCertain<Data>(apis, document, variables, random, () => entry.unknowns++)

  const purchase = () =>
    deed('purchase', async (entry) => {
      const input = { customerId: id, bundle: 'pack', idempotencyKey: newKey() }
      return soldOf(await ask<Sold>(entry, PURCHASE, { input })).grant?.id ?? ''
    })
  const checkout = () =>
    deed('checkout', async (entry) => {
      const key = newKey()
      const again = <Result>(work: () => Promise<Result>) => untilDone(work, () => entry.unknowns++)
      const token = await again(() => openCheckout(anyApi(), id, key))
      await typeCard(await again(() => openCardPage(anyApi(), token)))
      // Half of them never come back from the card page.
      if (random.fraction() < 0.5) await again(() => confirm(anyApi(), token))
      return token
    })
  const change = async () => {
    const rateCard = plans.pop()
    if (!rateCard) return
    await deed('change', async (entry) => {
      const state = await ask<{ subscriptions: { id: string }[] }>(entry, SUBSCRIPTION, { id })
      const input = { subscriptionId: state.subscriptions[0]?.id, rateCard, idempotencyKey: newKey() }
      return soldOf(await ask<Sold>(entry, CHANGE, { input })).__typename
    })
  }
  const consume = () =>
    deed('consume', async (entry) => {
      const input = { customerId: id, meter: METER, quantity: 10 + random.below(40), idempotencyKey: newKey() }
      const { decision } = await ask<{ decision: { allowed: boolean } }>(entry, CONSUME, { input })
      return String(decision.allowed)
    })
  const refund = () =>
    deed('refund', async (entry) => {
      const { nodes } = await ask<{ nodes: { id: string; refundable: string }[] }>(entry, PAYMENTS, { id })
      const payment = nodes.find(({ refundable }) => Number(refundable) >= LEFT)
      if (!payment) throw new Refused('nothing to refund')
      const input = { paymentId: payment.id, amount: '1.00', idempotencyKey: newKey() }
      return (await ask<{ id: string }>(entry, REFUND, { input })).id
    })
  const refundAtProvider = () =>
    deed('refund elsewhere', async () => {
      const payment = await plan.paymentOf(id)
      if (!payment) throw new Refused('nothing to refund')
      return refundElsewhere(provider, payment, newKey())
    })

  const choices: Readonly<Record<Kind, readonly (() => Promise<void>)[]>> = {
    buyer: [purchase, purchase, purchase, checkout, checkout, refund, refundAtProvider],
    subscriber: [change, purchase],
    topper: [consume],
  }
  return () => random.pick(choices[kind])()
}

/** Does something, and writes down how it ended. */
async function record(
  deeds: Deed[],
  customerId: string,
  kind: Deed['kind'],
  work: (deed: Deed) => Promise<string>,
): Promise<void> {
  const entry: Deed = { customerId, kind, unknowns: 0, answer: null, told: '' }
  deeds.push(entry)
  try {
    entry.told = await work(entry)
    entry.answer = 'done'
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    entry.told = error.message
    entry.answer = 'failed'
  }
}

/** So much of a payment must be left: two refunds may be on their way. */
const LEFT = 4

/** It is certain that it was not done. */
class Refused extends Error {}

function soldOf(sold: Sold): Sold {
  if (sold.__typename === 'PaymentFailed') throw new Refused(`${sold.code}: ${sold.message}`)
  return sold
}

const PATIENCE_MS = 5_000
const PAUSE_MS = 300
const CERTAIN_WITHIN_MS = 180_000
/** The same may have another outcome later, or has one that nobody knows. */
const UNCERTAIN = ['INTERNAL', 'PAYMENT_PROVIDER_UNAVAILABLE', 'CONFLICT', 'RATE_LIMITED']

/** Asks with one key until the outcome is certain, one API process after the other. */
async function untilCertain<Data>(
  apis: readonly Api[],
  query: string,
  variables: object,
  random: Random,
  unknown: () => void,
): Promise<Data> {
  const until = performance.now() + CERTAIN_WITHIN_MS
  for (let last = ''; performance.now() < until; await sleep(PAUSE_MS)) {
    const answer = await askOnce<Data>(random.pick(apis), query, variables)
    if (typeof answer === 'object') return answer.it
    unknown()
    last = answer
    if (!UNCERTAIN.some((code) => last.startsWith(code))) throw new Refused(last)
  }
  throw new Error(`no certain outcome after ${CERTAIN_WITHIN_MS / 1_000} s: ${JSON.stringify(variables)}`)
}

async function askOnce<Data>(
  { port, secretKey }: Api,
  query: string,
  variables: object,
): Promise<{ it: Data } | string> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${secretKey}` },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    const { data, errors } = (await response.json()) as {
      data?: { it: Data } | null
      errors?: readonly { message: string; extensions?: { code?: string } }[]
    }
    if (data && !errors) return data
    return `${errors?.[0]?.extensions?.code ?? 'INTERNAL'}: ${errors?.[0]?.message}`
  } catch (error) {
    return `INTERNAL: ${String(error)}`
  }
}

/** Does something that may be done more than once, until it is done. */
async function untilDone<Result>(work: () => Promise<Result>, unknown: () => void): Promise<Result> {
  const until = performance.now() + CERTAIN_WITHIN_MS
  for (;;) {
    try {
      return await work()
    } catch (error) {
      unknown()
      if (performance.now() > until) throw error
      await sleep(PAUSE_MS)
    }
  }
}
