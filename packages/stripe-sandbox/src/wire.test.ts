import type Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Price, Product } from './catalog-objects.ts'
import type { CardMethod, Mandate, PaymentMethod, SepaMethod } from './method-objects.ts'
import type {
  Charge,
  CheckoutSession,
  Customer,
  Dispute,
  LineItem,
  PaymentIntent,
  Refund,
  SetupIntent,
  StripeEvent,
} from './objects.ts'
import { startSandbox, type TestServer } from './test-server.ts'
import { UNUSED } from './wire.ts'

// The SDK's types are Stripe's word for what its objects hold. The compiler compares them with ours.

type Unused = typeof UNUSED
type Required<T> = { [K in keyof T]-?: object extends Pick<T, K> ? never : K }[keyof T]
/** What Stripe always sends and we don't, and what we send and Stripe doesn't know. */
type Differences<Ours, Theirs, Absent = object> =
  | Exclude<Required<Theirs>, keyof Ours | keyof Absent | 'lastResponse'>
  | Exclude<keyof Ours | keyof Absent, keyof Theirs>

interface AllDifferences {
  charge: Differences<Charge, Stripe.Charge, Unused['charge']>
  customer: Differences<Customer, Stripe.Customer>
  dispute: Differences<Dispute, Stripe.Dispute, Unused['dispute']>
  event: Differences<StripeEvent, Stripe.EventBase>
  lineItem: Differences<LineItem, Stripe.LineItem, Unused['item']>
  mandate: Differences<Mandate, Stripe.Mandate>
  paymentIntent: Differences<PaymentIntent, Stripe.PaymentIntent, Unused['payment_intent']>
  paymentMethod: Differences<PaymentMethod, Stripe.PaymentMethod, Unused['payment_method']>
  card: Differences<CardMethod['card'], Stripe.PaymentMethod.Card>
  account: Differences<SepaMethod['sepa_debit'], Stripe.PaymentMethod.SepaDebit>
  price: Differences<Price, Stripe.Price, Unused['price']>
  product: Differences<Product, Stripe.Product, Unused['product']>
  refund: Differences<Refund, Stripe.Refund, Unused['refund']>
  session: Differences<CheckoutSession, Stripe.Checkout.Session, Unused['checkout.session']>
  setupIntent: Differences<SetupIntent, Stripe.SetupIntent, Unused['setup_intent']>
}

/** Doesn't compile while there are differences, and then names them. */
const differences: AllDifferences[keyof AllDifferences][] = []
const none: readonly never[] = differences

/** Empty values are of the types that Stripe says. */
type Values<T, Kind extends keyof Unused> = { [K in keyof Unused[Kind]]: K extends keyof T ? T[K] : never }
const values: {
  charge: Values<Stripe.Charge, 'charge'>
  dispute: Values<Stripe.Dispute, 'dispute'>
  'checkout.session': Values<Stripe.Checkout.Session, 'checkout.session'>
  item: Values<Stripe.LineItem, 'item'>
  payment_intent: Values<Stripe.PaymentIntent, 'payment_intent'>
  payment_method: Values<Stripe.PaymentMethod, 'payment_method'>
  price: Values<Stripe.Price, 'price'>
  product: Values<Stripe.Product, 'product'>
  refund: Values<Stripe.Refund, 'refund'>
  setup_intent: Values<Stripe.SetupIntent, 'setup_intent'>
} = structuredClone(UNUSED) as { -readonly [K in keyof Unused]: Mutable<Unused[K]> }

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly [] ? [] : T[K] }

let server: TestServer

beforeAll(async () => {
  server = await startSandbox()
})
afterAll(() => server.stop())

test('what the SDK promises is there, however deep, in answers and in events', async () => {
  expect(none).toEqual([])
  const { stripe } = server
  const paid = await stripe.paymentIntents.create({
    amount: 500,
    currency: 'usd',
    confirm: true,
    payment_method: 'pm_card_visa',
    allowed_payment_method_types: ['card'],
    expand: ['latest_charge', 'payment_method'],
  })
  expect(paid).toMatchObject(values.payment_intent)
  expect(paid.latest_charge).toMatchObject(values.charge)
  expect(paid.payment_method).toMatchObject(values.payment_method)
  const [event] = (await stripe.events.list({ type: 'payment_intent.succeeded' })).data
  expect(event?.data.object).toMatchObject(values.payment_intent)
  const refund = await stripe.refunds.create({ payment_intent: paid.id })
  expect(Object.keys(refund)).toEqual(expect.arrayContaining(Object.keys(values.refund)))
  expect(refund.payment_method).toBe((paid.payment_method as Stripe.PaymentMethod).id)
})
