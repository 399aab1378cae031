import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { buildSchema, graphql } from 'graphql'
import type { Checkout, CheckoutMethod, CheckoutStep } from './checkout-api.ts'

/** The contract itself, so that a document which drifts from it fails here. */
const CONTRACT = join(import.meta.dirname, '../../../../schema.graphql')

/** What the peer answers, and which payments it was asked for. */
export type CheckoutScript = {
  checkout: () => Checkout | null
  confirmCheckout: () => Checkout
  payCheckout: (method: CheckoutMethod) => CheckoutStep | Promise<CheckoutStep>
}

/** A real GraphQL server on a loopback port that plays one checkout for the page under test. */
export async function startCheckoutPeer(script: CheckoutScript): Promise<{ url: string; stop: () => void }> {
  const schema = buildSchema(readFileSync(CONTRACT, 'utf8'))
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
  rateCard: { name: 'Premium', interval: 'MONTH', trialDays: 0 },
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
