import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSandbox, type TestServer, until } from './test-server.ts'

// The official CLI as a client that we didn't write: its fixtures are Stripe's own idea of how each event comes about.

const SECRET = 'whsec_cli'
const KEY = `sk_test_${'c'.repeat(24)}`
const CLI = createRequire(import.meta.url).resolve('@stripe/cli/bin/shim.js')

let home: string
let endpoint: Server
let server: TestServer
let received: Stripe.Event[]

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'stripe-cli-'))
  received = []
  endpoint = createServer(async (request, response) => {
    const body = await text(request)
    const signature = String(request.headers['stripe-signature'])
    received.push(server.stripe.webhooks.constructEvent(body, signature, SECRET))
    response.end()
  })
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/hook`
  server = await startSandbox({ secretKey: KEY, webhook: { url, secret: SECRET }, debitSeconds: 0 })
})
afterAll(async () => {
  await server.stop()
  endpoint.closeAllConnections()
  await new Promise((resolve) => endpoint.close(resolve))
  rmSync(home, { recursive: true })
})

/**
 * The CLI's own settings keep it from sending telemetry. Its look for a newer version has none, so it is led to a proxy
 * that isn't there; loopback addresses go by no proxy.
 */
const ENV = {
  STRIPE_CLI_TELEMETRY_OPTOUT: '1',
  STRIPE_NO_AUTO_UPDATE: '1',
  HTTPS_PROXY: 'http://127.0.0.1:1',
}

async function trigger(event: string): Promise<string> {
  const words = [CLI, 'trigger', event, '--api-base', server.url, '--api-key', KEY]
  const child = spawn(process.execPath, words, { env: { ...ENV, HOME: home, XDG_CONFIG_HOME: home } })
  const ended = new Promise((resolve) => child.on('close', resolve))
  const [out, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  if (code !== 0) throw new Error(`stripe trigger ${event} ended with ${code}: ${out}${errors}`)
  return out
}

/** Triggers an event; what was delivered of it, signed, and stands in the list of events. */
async function triggered(type: string): Promise<Stripe.Event> {
  received.length = 0
  expect(await trigger(type)).toContain('Trigger succeeded!')
  await fetch(`${server.url}/stripe-sandbox/settle`, { method: 'POST' })
  const delivered = await until(
    () => received.find((event) => event.type === type),
    (event) => event !== undefined,
  )
  const listed = (await server.stripe.events.list({ type, limit: 1 })).data[0]
  expect(delivered).toMatchObject({ id: listed?.id, object: 'event', type, livemode: false })
  expect(delivered?.data).toEqual(listed?.data)
  return delivered as Stripe.Event
}

// A process for each event takes a while on a busy machine.
describe('stripe trigger', { timeout: 60_000 }, () => {
  test.each([
    ['payment_intent.succeeded', { object: 'payment_intent', amount: 2_000, amount_received: 2_000 }],
    ['payment_intent.payment_failed', { object: 'payment_intent', status: 'requires_payment_method' }],
    ['charge.refunded', { object: 'charge', amount: 100, amount_refunded: 100, refunded: true }],
    ['charge.dispute.created', { object: 'dispute', amount: 100 }],
    [
      'checkout.session.completed',
      { object: 'checkout.session', amount_total: 3_000, payment_status: 'paid', status: 'complete' },
    ],
  ])('%s', async (type, object) => {
    expect((await triggered(type)).data.object).toMatchObject(object)
  })

  test.each([
    'charge.dispute.closed',
    'charge.dispute.updated',
    'charge.failed',
    'charge.refund.updated',
    'charge.succeeded',
    'checkout.session.async_payment_failed',
    'checkout.session.async_payment_succeeded',
    'checkout.session.expired',
    'customer.created',
    'customer.deleted',
    'customer.updated',
    'payment_intent.canceled',
    'payment_intent.created',
    'payment_intent.processing',
    'payment_intent.requires_action',
    'payment_method.attached',
    'payment_method.detached',
    'payment_method.updated',
    'price.created',
    'price.updated',
    'product.created',
    'product.updated',
    'setup_intent.canceled',
    'setup_intent.created',
    'setup_intent.requires_action',
    'setup_intent.setup_failed',
    'setup_intent.succeeded',
  ])('%s', async (type) => {
    expect((await triggered(type)).data.object).toBeDefined()
  })

  test('tells what the sandbox refuses', async () => {
    await expect(trigger('coupon.created')).rejects.toThrow('Unrecognized request URL (POST: /v1/coupons)')
  })
})
