import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSandbox, type TestServer } from './test-server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startSandbox()
})
afterAll(() => server.stop())

async function openSession(name = 'Premium', amount = 10_000, currency = 'usd') {
  const session = await server.stripe.checkout.sessions.create({
    mode: 'payment',
    line_items: [{ quantity: 2, price_data: { currency, unit_amount: amount, product_data: { name } } }],
    success_url: 'https://app.example/paid',
    cancel_url: 'https://app.example/"><script>',
  })
  return session.url ?? ''
}

function post(url: string, form: Record<string, string>) {
  return fetch(url, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' })
}

test('it shows lines, total, labelled fields, the way back and the test cards', async () => {
  const page = await (await fetch(await openSession())).text()
  for (const text of ['Test mode', 'Premium', '× 2', 'Pay $200.00', '>Back</a>', '4000 0027 6000 3184']) {
    expect(page).toContain(text)
  }
  for (const [field, label] of Object.entries({
    number: 'Card number',
    expiry: 'Expiry',
    cvc: 'CVC',
    name: 'Name on card',
  })) {
    expect(page).toContain(`<label for="${field}">${label}</label>`)
    expect(page).toContain(`id="${field}"`)
  }
})

test.each([
  [500, 'jpy', 'Pay ¥1,000'],
  [1_234, 'kwd', 'Pay KWD\u00a02.468'],
  [199, 'eur', 'Pay €3.98'],
])('2 × %d %s reads %s', async (amount, currency, text) => {
  expect(await (await fetch(await openSession('Credits', amount, currency))).text()).toContain(text)
})

test('everything that comes from outside is escaped', async () => {
  const url = await openSession('<script>alert(1)</script>')
  const answer = await post(url, { number: '1', expiry: '"><script>', cvc: '123', name: '\'"><script>' })
  const page = await answer.text()
  expect(page).not.toContain('<script>')
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  expect(page).toContain('value="&#39;&quot;&gt;&lt;script&gt;"')
})

test('it may be framed, runs no script and is not cached', async () => {
  const { headers } = await fetch(await openSession())
  expect(headers.get('x-frame-options')).toBeNull()
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/)
  expect(headers.get('content-security-policy')).not.toContain('frame-ancestors')
  expect(headers.get('cache-control')).toBe('no-store')
})

const GOOD = { number: '4242424242424242', expiry: '12/34', cvc: '123', name: 'Ann' }

test.each([
  ['number', '', 'Enter the card number.'],
  ['number', '4242424242424241', 'Your card number is incorrect.'],
  ['number', '4539578763621486', 'This is not a test card.'],
  ['expiry', 'soon', 'Enter the expiry date'],
  ['expiry', '13/34', 'expiration month is invalid'],
  ['expiry', '12/20', 'expiration year is invalid'],
  ['cvc', '', 'Enter the CVC'],
  ['cvc', '12', 'security code is invalid'],
  ['name', '', 'Enter the name on the card.'],
])('a wrong %s (%j) is named and linked: %s', async (field, value, message) => {
  const answer = await post(await openSession(), { ...GOOD, [field]: value })
  const page = await answer.text()
  expect(answer.status).toBe(422)
  expect(page).toContain('<title>Error: Checkout</title>')
  const [, summary] = /role="alert"[^>]*>(.*?)<\/div>/.exec(page) ?? []
  expect(summary).toContain(`<a href="#${field}">`)
  expect(summary).toContain(message)
  expect(page).toMatch(new RegExp(`id="${field}"[^>]* aria-invalid="true"`))
})

test('a test card fills the form in, keeps the name, and pays nothing', async () => {
  const page = await (await post(await openSession(), { fill: '378282246310005', name: 'Ann' })).text()
  expect(page).toContain('value="3782 822463 10005"')
  expect(page).toContain('value="1234"')
  expect(page).toContain('value="Ann"')
  expect(await server.eventTypes()).not.toContain('payment_intent.created')
})

test('a finished session says so and leads on', async () => {
  const url = await openSession()
  expect((await post(url, GOOD)).headers.get('location')).toBe('https://app.example/paid')
  const page = await (await fetch(url)).text()
  expect(page).toContain('This checkout is finished')
  expect(page).toContain('href="https://app.example/paid"')
})

test('unknown pages and sessions are 404', async () => {
  for (const path of ['checkout/cs_test_none', 'checkout', 'nothing/here', 'challenge/pi_none']) {
    expect((await fetch(`${server.url}/stripe-sandbox/${path}`)).status).toBe(404)
  }
})

test('a form over 1 MB is refused', async () => {
  const answer = await post(await openSession(), { name: 'x'.repeat(1_000_001) })
  expect(answer.status).toBe(413)
})
