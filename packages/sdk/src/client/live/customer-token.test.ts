import { expect, test } from 'vitest'
import { customerToken } from '../../../test-peer/peer.ts'
import { createCustomerTokens } from './customer-token.ts'

test('knows for whom the token is, in any script', async () => {
  const bearer = customerToken('usér_日本')
  expect(await createCustomerTokens(async () => bearer).get()).toMatchObject({ bearer, customerId: 'usér_日本' })
})

test('fetches once for all who ask, and again only when the token is about to expire', async () => {
  const lives = [3600, 5, 3600]
  let fetched = 0
  const tokens = createCustomerTokens(async () =>
    customerToken('user_123', { lives: lives[fetched++] ?? 0, serial: fetched }),
  )

  const [first, second] = await Promise.all([tokens.get(), tokens.get()])
  expect(second).toBe(first)
  expect(await tokens.get()).toBe(first)
  expect(fetched).toBe(1)

  tokens.forget(first.bearer)
  const shortLived = await tokens.get()
  expect(await tokens.get()).not.toBe(shortLived)
  expect(fetched).toBe(3)
})

test('forgets only the token that was refused', async () => {
  let fetched = 0
  const tokens = createCustomerTokens(async () => customerToken('user_123', { serial: fetched++ }))
  const first = await tokens.get()
  tokens.forget(first.bearer)
  const second = await tokens.get()

  tokens.forget(first.bearer)
  expect(await tokens.get()).toBe(second)
})

test.each(['sk_secret', 'ct_nonsense', 'ct_e30.e30.x', ''])('%s is no customer token', async (bearer) => {
  await expect(createCustomerTokens(async () => bearer).get()).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
    message: expect.stringContaining('createCustomerToken'),
  })
})

test('a token function that fails is tried again the next time', async () => {
  let fetched = 0
  const tokens = createCustomerTokens(async () => {
    if (fetched++ === 0) throw new Error('backend is away')
    return customerToken('user_123')
  })

  await expect(tokens.get()).rejects.toMatchObject({ code: 'UNAUTHENTICATED', message: /backend is away/ })
  expect(await tokens.get()).toMatchObject({ customerId: 'user_123' })
})
