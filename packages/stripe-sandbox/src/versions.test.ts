import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSandbox, type TestServer } from './test-server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startSandbox()
})
afterAll(() => server.stop())

interface Body {
  readonly status: string
  readonly payment_method_types: readonly string[]
  readonly error: { readonly code: string; readonly message: string }
}

async function create(version: string | null, form: Record<string, string>) {
  const answer = await fetch(`${server.url}/v1/payment_intents`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer sk_test_florin',
      'content-type': 'application/x-www-form-urlencoded',
      ...(version !== null && { 'stripe-version': version }),
    },
    body: new URLSearchParams({ amount: '500', currency: 'usd', ...form }),
  })
  const body = (await answer.json()) as Body
  return { status: answer.status, version: answer.headers.get('stripe-version'), body }
}

const CARD = { 'payment_method_types[]': 'card' }
const PAID = { confirm: 'true', payment_method: 'pm_card_visa' }

describe('payment_method_types', () => {
  test('is refused by the current version', async () => {
    const { status, body } = await create('2026-10-28.endive', CARD)
    expect([status, body.error.code]).toEqual([400, 'payment_method_types_no_longer_supported'])
  })

  test.each(['2025-03-31.basil', '2022-11-15', null])('is taken by version %s', async (version) => {
    const { status, body } = await create(version, { ...CARD, ...PAID })
    expect([status, body.status, body.payment_method_types]).toEqual([200, 'succeeded', ['card']])
  })
})

test('a request without a version is read by that of an older account: by card, without a return URL', async () => {
  expect(await create(null, PAID)).toMatchObject({ status: 200, version: '2022-11-15', body: { status: 'succeeded' } })
  expect((await create('2023-08-16', PAID)).body.error.message).toContain('return_url')
})

test('a version that never was is refused', async () => {
  const { status, body } = await create('tomorrow', {})
  expect([status, body.error.message]).toEqual([400, 'Invalid Stripe API version: tomorrow'])
})
