// @vitest-environment jsdom
import { act, cleanup, render, renderHook, screen } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, expect, test } from 'vitest'
import { customerToken, type Peer, startPeer } from '../../test-peer/peer.ts'
import { mockBillingState } from '../testing/mock-billing-state.ts'
import { BillingProvider } from './billing-provider.tsx'
import { useBillingApi } from './use-billing-api.ts'
import { useLedger } from './use-ledger.ts'
import { useUpcomingInvoice } from './use-upcoming-invoice.ts'
import { useUsage } from './use-usage.ts'

afterEach(cleanup)

const token = async () => customerToken('user_123')
const within = (peer: Peer) => ({
  wrapper: ({ children }: { children: ReactNode }) => (
    <BillingProvider url={peer.url} token={token}>
      {children}
    </BillingProvider>
  ),
})
const SPAN = { from: '2026-01-01T00:00:00.000Z', to: '2026-01-02T00:00:00.000Z' }
const bucket = (quantity: string) => ({ start: SPAN.from, end: SPAN.to, quantity, credits: quantity, group: null })

function Used() {
  const { value, loading } = useUsage({ meter: 'tokens', ...SPAN })
  return <p>{loading ? 'loading' : `used ${value?.[0]?.quantity}`}</p>
}

test('usage is asked once for all components, follows the live state, and stays while it is asked again', async () => {
  let used = '3'
  const asked: unknown[] = []
  await using peer = await startPeer({
    usage: (report: object) => {
      asked.push(report)
      return [bucket(used)]
    },
  })
  peer.publish(mockBillingState({ version: 1 }))
  render(
    <>
      <Used />
      <Used />
    </>,
    within(peer),
  )
  expect(screen.getAllByText('loading')).toHaveLength(2)
  expect(await screen.findAllByText('used 3')).toHaveLength(2)
  expect(asked).toEqual([{ customerId: 'user_123', meter: 'tokens', granularity: 'DAY', ...SPAN }])

  used = '4'
  act(() => peer.publish(mockBillingState({ version: 2 })))
  expect(screen.getAllByText('used 3')).toHaveLength(2)
  expect(await screen.findAllByText('used 4')).toHaveLength(2)
  expect(asked).toHaveLength(2)
})

test('nothing is an answer too, and no subscription no question', async () => {
  await using peer = await startPeer({ upcomingInvoice: () => null })
  peer.publish(mockBillingState())
  const { result } = renderHook(() => [useUpcomingInvoice('sub_1'), useUpcomingInvoice(null)] as const, within(peer))
  expect(result.current.map(({ loading }) => loading)).toEqual([true, false])
  await expect.poll(() => result.current[0].value).toBeNull()
  expect(result.current.map(({ loading }) => loading)).toEqual([false, false])
})

test('a list that fails says so, and can be asked again', async () => {
  let away = true
  const nodes = [{ id: 'le_1', creditType: 'credits', grantId: null, kind: 'GRANT', amount: '5', availableAfter: '5' }]
  const at = { version: 1, effectiveAt: SPAN.from, createdAt: SPAN.from, cause: {} }
  await using peer = await startPeer({
    ledger: () => {
      if (away) return Object.assign(new Error('too fast'), { extensions: { code: 'RATE_LIMITED' } })
      return { nodes: nodes.map((node) => ({ ...node, ...at })), pageInfo: { endCursor: null, hasNextPage: false } }
    },
  })
  peer.publish(mockBillingState())
  const { result } = renderHook(() => useLedger(), within(peer))
  await expect.poll(() => result.current.error?.code).toBe('RATE_LIMITED')
  expect(result.current).toMatchObject({ value: undefined, loading: false })

  away = false
  await act(() => result.current.reload())
  expect(result.current).toMatchObject({ value: [{ id: 'le_1' }], error: undefined, hasMore: false })
})

test('the API fills in the customer and the key, and a key that the caller has goes before', async () => {
  const asked: { idempotencyKey: string }[] = []
  await using peer = await startPeer({
    purchaseBundle: ({ input }: { input: { idempotencyKey: string } }) => {
      asked.push(input)
      return { __typename: 'PaymentFailed', code: 'card_declined', message: 'Declined' }
    },
  })
  const { result } = renderHook(useBillingApi, within(peer))
  const bought = await result.current.purchaseBundle({ bundle: 'pack' })
  expect(bought).toEqual({ __typename: 'PaymentFailed', code: 'card_declined', message: 'Declined' })
  await result.current.purchaseBundle({ bundle: 'pack', idempotencyKey: 'form 7' })

  const checkout = { successUrl: location.href, cancelUrl: location.href }
  const input = { customerId: 'user_123', bundle: 'pack', quantity: 1, checkout }
  expect(asked).toEqual([
    { ...input, idempotencyKey: expect.stringMatching(/^[0-9a-f]{32}$/) },
    { ...input, idempotencyKey: 'form 7' },
  ])
})
