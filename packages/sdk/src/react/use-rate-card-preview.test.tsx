// @vitest-environment jsdom
import { act, cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { customerToken, type Peer, startPeer } from '../../test-peer/peer.ts'
import { mockBillingState, mockChangePreview } from '../testing/mock-billing-state.ts'
import { BillingProvider } from './billing-provider.tsx'
import type { AskedChange } from './billing-session.ts'
import { useRateCardPreview } from './use-rate-card-preview.ts'

afterEach(cleanup)

const TO_PREMIUM = { subscriptionId: 'sub_1', rateCard: 'premium' }
const token = async () => customerToken('user_123')
const stateOf = (version: number, cancelAtPeriodEnd = false) =>
  mockBillingState({ version, subscriptions: [{ id: 'sub_1', cancelAtPeriodEnd }] })

function Due({ change }: { change: AskedChange | null }) {
  const { preview, loading, error } = useRateCardPreview(change)
  const credits = preview?.balancesAfter.map(({ available }) => available)
  return <p>{`${loading ? 'loading' : 'still'}: ${preview?.dueNow.amount} for ${credits}, ${error?.code}`}</p>
}

const app = (peer: Peer, change: AskedChange | null, shown = true) => (
  <BillingProvider url={peer.url} token={token}>
    {shown && <Due change={change && { ...change }} />}
    {shown && <Due change={change && { ...change }} />}
  </BillingProvider>
)

/** A peer that is asked about changes, and says 80.00 for what is available. */
async function startAsked() {
  const asked: unknown[] = []
  const answer = { available: '105', fault: null as Error | null }
  const peer = await startPeer({
    previewRateCardChange: ({ input }: { input: object }) => {
      asked.push(input)
      const { available, fault } = answer
      if (fault) return fault
      return mockChangePreview({ dueNow: { amount: '80.00', currency: 'USD' }, balancesAfter: [{ available }] })
    },
  })
  peer.publish(stateOf(1))
  return { peer, asked, answer }
}

test('asks nothing for null, then once for all components, and again when a subscription changes', async () => {
  const { peer, asked, answer } = await startAsked()
  await using _ = peer
  const { rerender } = render(app(peer, null))
  expect(screen.getAllByText('still: undefined for undefined, undefined')).toHaveLength(2)

  rerender(app(peer, TO_PREMIUM))
  expect(screen.getAllByText('loading: undefined for undefined, undefined')).toHaveLength(2)
  expect(await screen.findAllByText('still: 80.00 for 105, undefined')).toHaveLength(2)
  expect(asked).toEqual([{ ...TO_PREMIUM, behavior: 'RATE_DIFFERENCE' }])

  answer.available = '102'
  act(() => peer.publish(stateOf(2, true)))
  await screen.findAllByText('still: 80.00 for 102, undefined')
  expect(asked).toHaveLength(2)
})

test('says why a change can no longer be made, and leaves what was known', async () => {
  const { peer, answer } = await startAsked()
  await using _ = peer
  render(app(peer, TO_PREMIUM))
  await screen.findAllByText('still: 80.00 for 105, undefined')

  answer.fault = Object.assign(new Error('on this card already'), { extensions: { code: 'CONFLICT' } })
  act(() => peer.publish(stateOf(2, true)))
  await screen.findAllByText('still: 80.00 for 105, CONFLICT')
})

test('is asked anew by whoever looks again: time moves what a change costs', async () => {
  const { peer, asked, answer } = await startAsked()
  await using _ = peer
  const { rerender } = render(app(peer, TO_PREMIUM))
  await screen.findAllByText('still: 80.00 for 105, undefined')
  rerender(app(peer, TO_PREMIUM, false))

  answer.available = '104'
  rerender(app(peer, TO_PREMIUM))
  await screen.findAllByText('still: 80.00 for 104, undefined')
  expect(asked).toHaveLength(2)
})
