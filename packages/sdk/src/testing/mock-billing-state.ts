import { compare, parseDecimal } from '../client/live/decimal.ts'
import type {
  AccessDecision,
  Balance,
  BillingState,
  Brand,
  FeatureState,
  MeterState,
  PaymentMethod,
  RateCard,
  RateCardChangePreview,
  SubscriptionState,
} from '../client/types.ts'

/** A billing state of which only what matters to a test is said. */
export type BillingStateParts = Omit<
  Partial<BillingState>,
  'balances' | 'meters' | 'features' | 'subscriptions' | 'paymentMethod'
> & {
  readonly paymentMethod?: Partial<PaymentMethod> | null
  readonly balances?: readonly Partial<Balance>[]
  readonly meters?: readonly (Partial<Omit<MeterState, 'access'>> & { readonly access?: Partial<AccessDecision> })[]
  readonly features?: readonly (Partial<FeatureState> & Pick<FeatureState, 'feature'>)[]
  readonly subscriptions?: readonly (Partial<Omit<SubscriptionState, 'rateCard'>> & {
    readonly rateCard?: Partial<RateCard>
  })[]
}

const START = '2026-01-01T00:00:00.000Z'
const END = '2026-02-01T00:00:00.000Z'

/**
 * A whole billing state from the parts that a test cares about. A meter without `access` is allowed while its credit
 * type has a credit `available`.
 */
export function mockBillingState(parts: BillingStateParts = {}): BillingState {
  const balances = (parts.balances ?? []).map(mockBalance)
  return {
    customerId: 'user_123',
    version: 1,
    at: START,
    holds: [],
    budgets: [],
    autoTopUps: [],
    alerts: [],
    commitments: [],
    spendLimit: null,
    overageSpend: [],
    accountCredit: null,
    actionUrl: null,
    ...parts,
    paymentMethod: parts.paymentMethod ? mockPaymentMethod(parts.paymentMethod) : null,
    balances,
    meters: (parts.meters ?? []).map((meter) => mockMeter(meter, balances)),
    features: (parts.features ?? []).map((feature) => ({ enabled: true, value: null, ...feature })),
    subscriptions: (parts.subscriptions ?? []).map(mockSubscription),
  }
}

const mockBalance = (parts: Partial<Balance>): Balance => ({
  creditType: 'credits',
  name: parts.creditType ?? 'Credits',
  precision: 0,
  available: '0',
  held: '0',
  frozen: '0',
  debt: '0',
  granted: parts.available ?? '0',
  used: '0',
  overage: '0',
  uncovered: '0',
  overageAllowed: false,
  resetsAt: null,
  nextExpiryAt: null,
  grants: [],
  ...parts,
})

function mockMeter(parts: NonNullable<BillingStateParts['meters']>[number], balances: Balance[]): MeterState {
  const creditType = parts.creditType ?? 'credits'
  const available = balances.find((balance) => balance.creditType === creditType)?.available ?? '0'
  return {
    meter: 'usage',
    name: parts.meter ?? 'Usage',
    groupBy: [],
    quantity: '0',
    payer: 'user_123',
    ...parts,
    creditType,
    access: mockAccess(available, parts.access),
  }
}

function mockAccess(available: string, parts: Partial<AccessDecision> = {}): AccessDecision {
  const covered = covers(parts.available ?? available, parts.cost ?? '1')
  const allowed = parts.allowed ?? covered
  return { allowed, reason: allowed ? 'COVERED' : 'INSUFFICIENT_CREDITS', cost: '1', available, remedies: [], ...parts }
}

/** Whether so many credits pay for it; what is no decimal pays for nothing. */
export function covers(available: string, cost: string): boolean {
  const [have, need] = [parseDecimal(available), parseDecimal(cost)]
  return have !== null && need !== null && compare(have, need) >= 0n
}

const mockSubscription = ({
  rateCard,
  ...parts
}: NonNullable<BillingStateParts['subscriptions']>[number]): SubscriptionState => ({
  id: 'sub_1',
  status: 'ACTIVE',
  previousPeriodStart: null,
  currentPeriodStart: START,
  currentPeriodEnd: END,
  trialEndsAt: null,
  cancelAtPeriodEnd: false,
  cancellation: null,
  pauseAtPeriodEnd: false,
  resumesAt: null,
  pendingRateCard: null,
  pendingQuantities: null,
  quantities: [],
  ...parts,
  rateCard: mockRateCard(rateCard),
})

/** A free monthly card with nothing on it but what is said. */
export const mockRateCard = (parts: Partial<RateCard> = {}): RateCard => ({
  code: 'free',
  version: 1,
  name: 'Free',
  description: null,
  public: true,
  interval: 'MONTH',
  currency: 'USD',
  fixedRates: [],
  usageRates: [],
  allowances: [],
  features: [],
  bundles: [],
  trialDays: 0,
  ...parts,
})

export type ChangePreviewParts = Omit<Partial<RateCardChangePreview>, 'balancesBefore' | 'balancesAfter'> & {
  readonly balancesBefore?: readonly Partial<Balance>[]
  readonly balancesAfter?: readonly Partial<Balance>[]
}

/** A change of card that costs nothing and brings nothing but what is said. */
export function mockChangePreview(parts: ChangePreviewParts = {}): RateCardChangePreview {
  const nothing = { amount: '0.00', currency: 'USD' }
  return {
    effectiveAt: START,
    dueNow: nothing,
    lines: [],
    nextRenewal: nothing,
    nextRenewalAt: END,
    ...parts,
    balancesBefore: (parts.balancesBefore ?? []).map(mockBalance),
    balancesAfter: (parts.balancesAfter ?? []).map(mockBalance),
  }
}

/** A project called "Acme" that has only chosen a name. */
export const mockBrand = (parts: Partial<Brand> = {}): Brand => ({
  name: 'Acme',
  logoUrl: null,
  color: '#0a6b4b',
  onColor: '#ffffff',
  colorOnLight: '#0a6b4b',
  colorOnDark: '#52d8a1',
  termsUrl: null,
  privacyUrl: null,
  supportUrl: null,
  supportEmail: null,
  ...parts,
})

/** A card on file that is charged by itself. */
export const mockPaymentMethod = (parts: Partial<PaymentMethod> = {}): PaymentMethod => ({
  id: 'pm_1',
  type: 'CARD',
  brand: 'visa',
  last4: '4242',
  expMonth: 12,
  expYear: 2040,
  isDefault: true,
  ...parts,
})
