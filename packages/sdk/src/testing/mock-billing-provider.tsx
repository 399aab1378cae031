import { type ReactNode, useMemo } from 'react'
import { formatDecimal, multiply, parseDecimal } from '../client/live/decimal.ts'
import { deriveDecision } from '../client/live/derive-decision.ts'
import type { LiveStatus } from '../client/live/live-billing-state.ts'
import { oneForEach, still } from '../client/live/stores.ts'
import type { AccessDecision, BillingState, RateCard, RateCardChangePreview } from '../client/types.ts'
import type { AskedUsage, BillingSession } from '../react/billing-session.ts'
import { BillingSessionProvider } from '../react/billing-session-provider.tsx'
import { covers, mockBillingState, mockChangePreview } from './mock-billing-state.ts'
import { type MockCheckout, mockCheckout } from './mock-checkout.ts'

export interface MockBillingProviderProps {
  /** What the hooks show; render again with another state to change it. Null: nothing has arrived yet. */
  readonly state?: BillingState | null
  readonly status?: LiveStatus
  readonly rateCards?: readonly RateCard[]
  /** What any change of card would do; one that costs nothing unless it is said. */
  readonly changePreview?: RateCardChangePreview
  /** To look at what was asked of `openCheckout`, or to choose its outcome. */
  readonly checkout?: MockCheckout
  readonly children?: ReactNode
}

/** In place of `<BillingProvider>` in tests and stories: all hooks work, nothing touches the network. */
export function MockBillingProvider({ children, ...parts }: MockBillingProviderProps) {
  const { state, status, rateCards, changePreview, checkout } = parts
  const session = useMemo(
    () => mockSession({ state, status, rateCards, changePreview, checkout }),
    [state, status, rateCards, changePreview, checkout],
  )
  return <BillingSessionProvider session={session}>{children}</BillingSessionProvider>
}

type MockedParts = {
  [Part in keyof Omit<MockBillingProviderProps, 'children'>]: MockBillingProviderProps[Part] | undefined
}

function mockSession({
  state = mockBillingState(),
  status = state ? 'live' : 'loading',
  rateCards = [],
  changePreview = mockChangePreview(),
  checkout = mockCheckout(),
}: MockedParts): BillingSession {
  const preview = still({ value: state && changePreview, error: null })
  return {
    live: still({ state, status, error: null }),
    rateCards: still({ value: [...rateCards], error: null }),
    decision: oneForEach((usage: AskedUsage) => still({ value: state && decide(state, usage), error: null })),
    changePreview: () => preview,
    openCheckout: checkout.openCheckout,
  }
}

/** As the API would with a flat price: the cost of one times the quantity, and the same remedies. */
function decide(state: BillingState, { meter, quantity }: AskedUsage): AccessDecision {
  const exact = deriveDecision(state, meter, quantity)
  if (exact) return exact
  const access = state.meters.find((candidate) => candidate.meter === meter)?.access
  if (!access) return { allowed: false, reason: 'NO_SUBSCRIPTION', cost: '0', available: '0', remedies: [] }
  const [unit, amount] = [parseDecimal(access.cost), parseDecimal(quantity)]
  const cost = unit && amount ? formatDecimal(multiply(unit, amount)) : access.cost
  if (access.reason !== 'COVERED' || covers(access.available, cost)) return { ...access, cost }
  return { ...access, cost, allowed: false, reason: 'INSUFFICIENT_CREDITS' }
}
