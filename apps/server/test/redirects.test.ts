import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dataOf, faultOf, upsertCustomer } from './calls.ts'
import { openBundleCheckout, URLS } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample } from './worked-example.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  await upsertCustomer(stack, 'ada')
  const document = `mutation ($origins: [String!]!) { setAllowedOrigins(origins: $origins) }`
  await dataOf(stack.query(document, { origins: ['https://app.example.com', 'https://shop.example.com:8443'] }))
})
afterAll(() => stack.close())

const OPEN = `mutation ($input: CheckoutSessionInput!) { createCheckoutSession(input: $input) { token } }`

const open = (urls: object) =>
  stack.query(OPEN, { input: { customerId: 'ada', bundle: 'pack-100', checkout: { ...URLS, ...urls } } })

const ELSEWHERE = [
  'javascript:alert(1)',
  'java\nscript:alert(1)',
  ' javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'blob:https://app.example.com/1',
  'file:///etc/passwd',
  '//evil.example/',
  '/\\evil.example/',
  'https:evil.example',
  'https://evil.example/',
  'https://app.example.com@evil.example/',
  'https://app.example.com:x@evil.example/',
  'https://someone@app.example.com/',
  'https://evil.example\\@app.example.com/',
  'https://evil.example#@app.example.com/',
  'https://evil.example?https://app.example.com/',
  'https://app.example.com.evil.example/',
  'https://evilapp.example.com/',
  'https://deep.app.example.com/',
  'https://app.example.com./',
  'https://app。example。com.evil.example/',
  'https://аpp.example.com/',
  'http://app.example.com/',
  'https://app.example.com:444/',
  'https://shop.example.com/',
  'http://localhost.evil.example/',
  'http://localhost./',
  'http://localhost@evil.example/',
  'http://2130706434/',
  'https://[::ffff:127.0.0.1]/',
  'nowhere',
  '',
]

describe('an address that leads elsewhere is refused, to succeed, to cancel and to return', () => {
  test.each(ELSEWHERE)('%j', async (url) => {
    expect(await faultOf(open({ successUrl: url }))).toBe('INVALID_INPUT checkout.successUrl')
    expect(await faultOf(open({ cancelUrl: url }))).toBe('INVALID_INPUT checkout.cancelUrl')
    const portal = `mutation ($url: String!) { createPortalSession(customerId: "ada", returnUrl: $url) { url } }`
    expect(await faultOf(stack.query(portal, { url }))).toBe('INVALID_INPUT returnUrl')
  })
})

test('what is no address and what leads elsewhere have each their remedy', async () => {
  for (const [successUrl, remedy] of [
    ['/billing', 'such as "https://app.example.com/billing"'],
    ['https://evil.example/', 'add it with setAllowedOrigins'],
  ] as const) {
    const { errors } = await open({ successUrl })
    expect(errors[0]?.message).toContain(remedy)
  }
})

// As the browser reads them, which is not always how they look: what is stored is the parsed address.
test.each([
  ['https://app.example.com/thanks?x=1#done', 'https://app.example.com/thanks?x=1#done'],
  ['https://APP.example.com:443/', 'https://app.example.com/'],
  ['https://app。example。com/', 'https://app.example.com/'],
  ['https:/\\app.example.com\\@evil.example/', 'https://app.example.com/@evil.example/'],
  ['https://app.example.com/%0d%0aSet-Cookie:x', 'https://app.example.com/%0d%0aSet-Cookie:x'],
  ['https://shop.example.com:8443/', 'https://shop.example.com:8443/'],
  ['http://127.1:3000/', 'http://127.0.0.1:3000/'],
])('%s leads to %s', async (url, stored) => {
  const token = await openBundleCheckout(stack, 'ada', { successUrl: url, cancelUrl: url })
  const document = `query ($token: String!) { checkout(token: $token) { successUrl cancelUrl } }`
  const { checkout } = await dataOf(stack.query<{ checkout: object }>(document, { token }, null))
  expect(checkout).toEqual({ successUrl: stored, cancelUrl: stored })
})

