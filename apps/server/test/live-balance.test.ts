import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import WebSocket from 'ws'
import { signCustomerToken } from '../src/modules/accounts/customer-token.ts'
import { atOnce, tally, until } from './at-once.ts'
import { billingState, consume, customerToken, dataOf, faultOf, grantCredits } from './calls.ts'
import { type Peer, type Stack, startStack } from './stack.ts'
import { closeCodeOf, socketUrl, watchBillingState } from './watch-billing-state.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

let stack: Stack
let other: Peer

beforeAll(async () => {
  stack = await startStack({ redisUrl: inject('redisUrl') })
  await publishWorkedExample(stack)
  other = await stack.addPeer()
})
afterAll(() => stack.close())

test('a subscription sends the current state at once, then what a change through another process made of it', async () => {
  const customerId = await signUp(stack, 'live')
  const watcher = watchBillingState(other, customerId, await customerToken(stack, customerId))
  const [first] = await until(
    () => watcher.states,
    (states) => states.length > 0,
  )
  expect(first?.balances).toMatchObject([{ available: '5' }])
  await consume(stack, { customerId, idempotencyKey: 'one' })
  const newest = await until(
    () => watcher.newest(),
    (state) => state?.balances[0]?.available === '4',
  )
  expect(newest).toEqual(await billingState(stack, customerId))
  watcher.close()
})

test('a burst arrives merged, in order, and ends with the last state', async () => {
  const customerId = await signUp(stack, 'burst', 'prepaid')
  await grantCredits(stack, { customerId, amount: '1000', idempotencyKey: 'start' })
  const watcher = watchBillingState(other, customerId, await customerToken(stack, customerId))
  await until(
    () => watcher.states,
    (states) => states.length > 0,
  )
  await atOnce(300, (index) => consume(stack, { customerId, idempotencyKey: `${index}` }))
  await until(
    () => watcher.newest()?.balances[0]?.available,
    (available) => available === '700',
  )
  const versions = watcher.states.map(({ version }) => version)
  expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b))
  expect(versions.length).toBeLessThan(150)
  watcher.close()
})

test('L05 a socket is closed with 4403 when its token expires, and shows nothing that happens after', async () => {
  const customerId = await signUp(stack, 'l05')
  // The API gives no token a life below 30 seconds; a test has no patience for that.
  const { token } = await signCustomerToken(stack.project, customerId, 6)
  const watcher = watchBillingState(stack, customerId, `Bearer ${token}`)
  await until(
    () => watcher.states,
    (states) => states.length === 1,
  )
  await until(
    () => watcher.closes,
    (closes) => closes.length > 0,
  )
  expect(watcher.closes).toEqual([4403])
  const seen = watcher.states.length
  await consume(stack, { customerId, idempotencyKey: 'after' })
  await sleep(200)
  expect(watcher.states).toHaveLength(seen)
  expect(await closeCodeOf(stack, { authorization: `Bearer ${token}` })).toBe(4403)
  watcher.close()
})

test('L06 a revoked token ends its socket with 4403 and opens no other, while a new one does', async () => {
  const customerId = await signUp(stack, 'l06')
  const authorization = await customerToken(stack, customerId)
  const watcher = watchBillingState(other, customerId, authorization)
  await until(
    () => watcher.states,
    (states) => states.length === 1,
  )
  const document = `mutation ($customerId: ID!) { revokeCustomerTokens(customerId: $customerId) }`
  const { revokeCustomerTokens } = await dataOf(stack.query<{ revokeCustomerTokens: string }>(document, { customerId }))
  await until(
    () => watcher.closes,
    (closes) => closes.length > 0,
  )
  expect(watcher.closes).toEqual([4403])
  expect(await closeCodeOf(other, { authorization })).toBe(4403)
  const read = `query ($customerId: ID!) { billingState(customerId: $customerId) { version } }`
  expect(await faultOf(other.query(read, { customerId }, authorization))).toBe('UNAUTHENTICATED')
  await until(
    () => Date.now(),
    (now) => now >= Date.parse(revokeCustomerTokens),
  )
  const renewed = watchBillingState(other, customerId, await customerToken(stack, customerId))
  await until(
    () => renewed.states,
    (states) => states.length === 1,
  )
  watcher.close()
  renewed.close()
})

