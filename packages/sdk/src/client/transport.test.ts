import { describe, expect, test } from 'vitest'
import { startPeer } from '../../test-peer/peer.ts'
import { createFlorin } from './create-florin.ts'
import { FlorinConnectionError, FlorinError } from './errors.ts'

const grant = { customerId: 'user_123', creditType: 'credits', amount: '5', idempotencyKey: 'welcome' }
const granted = () => ({
  id: 'grant_1',
  wallet: { id: 'wallet_1', name: 'Main', creditType: 'credits', priority: 100, available: '5' },
  creditType: 'credits',
  kind: 'PROMOTIONAL',
  amount: '5',
  remaining: '5',
  held: '0',
  frozen: '0',
  owed: '0',
  priority: 100,
  effectiveAt: '2026-01-01T00:00:00Z',
  appliesTo: [],
})

/** What the call was rejected with. */
const failureOf = (call: Promise<unknown>): Promise<FlorinError> =>
  call.then(
    () => {
      throw new Error('expected a rejection')
    },
    (error: FlorinError) => error,
  )

describe('a lost answer', () => {
  test.each(['drop', 502] as const)('of a read is asked for again (%s)', async (accident) => {
    await using peer = await startPeer({ clock: () => '2026-01-01T00:00:00Z' })
    peer.accidents.push(accident, accident)
    const florin = createFlorin({ url: peer.url, secretKey: 'sk_test' })

    expect(await florin.clock()).toBe('2026-01-01T00:00:00Z')
    expect(peer.seen.http).toEqual(['sk_test', 'sk_test', 'sk_test'])
  })

  test('of a mutation with an idempotency key is asked for again', async () => {
    await using peer = await startPeer({ grantCredits: granted })
    peer.accidents.push('drop')
    const florin = createFlorin({ url: peer.url, secretKey: 'sk_test' })

    expect(await florin.grantCredits(grant)).toMatchObject({ id: 'grant_1', amount: '5' })
    expect(peer.seen.http).toHaveLength(2)
  })

  test('of a mutation without a key is not: its outcome is unknown', async () => {
    await using peer = await startPeer()
    peer.accidents.push('drop')
    const florin = createFlorin({ url: peer.url, secretKey: 'sk_test' })

    const failure = await failureOf(florin.upsertCustomer({ id: 'user_123' }))
    expect(failure).toBeInstanceOf(FlorinConnectionError)
    expect(failure).toMatchObject({ code: 'CONNECTION_FAILED', retryable: false })
    expect(peer.seen.http).toHaveLength(1)
  })

  test('is given up after three attempts', async () => {
    await using peer = await startPeer()
    peer.accidents.push(502, 502, 502, 502)
    const florin = createFlorin({ url: peer.url, secretKey: 'sk_test' })

    expect(await failureOf(florin.clock())).toMatchObject({ code: 'CONNECTION_FAILED', retryable: true })
    expect(peer.seen.http).toHaveLength(3)
  })

  test('is given up when it takes too long', async () => {
    await using peer = await startPeer()
    peer.accidents.push('hang')
    const florin = createFlorin({ url: peer.url, secretKey: 'sk_test', timeoutMs: 50 })

    const failure = await failureOf(florin.upsertCustomer({ id: 'user_123' }))
    expect(failure).toMatchObject({ name: 'FlorinConnectionError', code: 'TIMED_OUT', retryable: false })
  })

  test('has the time that its call gives it', async () => {
    await using peer = await startPeer()
    peer.accidents.push('hang')
    const florin = createFlorin({ url: peer.url, secretKey: 'sk_test' })

    const call = florin.request('mutation { revokeCustomerTokens(customerId: "user_123") }', {}, { timeoutMs: 50 })
    expect(await failureOf(call)).toMatchObject({ code: 'TIMED_OUT', message: expect.stringContaining('50 ms') })
  })
})

describe('advanceClock', () => {
  const to = '2027-01-01T00:00:00Z'

  test('has more time than other calls of its client', async () => {
    await using peer = await startPeer({
      advanceClock: () => new Promise((answer) => setTimeout(() => answer(to), 100)),
    })
    const florin = createFlorin({ url: peer.url, secretKey: 'sk_test', timeoutMs: 50 })
    expect(await florin.advanceClock(to)).toBe(to)
  })

  test('is not sent again while the server may be at it', async () => {
    await using peer = await startPeer()
    peer.accidents.push('hang')
    const florin = createFlorin({ url: peer.url, secretKey: 'sk_test' })
    // Long enough for a busy machine to send it.
    const failure = await failureOf(florin.advanceClock(to, { timeoutMs: 1_000 }))
    expect(failure).toMatchObject({ code: 'TIMED_OUT', retryable: false })
    expect(peer.seen.http).toHaveLength(1)
  })
})

describe('a fault of the API', () => {
  test('is a FlorinError with its code, field and request', async () => {
    await using peer = await startPeer()
    const florin = createFlorin({ url: peer.url, secretKey: 'sk_test' })

    const failure = await failureOf(florin.request('{ nonsense }', {}))
    expect(failure).toBeInstanceOf(FlorinError)
    expect(failure).toMatchObject({ code: 'INTERNAL', requestId: 'req_1' })
  })

  test('names the input at fault', async () => {
    const fault = Object.assign(new Error('not a decimal'), {
      extensions: { code: 'INVALID_INPUT', field: 'input.amount' },
    })
    await using peer = await startPeer({ grantCredits: () => fault })
    const florin = createFlorin({ url: peer.url, secretKey: 'sk_test' })

    const failure = await failureOf(florin.grantCredits({ ...grant, amount: 'five' }))
    expect(failure).toMatchObject({ code: 'INVALID_INPUT', field: 'input.amount', retryable: false })
    expect(peer.seen.http).toHaveLength(1)
  })
})

test.each([Number.NaN, Number.POSITIVE_INFINITY])(
  '%s is refused before it is sent, where JSON would say null',
  async (quantity) => {
    await using peer = await startPeer()
    const florin = createFlorin({ url: peer.url, secretKey: 'sk_test' })

    const call = florin.consume({
      customerId: 'user_123',
      meter: 'character_generation',
      quantity,
      idempotencyKey: 'k',
    })
    expect(await failureOf(call)).toMatchObject({ code: 'INVALID_INPUT', field: 'quantity', retryable: false })
    expect(peer.seen.http).toEqual([])
  },
)

test('a backend needs a secret key', () => {
  expect(() => createFlorin({ url: 'http://127.0.0.1:1/graphql', secretKey: 'ct_browser' })).toThrow(/sk_/)
})

test.each([undefined, '', '127.0.0.1:4000/graphql'])('a backend needs an address: not %s', (url) => {
  const create = () => createFlorin({ url: url as string, secretKey: 'sk_test_key' })
  expect(create).toThrow(expect.objectContaining({ code: 'INVALID_INPUT', field: 'url' }))
})
