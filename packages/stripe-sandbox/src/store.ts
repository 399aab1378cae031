import type { Price, Product } from './catalog-objects.ts'
import { Collection } from './collection.ts'
import type { Metadata } from './metadata.ts'
import type { Mandate, PaymentMethod } from './method-objects.ts'
import type {
  Charge,
  CheckoutSession,
  Customer,
  Dispute,
  FutureUsage,
  LineItem,
  PaymentIntent,
  Refund,
  SetupIntent,
  StripeEvent,
} from './objects.ts'

/** What is behind a payment method: what Stripe knows and never shows. */
export interface MethodOnFile {
  /** The payment method's id. */
  readonly id: string
  /** A number from the tables of test cards and accounts; no other is ever kept. */
  readonly number: string
  /** The bank has agreed to later payments without the customer. */
  readonly setUp: boolean
  /** Used once without a customer, so it may not be used again. */
  readonly spent: boolean
  /** Its owner's consent to debits; cards have none. */
  readonly mandate?: string
}

/** A debit whose bank has not answered yet. */
export interface DebitToCome {
  /** The charge's id. */
  readonly id: string
  /** When the bank answers. */
  readonly due: number
}

/** A charge that its cardholder will dispute in a moment. */
export interface DisputeToCome {
  /** The charge's id. */
  readonly id: string
}

/** What a Checkout Session was opened for, beside its public fields. */
export interface CheckoutOrder {
  /** The session's id. */
  readonly id: string
  readonly lineItems: readonly LineItem[]
  readonly intent: {
    readonly metadata: Metadata
    readonly description: string | null
    readonly receiptEmail: string | null
    readonly statementDescriptorSuffix: string | null
    readonly setupFutureUsage: FutureUsage | null
    /** Missing in state files of earlier versions. */
    readonly shipping?: unknown
  }
}

/** The remembered answer to a POST with an idempotency key. */
export interface RememberedAnswer {
  /** The idempotency key. */
  readonly id: string
  readonly fingerprint: string
  readonly requestId: string
  readonly created: number
  readonly status: number
  readonly body: string
}

/** As many as Stripe lets an account have. */
export const MAX_ENDPOINTS = 16

/** An event on its way to a webhook endpoint. */
export interface Delivery {
  /** The event's id, and for every endpoint but the first `#` with its number. */
  readonly id: string
  readonly attempts: number
}

export function deliveryId(event: string, endpoint: number): string {
  return endpoint === 0 ? event : `${event}#${endpoint}`
}

/** A customer who has been deleted, and what Stripe still answers for them. */
export interface DeletedCustomer {
  readonly id: string
  readonly object: 'customer'
  readonly deleted: true
}

interface Kinds {
  customers: Customer
  deletedCustomers: DeletedCustomer
  products: Product
  prices: Price
  paymentMethods: PaymentMethod
  paymentIntents: PaymentIntent
  setupIntents: SetupIntent
  charges: Charge
  refunds: Refund
  disputes: Dispute
  disputesToCome: DisputeToCome
  checkoutSessions: CheckoutSession
  events: StripeEvent
  /** What is behind payment methods; named for cards, because state files of earlier versions name it so. */
  cards: MethodOnFile
  debitsToCome: DebitToCome
  mandates: Mandate
  orders: CheckoutOrder
  answers: RememberedAnswer
  deliveries: Delivery
}

export type Store = { readonly [Kind in keyof Kinds]: Collection<Kinds[Kind]> }

/** The store's content as it is written to the state file. */
export type Snapshot = { readonly [Kind in keyof Kinds]?: readonly Kinds[Kind][] }

export function createStore(onChange: () => void): Store {
  return {
    customers: new Collection(onChange),
    deletedCustomers: new Collection(onChange),
    products: new Collection(onChange),
    prices: new Collection(onChange),
    paymentMethods: new Collection(onChange),
    paymentIntents: new Collection(onChange),
    setupIntents: new Collection(onChange),
    charges: new Collection(onChange),
    refunds: new Collection(onChange),
    disputes: new Collection(onChange),
    disputesToCome: new Collection(onChange),
    checkoutSessions: new Collection(onChange),
    events: new Collection(onChange),
    cards: new Collection(onChange),
    debitsToCome: new Collection(onChange),
    mandates: new Collection(onChange),
    orders: new Collection(onChange),
    answers: new Collection(onChange),
    deliveries: new Collection(onChange),
  }
}

/** How many webhook endpoints have not taken an event yet. */
export function pendingDeliveries(store: Store, event: { readonly id: string }): number {
  let pending = store.deliveries.get(event.id) ? 1 : 0
  for (let endpoint = 1; endpoint < MAX_ENDPOINTS; endpoint++) {
    if (store.deliveries.get(deliveryId(event.id, endpoint))) pending++
  }
  return pending
}

export function snapshotOf(store: Store): Snapshot {
  return Object.fromEntries(Object.entries(store).map(([kind, collection]) => [kind, [...collection.oldestFirst()]]))
}

export function restore(store: Store, snapshot: Snapshot): void {
  for (const kind of Object.keys(store) as (keyof Kinds)[]) {
    // Kind and content come from the same key, which TypeScript can't follow across a union.
    const collection = store[kind] as Collection<{ readonly id: string }>
    for (const object of snapshot[kind] ?? []) collection.put(object)
  }
}
