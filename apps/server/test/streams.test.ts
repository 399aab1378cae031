import { afterAll, beforeAll, expect, test } from 'vitest'
import { signCustomerToken } from '../src/modules/accounts/customer-token.ts'
import { atOnce } from './at-once.ts'
import { customerToken, dataOf, upsertCustomer } from './calls.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample } from './worked-example.ts'

// What a credential opened over HTTP and stays open is no way around what sockets may not.

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())

interface Stream {
  readonly status: number
  /** Resolves once the server has ended it. */
  readonly ended: Promise<void>
  leave(): void
}

async function watch(customerId: string, authorization: string): Promise<Stream> {
  const leaving = new AbortController()
  const response = await fetch(stack.graphqlUrl, {
    method: 'POST',
    signal: leaving.signal,
    headers: { accept: 'text/event-stream', 'content-type': 'application/json', authorization },
    body: JSON.stringify({ query: `subscription { billingState(customerId: "${customerId}") { version } }` }),
  })
  const ended = response.text().then(
    () => {},
    () => {},
  )
  return { status: response.status, ended, leave: () => leaving.abort() }
}

test('a stream ends when its token is revoked', async () => {
  await upsertCustomer(stack, 'revoked')
  const stream = await watch('revoked', await customerToken(stack, 'revoked'))
  expect(stream.status).toBe(200)
  await dataOf(stack.query(`mutation { revokeCustomerTokens(customerId: "revoked") }`))
  await stream.ended
})

test('a stream ends with its token', async () => {
  await upsertCustomer(stack, 'short')
  const { token } = await signCustomerToken(stack.project, 'short', 3)
  await (await watch('short', `Bearer ${token}`)).ended
})

test('a customer has 50 streams at most, and another one is none the worse for it', async () => {
  await upsertCustomer(stack, 'many')
  await upsertCustomer(stack, 'one')
  const token = await customerToken(stack, 'many')
  const streams = await atOnce(60, () => watch('many', token))
  expect(streams.filter(({ status }) => status === 200)).toHaveLength(50)
  expect(streams.filter(({ status }) => status === 429)).toHaveLength(10)
  const other = await watch('one', await customerToken(stack, 'one'))
  expect(other.status).toBe(200)
  for (const { leave } of [...streams, other]) leave()
  // Those who leave make room.
  await expect.poll(async () => (await watch('many', token)).status).toBe(200)
})
