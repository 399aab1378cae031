import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { rejected, startSandbox, type TestServer, until } from './test-server.ts'

const SECRET = 'whsec_florin'

interface Received {
  readonly signature: string
  readonly body: string
}

let endpoint: Server
let url: string
let received: Received[]
/** What the endpoint answers; the last one repeats. */
let answers: number[]
/** Waited for before it answers. */
let looked: Promise<void>
let server: TestServer

beforeEach(async () => {
  received = []
  answers = [200]
  looked = Promise.resolve()
  endpoint = createServer(async (request, response) => {
    received.push({ signature: String(request.headers['stripe-signature']), body: await text(request) })
    if (received.length > 1) await looked
    response.writeHead((answers.length > 1 ? answers.shift() : answers[0]) ?? 200).end()
  })
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/hook`
  server = await startSandbox({ webhook: { url, secret: SECRET } })
})
afterEach(async () => {
  await server.stop()
  endpoint.closeAllConnections()
  await new Promise((resolve) => endpoint.close(resolve))
})

function verified({ body, signature }: Received): Stripe.Event {
  return server.stripe.webhooks.constructEvent(body, signature, SECRET)
}

test('an event arrives signed, as the SDK verifies it', async () => {
  const customer = await server.stripe.customers.create({ email: 'a@b.c' }, { idempotencyKey: 'key-1' })
  await until(
    () => received.length,
    (count) => count === 1,
  )
  expect(verified(received[0] as Received)).toMatchObject({
    object: 'event',
    type: 'customer.created',
    api_version: '2026-10-28.endive',
    livemode: false,
    data: { object: { id: customer.id, email: 'a@b.c' } },
    request: { idempotency_key: 'key-1' },
  })
  const forged = { ...(received[0] as Received), body: received[0]?.body.replace('a@b.c', 'm@b.c') ?? '' }
  expect(() => verified(forged)).toThrow(Stripe.errors.StripeSignatureVerificationError)
})

test('a failed delivery is repeated, signed anew, and is findable until it succeeds', async () => {
  answers = [500, 200]
  let look = () => {}
  looked = new Promise((resolve) => {
    look = resolve
  })
  const { id } = await server.stripe.customers.create({})
  await until(
    () => received.length,
    (count) => count === 1,
  )
  const [missed] = (await server.stripe.events.list({ delivery_success: false })).data
  look()
  expect(missed).toMatchObject({ type: 'customer.created', pending_webhooks: 1, data: { object: { id } } })
  await until(
    () => received.length,
    (count) => count === 2,
  )
  expect(received.map(verified).map((event) => event.id)).toEqual([missed?.id, missed?.id])
  expect(received[1]?.signature).not.toBe(received[0]?.signature)
  const pending = () => server.stripe.events.list({ delivery_success: false })
  await until(pending, ({ data }) => data.length === 0)
  expect((await server.stripe.events.retrieve(missed?.id ?? '')).pending_webhooks).toBe(0)
})

test('an update carries what it changed', async () => {
  const { id } = await server.stripe.customers.create({ name: 'Ann' })
  await server.stripe.customers.update(id, { name: 'Bob', metadata: { tier: 'gold' } })
  const [event] = (await server.stripe.events.list({ type: 'customer.updated' })).data
  expect(event?.data).toMatchObject({
    object: { name: 'Bob', metadata: { tier: 'gold' } },
    previous_attributes: { name: 'Ann', metadata: {} },
  })
})

test('events are filtered by type, wildcard and time', async () => {
  const { stripe } = server
  await stripe.customers.create({})
  await stripe.paymentIntents.create({ amount: 500, currency: 'usd' })
  const types = async (params: Stripe.EventListParams) =>
    (await stripe.events.list(params)).data.map((each) => each.type)
  expect(await types({ types: ['customer.created', 'charge.failed'] })).toEqual(['customer.created'])
  expect(await types({ type: 'payment_intent.*' })).toEqual(['payment_intent.created'])
  const now = Math.floor(Date.now() / 1000)
  expect(await types({ created: { gte: now - 60 } })).toHaveLength(2)
  expect(await types({ created: { gt: now + 60 } })).toEqual([])
})

test('the API answers while the endpoint hangs, and stopping does not wait for it', async () => {
  endpoint.removeAllListeners('request')
  const started = performance.now()
  await server.stripe.customers.create({})
  await server.stop()
  // A delivery is given ten seconds.
  expect(performance.now() - started).toBeLessThan(8_000)
  server = await startSandbox()
})

test('several endpoints get every event, each with its own secret', async () => {
  await server.stop()
  const second = { url: `${url}/second`, secret: 'whsec_second' }
  server = await startSandbox({ webhook: [{ url, secret: SECRET }, second] })
  answers = [500, 200]
  const { id } = await server.stripe.customers.create({})
  await until(
    () => received.length,
    (count) => count === 3,
  )
  const verifies = (each: Received, secret: string) => {
    try {
      return server.stripe.webhooks.constructEvent(each.body, each.signature, secret).data.object
    } catch {
      return undefined
    }
  }
  for (const secret of [SECRET, second.secret]) {
    const own = received.map((each) => verifies(each, secret)).filter((object) => object !== undefined)
    expect(own.length).toBeGreaterThan(0)
    expect(own[0]).toMatchObject({ id })
  }
  const pending = () => server.stripe.events.list({ delivery_success: false })
  await until(pending, ({ data }) => data.length === 0)
})

test('type and types exclude each other', async () => {
  const both = server.stripe.events.list({ type: 'customer.created', types: ['customer.created'] })
  expect((await rejected(both)).statusCode).toBe(400)
})
