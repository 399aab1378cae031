import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createStripeSandbox } from './sandbox.ts'
import { startSandbox, until } from './test-server.ts'

let folder: string
let stateFile: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stripe-sandbox-'))
  stateFile = join(folder, 'home', 'stripe.json')
})
afterEach(() => rmSync(folder, { recursive: true }))

const PAYMENT = { amount: 900, currency: 'usd', confirm: true, allowed_payment_method_types: ['card'] }

test('customers, cards, sessions, events and idempotency keys survive a restart', async () => {
  const before = await startSandbox({ stateFile })
  const { id: customer } = await before.stripe.customers.create({ metadata: { florin: '1' } })
  const card = await before.stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer })
  const first = { ...PAYMENT, payment_method: 'pm_card_visa' }
  const paid = await before.stripe.paymentIntents.create(first, { idempotencyKey: 'renewal-1' })
  const session = await before.stripe.checkout.sessions.create({
    mode: 'payment',
    line_items: [{ price_data: { currency: 'usd', unit_amount: 700, product_data: { name: 'Bundle' } } }],
    success_url: 'https://app.example/paid',
  })
  const events = await before.eventTypes()
  await before.stop()

  const after = await startSandbox({ stateFile })
  expect(await after.eventTypes()).toEqual(events)
  expect(await after.stripe.customers.retrieve(customer)).toMatchObject({ metadata: { florin: '1' } })
  const replayed = await after.stripe.paymentIntents.create(first, { idempotencyKey: 'renewal-1' })
  expect(replayed.id).toBe(paid.id)
  const declined = after.stripe.paymentIntents.create({ ...PAYMENT, customer, payment_method: card.id })
  await expect(declined).rejects.toMatchObject({ code: 'card_declined' })
  const form = new URLSearchParams({ number: '4242424242424242', expiry: '12/34', cvc: '123', name: 'Ann' })
  const page = `${after.url}/stripe-sandbox/checkout/${session.id}`
  expect((await fetch(page, { method: 'POST', body: form, redirect: 'manual' })).status).toBe(303)
  await after.stop()
})

test('a change is on disk soon, and no temporary file stays behind', async () => {
  const server = await startSandbox({ stateFile })
  await server.stripe.customers.create({ name: 'Ann' })
  const names = () => readdirSync(join(folder, 'home'))
  await until(names, (found) => found.join() === 'stripe.json')
  await server.stop()
  expect(names()).toEqual(['stripe.json'])
})

test('what was not delivered before the stop is delivered after the start', async () => {
  const types: string[] = []
  const endpoint = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    types.push(JSON.parse(Buffer.concat(chunks).toString()).type)
    response.end()
  })
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve))
  const { port } = endpoint.address() as AddressInfo
  const gone = await startSandbox({ stateFile, webhook: { url: 'http://127.0.0.1:1/hook', secret: 'whsec_x' } })
  await gone.stripe.customers.create({})
  await gone.stop()
  expect(types).toEqual([])

  const webhook = { url: `http://127.0.0.1:${port}/hook`, secret: 'whsec_x' }
  const back = await startSandbox({ stateFile, webhook })
  await until(
    () => types,
    (seen) => seen.length === 1,
  )
  expect(types).toEqual(['customer.created'])
  await back.stop()
  endpoint.closeAllConnections()
  await new Promise((resolve) => endpoint.close(resolve))
})

test('a file of an earlier version goes on where it stopped', async () => {
  const earlier = readFileSync(new URL('./earlier-state.json', import.meta.url), 'utf8')
  const known = JSON.parse(earlier)
  const file = join(folder, 'earlier.json')
  writeFileSync(file, earlier)
  const now = known.paymentIntents[0].created + 60
  const server = await startSandbox({ stateFile: file, now: () => now * 1000 })
  const { stripe } = server
  const [customer, method, paid] = [known.customers[0].id, known.paymentMethods[0].id, known.paymentIntents[0]]
  const renewal = { ...PAYMENT, customer, payment_method: method, off_session: true }
  expect((await stripe.paymentIntents.create(renewal, { idempotencyKey: 'renewal-1' })).id).toBe(paid.id)
  expect((await stripe.paymentIntents.create(renewal)).status).toBe('succeeded')
  expect((await stripe.disputes.list({ payment_intent: paid.id })).data).toHaveLength(1)
  const form = new URLSearchParams({ number: '4242424242424242', expiry: '12/34', cvc: '123', name: 'Ann' })
  for (const { id, mode } of known.checkoutSessions) {
    const page = `${server.url}/stripe-sandbox/checkout/${id}`
    expect((await fetch(page, { method: 'POST', body: form, redirect: 'manual' })).status).toBe(303)
    const session = await stripe.checkout.sessions.retrieve(id, { expand: ['line_items'] })
    expect([session.status, session.payment_status]).toEqual([
      'complete',
      mode === 'setup' ? 'no_payment_required' : 'paid',
    ])
  }
  expect((await stripe.customers.listPaymentMethods(customer)).data).toHaveLength(3)
  expect(await stripe.customers.del(customer)).toMatchObject({ deleted: true })
  await server.stop()
})

test('a file that is not a state file is refused, not overwritten', () => {
  const file = join(folder, 'notes.txt')
  writeFileSync(file, 'my notes')
  expect(() => createStripeSandbox({ publicUrl: 'http://127.0.0.1:1', stateFile: file })).toThrow(SyntaxError)
})
