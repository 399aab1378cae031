import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buildSchema, graphql } from 'graphql'
import type { Checkout, CheckoutMethod, CheckoutStep } from './checkout-api.ts'

/** The part of the contract that this page speaks. */
const SCHEMA = `
  scalar Decimal
  scalar DateTime
  type Query { checkout(token: String!): Checkout }
  type Mutation {
    payCheckout(token: String!, method: CheckoutMethod! = NEW_CARD): CheckoutStep!
    confirmCheckout(token: String!): Checkout!
  }
  enum CheckoutMethod { NEW_CARD CARD_ON_FILE }
  enum CheckoutStatus { OPEN PROCESSING COMPLETED EXPIRED REFUNDED }
  enum Interval { DAY WEEK MONTH YEAR }
  union CheckoutStep = CheckoutDone | CheckoutRedirect | PaymentFailed
  type CheckoutDone { checkout: Checkout! }
  type CheckoutRedirect { url: String! frameable: Boolean! }
  type PaymentFailed { code: String! message: String! }
  type Money { amount: Decimal! currency: String! }
  type RateCard { name: String! interval: Interval! }
  type Bundle { name: String! credits: Decimal! }
  type InvoiceLine { description: String! quantity: Decimal! amount: Decimal! }
  type CheckoutCredits { creditType: String! name: String! before: Decimal! after: Decimal! }
  type PaymentMethod { brand: String! last4: String! }
  type Invoice { number: String! total: Decimal! currency: String! }
  type Checkout {
    status: CheckoutStatus! title: String! description: String merchant: String! testMode: Boolean!
    rateCard: RateCard bundle: Bundle quantity: Int! lines: [InvoiceLine!]! dueNow: Money!
    nextRenewal: Money nextRenewalAt: DateTime creditsAfter: [CheckoutCredits!]! paymentMethod: PaymentMethod
    expiresAt: DateTime! successUrl: String! cancelUrl: String! invoice: Invoice failure: PaymentFailed
  }`

/** What the peer answers, and which payments it was asked for. */
export type CheckoutScript = {
  checkout: () => Checkout | null
  confirmCheckout: () => Checkout
  payCheckout: (method: CheckoutMethod) => CheckoutStep | Promise<CheckoutStep>
}

/** A real GraphQL server on a loopback port that plays one checkout for the page under test. */
export async function startCheckoutPeer(script: CheckoutScript): Promise<{ url: string; stop: () => void }> {
  const schema = buildSchema(SCHEMA)
  const rootValue = { ...script, payCheckout: ({ method }: { method: CheckoutMethod }) => script.payCheckout(method) }
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const { query, variables } = JSON.parse(body)
    const answer = await graphql({ schema, source: query, variableValues: variables, rootValue })
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, stop: () => void server.close() }
}

export const order: Checkout = {
  status: 'OPEN',
  title: 'Premium',
  description: null,
  merchant: 'Persona',
  testMode: true,
  rateCard: { name: 'Premium', interval: 'MONTH' },
  bundle: null,
  quantity: 1,
  lines: [{ description: 'Premium', quantity: '1', amount: '100.00' }],
  dueNow: { amount: '100.00', currency: 'USD' },
  nextRenewal: { amount: '100.00', currency: 'USD' },
  nextRenewalAt: '2026-12-21T12:00:00Z',
  creditsAfter: [{ creditType: 'credits', name: 'Credits', before: '2', after: '102' }],
  paymentMethod: null,
  expiresAt: '2026-11-21T13:00:00Z',
  successUrl: 'http://app.example/thanks',
  cancelUrl: 'http://app.example/pricing',
  invoice: null,
  failure: null,
}

export const paidOrder: Checkout = {
  ...order,
  status: 'COMPLETED',
  invoice: { number: 'F-0001', total: '100.00', currency: 'USD' },
}