test('L07 the 21st subscription on a socket is refused and the others live; who goes on asking is cut off', async () => {
  const customerId = await signUp(stack, 'l07')
  const first = watchBillingState(stack, customerId, await customerToken(stack, customerId))
  const all = [first, ...Array.from({ length: 20 }, () => first.again(customerId))]
  const answered = () =>
    all.map(({ states, failures }) => failures[0]?.code ?? (states.length > 0 ? 'live' : 'waiting'))
  await until(answered, (answers) => !answers.includes('waiting'))
  expect(tally(answered())).toEqual({ live: 20, RATE_LIMITED: 1 })
  await consume(stack, { customerId, idempotencyKey: 'one' })
  const live = all.filter(({ failures }) => failures.length === 0)
  await until(
    () => live.map((watcher) => watcher.newest()?.balances[0]?.available),
    (credits) => credits.every((credit) => credit === '4'),
  )
  expect(first.closes).toEqual([])

  for (let index = 0; index < 200; index++) first.again(customerId)
  await until(
    () => first.closes,
    (closes) => closes.length > 0,
  )
  expect(first.closes).toEqual([4429])
  first.close()
})

test('a subscription that ends makes room for another', async () => {
  const customerId = await signUp(stack, 'room')
  const authorization = await customerToken(stack, customerId)
  const socket = new WebSocket(socketUrl(stack), 'graphql-transport-ws')
  const received: { id?: string; type: string }[] = []
  socket.on('message', (data) => received.push(JSON.parse(String(data)) as { type: string }))
  await new Promise((resolve) => socket.once('open', resolve))
  const send = (message: object) => socket.send(JSON.stringify(message))
  send({ type: 'connection_init', payload: { authorization } })
  await until(
    () => received,
    (messages) => messages.some(({ type }) => type === 'connection_ack'),
  )
  const query = `subscription { billingState(customerId: "${customerId}") { version } }`
  for (let id = 0; id < 50; id++) {
    send({ type: 'subscribe', id: `${id}`, payload: { query } })
    await until(
      () => received,
      (messages) => messages.some((message) => message.id === `${id}`),
    )
    send({ type: 'complete', id: `${id}` })
  }
  expect(tally(received.map(({ type }) => type))).toEqual({ connection_ack: 1, next: 50 })
  socket.close()
})

test('L12 a socket of another site that brings cookies is refused; a bearer alone opens one from anywhere', async () => {
  const customerId = await signUp(stack, 'l12')
  const authorization = await customerToken(stack, customerId)
  const origin = 'https://evil.example'
  const cookie = 'session=1'
  expect(await closeCodeOf(stack, { authorization }, { origin, cookie })).toBe(403)
  expect(await closeCodeOf(stack, { authorization }, { origin: 'null', cookie })).toBe(403)
  expect(await closeCodeOf(stack, undefined, { origin, cookie })).toBe(403)
  expect(await closeCodeOf(stack, undefined, { origin })).toBe(4401)
  expect(await closeCodeOf(stack, { authorization }, { origin })).toBe(1000)
  expect(await closeCodeOf(stack, { authorization }, { origin: 'null' })).toBe(1000)
  expect(await closeCodeOf(stack, { authorization }, { origin: stack.url, cookie })).toBe(1000)
})

test.each([
  ['no credentials', undefined, 4401],
  ['a credential that is no text', { authorization: 5 }, 4401],
  ['an unknown key', { authorization: 'Bearer sk_test_unknown' }, 4401],
  ['a forged token', { authorization: 'Bearer ct_e30.e30.e30' }, 4401],
])('a socket with %s is closed with its code', async (_, connectionParams, code) => {
  expect(await closeCodeOf(stack, connectionParams)).toBe(code)
})

test('a token follows its own customer only, and a customer who is not there is NOT_FOUND', async () => {
  const [mine, theirs] = [await signUp(stack, 'mine'), await signUp(stack, 'theirs')]
  const watcher = watchBillingState(stack, theirs, await customerToken(stack, mine))
  await until(
    () => watcher.failures,
    (failures) => failures.length > 0,
  )
  expect(watcher.failures).toEqual([{ code: 'FORBIDDEN' }])
  expect(watcher.states).toEqual([])
  const nobody = watchBillingState(stack, 'nobody', `Bearer ${stack.secretKey}`)
  await until(
    () => nobody.failures,
    (failures) => failures.length > 0,
  )
  expect(nobody.failures).toEqual([{ code: 'NOT_FOUND' }])
  watcher.close()
  nobody.close()
})