async function pageOf(token: string): Promise<{ policy: string; headers: Headers }> {
  const response = await fetch(`${stack.url}/checkout/${token}`)
  await response.body?.cancel()
  return { policy: response.headers.get('content-security-policy') ?? '', headers: response.headers }
}

test.each([
  'https://*',
  'https://*.example.com',
  'https://a;sandbox',
  'https://a,b.example',
  "https://'self'",
  'https://a&b',
])('an origin names one host: %s is none', async (origin) => {
  const document = `mutation ($origins: [String!]!) { setAllowedOrigins(origins: $origins) }`
  expect(await faultOf(stack.query(document, { origins: [origin] }))).toBe('INVALID_INPUT origins.0')
})

test('a checkout stands only in frames of the pages that it leads back to, while the project allows them', async () => {
  const urls = { successUrl: 'https://app.example.com/paid', cancelUrl: 'http://localhost:3000/plans' }
  const token = await openBundleCheckout(stack, 'ada', urls)
  const { policy, headers } = await pageOf(token)
  expect(policy).toMatch(/frame-ancestors 'self' https:\/\/app\.example\.com http:\/\/localhost:3000$/)
  expect(headers.get('referrer-policy')).toBe('no-referrer')
  expect(headers.get('cache-control')).toBe('no-store')

  const document = `mutation { setAllowedOrigins(origins: []) }`
  await dataOf(stack.query(document, {}))
  expect((await pageOf(token)).policy).toMatch(/frame-ancestors 'self' http:\/\/localhost:3000$/)
})

test('a token that Florin did not make for this session opens nothing, and its page stands in no frame', async () => {
  const token = await openBundleCheckout(stack, 'ada', URLS)
  const other = await openBundleCheckout(stack, 'ada', { ...URLS, successUrl: 'http://localhost:3000/other' })
  const [, id, signature] = token.split('_')
  const [, , foreign] = other.split('_')
  const [prefix = ''] = (signature as string).match(/^.{42}/) ?? []
  const last = (signature as string).at(-1) === 'A' ? 'E' : 'A'
  for (const forged of [`cs_${id}_${foreign}`, `cs_${id}_${prefix}${last}`, `inv_${id}_${signature}`, `cs_${id}_`]) {
    const document = `query ($token: String!) { checkout(token: $token) { status } }`
    expect((await stack.query(document, { token: forged }, null)).data).toEqual({ checkout: null })
    const pay = `mutation ($token: String!) { payCheckout(token: $token) { __typename } }`
    expect(await faultOf(stack.query(pay, { token: forged }, null))).toBe('NOT_FOUND token')
    const change = `mutation ($token: String!) { changeCheckout(token: $token, quantity: 2) { status } }`
    expect(await faultOf(stack.query(change, { token: forged }, null))).toBe('NOT_FOUND token')
    const confirm = `mutation ($token: String!) { confirmCheckout(token: $token) { status } }`
    expect(await faultOf(stack.query(confirm, { token: forged }, null))).toBe('NOT_FOUND token')
    expect((await pageOf(forged)).policy).toContain("frame-ancestors 'none'")
  }
})

test('a page is served with its policy, and nowhere without it', async () => {
  for (const path of ['index.html', 'portal.html', 'invoice.html', '', 'portal', 'INDEX.HTML', 'index%2ehtml']) {
    const response = await fetch(`${stack.url}/pages/${path}`)
    await response.body?.cancel()
    expect(response.status, path).toBe(404)
  }
  const page = await (await fetch(`${stack.url}/checkout/done`)).text()
  const [script = ''] = /\/pages\/assets\/[\w.-]+\.js/.exec(page) ?? []
  expect((await fetch(`${stack.url}${script}`)).headers.get('content-type')).toMatch(/javascript/)
})
