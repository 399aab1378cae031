import { type ReactNode, useMemo } from 'react'
import { FlorinError } from '../client/errors.ts'
import { formatDecimal, multiply, parseDecimal } from '../client/live/decimal.ts'
import { deriveDecision } from '../client/live/derive-decision.ts'
import type { LiveStatus } from '../client/live/live-billing-state.ts'
import type { ListStore } from '../client/live/live-list.ts'
import type { LoadedStore } from '../client/live/load-once.ts'
import { oneForEach, still, stillLoaded } from '../client/live/stores.ts'
import type {
  AccessDecision,
  BillingDetails,
  BillingState,
  Brand,
  Grant,
  Invoice,
  LedgerEntry,
  Payment,
  PaymentMethod,
  RateCard,
  RateCardChangePreview,
  TaxRate,
  UsageBucket,
} from '../client/types.ts'
import type { BillingApi } from '../react/api/billing-api.ts'
import type { AskedUsage, BillingSession } from '../react/billing-session.ts'
import { BillingSessionProvider } from '../react/billing-session-provider.tsx'
import type { OpenPortal } from '../react/open-portal.ts'
import type { Answers, AskedUsageReport, Lists, Questions } from '../react/questions.ts'
import { type MockBillingApi, mockBillingApi } from './mock-billing-api.ts'
import { covers, mockBillingState, mockBrand, mockChangePreview } from './mock-billing-state.ts'
import { type MockCheckout, mockCheckout } from './mock-checkout.ts'

export interface MockBillingProviderProps {
  /** What the hooks show; render again with another state to change it. Null: nothing has arrived yet. */
  readonly state?: BillingState | null
  /** `signed-out`: no state, and whatever is asked for a customer is refused as a browser without a token would. */
  readonly status?: LiveStatus
  readonly rateCards?: readonly RateCard[]
  /** What any change of card would do; one that costs nothing unless it is said. */
  readonly changePreview?: RateCardChangePreview
  /** To look at what was asked of `openCheckout`, or to choose its outcome. */
  readonly checkout?: MockCheckout
  /** What `useBillingApi()` answers, and what was asked of it. */
  readonly api?: MockBillingApi
  /** To see that `openPortal` was called. */
  readonly openPortal?: OpenPortal
  /** What `useUsage` and the chart show, of any meter or span. */
  readonly usage?: readonly UsageBucket[] | ((asked: AskedUsageReport) => readonly UsageBucket[])
  readonly upcomingInvoice?: Invoice | null
  readonly brand?: Brand
  /** Nothing is known of the customer unless it is said. */
  readonly billingDetails?: BillingDetails
  /** None unless it is said. */
  readonly taxRate?: TaxRate | null
  readonly paymentMethods?: readonly PaymentMethod[]
  readonly invoices?: readonly Invoice[]
  readonly grants?: readonly Grant[]
  readonly payments?: readonly Payment[]
  readonly ledger?: readonly LedgerEntry[]
  readonly children?: ReactNode
}

/** In place of `<BillingProvider>` in tests and stories: all hooks work, nothing touches the network. */
export function MockBillingProvider({ children, ...parts }: MockBillingProviderProps) {
  // The session stays the same while none of the parts changes.
  const session = useMemo(
    () => (parts.status === 'signed-out' ? signedOutSession(parts) : mockSession(parts)),
    // biome-ignore lint/correctness/useExhaustiveDependencies: these are all that `parts` holds
    PARTS.map((part) => parts[part]),
  )
  return <BillingSessionProvider session={session}>{children}</BillingSessionProvider>
}

type MockedParts = Omit<MockBillingProviderProps, 'children'>

const PARTS = [
  'state',
  'status',
  'rateCards',
  'changePreview',
  'checkout',
  'api',
  'openPortal',
  'usage',
  'upcomingInvoice',
  'brand',
  'billingDetails',
  'taxRate',
  'paymentMethods',
  'invoices',
  'grants',
  'payments',
  'ledger',
] as const satisfies readonly (keyof MockedParts)[]

function mockSession(parts: MockedParts): BillingSession {
  const { state = mockBillingState(), rateCards = [], changePreview = mockChangePreview() } = parts
  const { status = state ? 'live' : 'loading', checkout = mockCheckout(), api = mockBillingApi() } = parts
  const known = <Value,>(value: Value) => stillLoaded(state ? value : undefined)
  const preview = known(changePreview)
  return {
    live: still({ state, status, error: null }),
    api: api.api,
    rateCards: stillLoaded([...rateCards]),
    decision: oneForEach((usage: AskedUsage) => stillLoaded(state ? decide(state, usage) : undefined)),
    changePreview: () => preview,
    ...mockQuestions(parts, known),
    openCheckout: checkout.openCheckout,
    openPortal: parts.openPortal ?? (async () => {}),
  }
}

function signedOutSession(parts: MockedParts): BillingSession {
  const error = new FlorinError('Sign in first', { code: 'SIGNED_OUT' })
  const refuse = () => Promise.reject(error)
  const session = mockSession({ ...parts, state: null })
  const undecided = { ...stillLoaded<AccessDecision>(undefined), ...still({ value: undefined, error }) }
  return {
    ...session,
    live: still({ state: null, status: 'signed-out', error }),
    api: Object.fromEntries(Object.keys(session.api).map((method) => [method, refuse])) as unknown as BillingApi,
    decision: () => undecided,
    openCheckout: refuse,
    openPortal: refuse,
  }
}

/** The given lists, whole, and the given answers, whatever is asked. */
function mockQuestions(parts: MockedParts, known: <Value>(value: Value) => LoadedStore<Value>): Questions {
  const { usage = [], upcomingInvoice = null, brand = mockBrand(), taxRate = null } = parts
  const { billingDetails = { name: null, email: null, address: null, taxId: null } } = parts
  const answer = oneForEach(({ name, asked }: { name: keyof Answers; asked: unknown }): LoadedStore<unknown> => {
    if (name === 'paymentMethods') return known(parts.paymentMethods ?? [])
    if (name === 'upcomingInvoice') return known(upcomingInvoice)
    return known(typeof usage === 'function' ? usage(asked as AskedUsageReport) : usage)
  })
  const list = oneForEach((name: keyof Lists) => ({
    ...known({ nodes: parts[name] ?? [], hasMore: false }),
    loadMore: () => Promise.resolve(),
  }))
  return {
    brand: known(brand),
    billingDetails: known(billingDetails),
    taxRate: known(taxRate),
    answer: (name, asked) => answer({ name, asked }) as LoadedStore<never>,
    list: (name) => list(name) as ListStore<never>,
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
