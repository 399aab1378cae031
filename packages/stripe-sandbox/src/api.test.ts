import Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rejected, sdkFor, startSandbox, type TestServer } from './test-server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startSandbox()
})
afterAll(() => server.stop())

const KEY = { authorization: 'Bearer sk_test_florin' }

async function errorOf(path: string, init: RequestInit = {}) {
  const answer = await fetch(server.url + path, { headers: KEY, ...init })
  const { error } = (await answer.json()) as { error: { type: string; message: string; param?: string } }
  return { status: answer.status, ...error }
}

test.each([
  ['no key', {}],
  ['a live key', { authorization: 'Bearer sk_live_florin' }],
  ['a publishable key', { authorization: 'Bearer pk_test_florin' }],
])('%s is 401', async (_what, headers) => {
  const error = await errorOf('/v1/customers', { headers })
  expect(error).toMatchObject({ status: 401, type: 'invalid_request_error' })
  expect(error.message).not.toContain('live_florin')
})

test('a key may be given as user name, and can be the only one accepted', async () => {
  const authorization = `Basic ${Buffer.from('sk_test_florin:').toString('base64')}`
  expect((await fetch(`${server.url}/v1/customers`, { headers: { authorization } })).status).toBe(200)
  const strict = await startSandbox({ secretKey: 'sk_test_one' })
  expect((await strict.stripe.customers.list()).data).toEqual([])
  const other = sdkFor(Number(new URL(strict.url).port), 'sk_test_two')
  expect(await rejected(other.customers.list())).toBeInstanceOf(Stripe.errors.StripeAuthenticationError)
  await strict.stop()
})

test.each([
  ['GET', '/v1/unicorns'],
  ['PUT', '/v1/customers'],
  ['GET', '/v1/'],
])('%s %s is an unrecognized URL', async (method, path) => {
  const error = await errorOf(path, { method })
  expect([error.status, error.message.includes(`(${method}: ${path})`)]).toEqual([404, true])
})

test('a path that is not its own is left to the server it is mounted in', async () => {
  expect(await (await fetch(`${server.url}/graphql`)).text()).toBe('')
})

test('answers carry a request id and the version', async () => {
  const { headers } = (await server.stripe.customers.list()).lastResponse
  expect(headers['request-id']).toMatch(/^req_\w{14}$/)
  expect(headers['stripe-version']).toBe('2026-10-28.endive')
})

test.each([
  ['metadata[a][b]=1', 'metadata[a]'],
  ['email=', undefined],
  [`metadata[${'k'.repeat(41)}]=1`, 'metadata'],
  ['invoice_settings=1', 'invoice_settings'],
  ['invoice_settings[footer]=1', 'invoice_settings[footer]'],
  ['__proto__[a]=1', undefined],
])('customers.create with %s answers in shape', async (body, param) => {
  const answer = await fetch(`${server.url}/v1/customers`, { method: 'POST', headers: KEY, body })
  const { error } = (await answer.json()) as { error?: { param?: string } }
  expect([answer.status, error?.param]).toEqual([param ? 400 : 200, param])
})

test('a body over 1 MB is 413', async () => {
  const body = `name=${'x'.repeat(5_000_000)}`
  expect((await errorOf('/v1/customers', { method: 'POST', body })).status).toBe(413)
})

test('expand goes through lists and levels, and refuses what holds no id', async () => {
  const { stripe } = server
  const { id } = await stripe.customers.create({ name: 'Ann' })
  const intent = await stripe.paymentIntents.create({ amount: 500, currency: 'usd', customer: id })
  const list = await stripe.paymentIntents.list({ customer: id, expand: ['data.customer'] })
  expect(list.data[0]?.customer).toMatchObject({ name: 'Ann' })
  const error = await rejected(stripe.paymentIntents.retrieve(intent.id, { expand: ['amount'] }))
  expect(error).toMatchObject({ statusCode: 400, message: 'This property cannot be expanded (amount).' })
  expect((await stripe.paymentIntents.retrieve(intent.id, { expand: ['latest_charge'] })).latest_charge).toBeNull()
})

test('lists page forwards and backwards', async () => {
  const own = await startSandbox()
  const ids: string[] = []
  for (const name of ['a', 'b', 'c', 'd']) ids.unshift((await own.stripe.customers.create({ name })).id)
  const page = async (params: Stripe.CustomerListParams) => {
    const { data, has_more } = await own.stripe.customers.list(params)
    return [data.map((each) => ids.indexOf(each.id)), has_more]
  }
  expect(await page({ limit: 3 })).toEqual([[0, 1, 2], true])
  expect(await page({ limit: 3, starting_after: ids[2] as string })).toEqual([[3], false])
  expect(await page({ limit: 2, ending_before: ids[3] as string })).toEqual([[1, 2], true])
  expect(await rejected(own.stripe.customers.list({ limit: 101 }))).toMatchObject({ param: 'limit' })
  expect(await rejected(own.stripe.customers.list({ starting_after: 'cus_x' }))).toMatchObject({ statusCode: 400 })
  await own.stop()
})

test('a restricted test key is taken, a live one is not', async () => {
  const port = Number(new URL(server.url).port)
  expect((await sdkFor(port, 'rk_test_florin').customers.list()).data).toBeDefined()
  await expect(sdkFor(port, 'sk_live_florin').customers.list()).rejects.toMatchObject({ statusCode: 401 })
})
