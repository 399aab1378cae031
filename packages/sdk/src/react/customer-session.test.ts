// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { customerToken, type Peer, startPeer } from '../../test-peer/peer.ts'
import { createCustomerSession } from './customer-session.ts'

const sessionOf = (peer: Peer, ...bearers: string[]) => {
  const [last] = bearers.slice(-1)
  return createCustomerSession({ url: peer.url, fetchToken: async () => bearers.shift() ?? last ?? '' })
}

const overlays = () => document.querySelectorAll('body > div')

test('a second click gets the checkout that is open; another one beside it is refused', async () => {
  const asked: unknown[] = []
  await using peer = await startPeer({
    createCheckoutSession: ({ input }: { input: object }) => {
      asked.push(input)
      return { token: 'cs_1', url: 'https://pay.example/cs_1', expiresAt: '2026-01-01T01:00:00Z' }
    },
  })
  const session = sessionOf(peer, customerToken('user_123'))

  const first = session.openCheckout({ rateCard: 'premium' })
  const second = session.openCheckout({ rateCard: 'premium' })
  await expect(session.openCheckout({ bundle: 'pack' })).rejects.toMatchObject({ code: 'CONFLICT' })
  await expect.poll(() => overlays().length).toBe(1)
  document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))

  expect(await Promise.all([first, second])).toEqual([{ outcome: 'canceled' }, { outcome: 'canceled' }])
  const { href } = location
  const checkout = { successUrl: href, cancelUrl: href }
  expect(asked).toEqual([{ customerId: 'user_123', rateCard: 'premium', checkout, idempotencyKey: expect.any(String) }])
})

test('what the customer already has is refused with the error of the API, and can be asked again', async () => {
  const conflict = Object.assign(new Error('You are on this plan'), { extensions: { code: 'CONFLICT' } })
  await using peer = await startPeer({ createCheckoutSession: () => conflict })
  const session = sessionOf(peer, customerToken('user_123'))

  for (const _attempt of [1, 2]) {
    await expect(session.openCheckout({ rateCard: 'free' })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'You are on this plan',
    })
  }
  expect(overlays()).toHaveLength(0)
})

test('a request whose token has expired is sent again with a new one, once', async () => {
  const [old, fresh] = [customerToken('user_123', { serial: 1 }), customerToken('user_123', { serial: 2 })]
  await using peer = await startPeer({ rateCards: () => [] })
  peer.refused.add(old)
  const { rateCards } = sessionOf(peer, old, fresh)
  rateCards.subscribe(() => {})
  await expect.poll(() => rateCards.getSnapshot().value).toEqual([])
  expect(peer.seen.http).toEqual([old, fresh])

  peer.refused.add(fresh)
  const refused = sessionOf(peer, old, fresh).rateCards
  refused.subscribe(() => {})
  await expect.poll(() => refused.getSnapshot().error?.code).toBe('UNAUTHENTICATED')
  expect(peer.seen.http).toHaveLength(4)
})
