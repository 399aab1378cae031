import type { Bundle, RateCard, UsageBucket } from '@florin/sdk'
import { mockBillingState, mockChangePreview, mockRateCard } from '@florin/sdk/testing'

const METER = 'character_generation'
const flat = (amount: string) => ({ flat: { amount } })
const rate = (more: Partial<RateCard['usageRates'][number]> = {}) => ({
  code: METER,
  name: 'Characters',
  meter: METER,
  creditType: 'credits',
  creditCost: null,
  overage: 'BLOCK' as const,
  overagePrice: null,
  includedUnits: '0',
  ...more,
})
const allowance = (amount: string) => ({
  creditType: 'credits',
  amount,
  perQuantityOf: null,
  rollover: 'NONE' as const,
  rolloverCap: null,
  rolloverPeriods: null,
})
const bundle = (code: string, credits: string, amount: string, expiresAfterDays: number | null): Bundle => ({
  code,
  name: `${credits} credits`,
  creditType: 'credits',
  credits,
  price: { amount, currency: 'USD' },
  expiresAfterDays,
})
const fee = (amount: string) => [
  { code: 'base', name: 'Fee', price: flat(amount), defaultQuantity: 1, adjustable: false },
]
const feature = (name: string, value: string | number | null = null) => ({ feature: name, enabled: true, value })

const starter = mockRateCard({
  code: 'starter',
  name: 'Starter',
  description: 'For people who write every week.',
  fixedRates: fee('20.00'),
  usageRates: [rate()],
  allowances: [allowance('25')],
  features: [feature('export'), feature('projects', 5)],
})
const premium = mockRateCard({
  code: 'premium',
  name: 'Premium',
  description: 'For those who never want to stop.',
  fixedRates: fee('100.00'),
  usageRates: [rate({ overage: 'CHARGE', overagePrice: flat('0.90') })],
  allowances: [{ ...allowance('105'), rollover: 'FULL' }],
  features: [feature('export'), feature('projects', 'unlimited'), feature('priority_support')],
  trialDays: 14,
  bundles: [bundle('pack_50', '50', '40.00', 365), bundle('pack_200', '200', '140.00', null)],
})

export const plans = {
  free: mockRateCard({
    usageRates: [rate()],
    allowances: [allowance('5')],
    description: 'To see whether you like it.',
  }),
  starter,
  premium,
  yearly: { ...premium, code: 'premium_yearly', interval: 'YEAR' as const, fixedRates: fee('1000.00'), trialDays: 0 },
}
export const catalogue: RateCard[] = Object.values(plans)

const grant = (id: string, remaining: string, expiresAt: string | null) => ({
  id,
  wallet: { id: 'w', name: 'Main', creditType: 'credits', priority: 100, available: remaining, metadata: null },
  creditType: 'credits',
  kind: 'PREPAID' as const,
  amount: remaining,
  remaining,
  held: '0',
  frozen: '0',
  owed: '0',
  ended: null,
  priority: 100,
  effectiveAt: '2026-01-01T00:00:00Z',
  expiresAt,
  appliesTo: [],
  metadata: null,
})

const RESET = '2026-02-01T00:00:00Z'
const EXPIRY = '2026-01-25T00:00:00Z'

/** A customer of Premium with so many credits left. */
export const customer = (available: string, more: Parameters<typeof mockBillingState>[0] = {}) =>
  mockBillingState({
    at: '2026-01-18T12:00:00.000Z',
    subscriptions: [{ rateCard: premium }],
    paymentMethod: {
      id: 'pm_1',
      type: 'CARD',
      isDefault: true,
      brand: 'visa',
      last4: '4242',
      expMonth: 12,
      expYear: 2040,
    },
    balances: [
      {
        available,
        granted: '117',
        held: '2',
        resetsAt: RESET,
        nextExpiryAt: EXPIRY,
        grants: [grant('g1', '12', EXPIRY)],
      },
    ],
    meters: [{ meter: METER }],
    ...more,
  })

export const overdrawn = customer('0', {
  balances: [{ available: '0', granted: '105', used: '105', overage: '8', overageAllowed: true, resetsAt: RESET }],
})

/** On Free with two credits left, where what would help is on offer. */
export const refused = mockBillingState({
  subscriptions: [{ rateCard: plans.free }],
  balances: [{ available: '2', granted: '5', resetsAt: RESET }],
  meters: [
    {
      meter: METER,
      access: {
        remedies: [
          { __typename: 'RateCardRemedy', rateCard: starter },
          { __typename: 'RateCardRemedy', rateCard: premium },
          { __typename: 'BundleRemedy', bundle: bundle('pack_50', '50', '40.00', 365) },
        ],
      },
    },
  ],
})

export const pending = customer('64', {
  subscriptions: [{ rateCard: premium, pendingRateCard: starter }],
})

export const change = mockChangePreview({
  dueNow: { amount: '80.00', currency: 'USD' },
  nextRenewal: { amount: '100.00', currency: 'USD' },
  balancesBefore: [{ available: '22' }],
  balancesAfter: [{ available: '102' }],
})

const DAY_MS = 86_400_000
const USED = [3, 5, 0, 8, 13, 2, 0, 6, 9, 11, 4, 0, 0, 7, 12, 15, 6, 3, 1, 8, 10, 14, 18, 5, 0, 2, 7, 9, 12, 4]

export const usage: UsageBucket[] = USED.map((quantity, index) => {
  const start = Date.parse('2026-01-18T00:00:00.000Z') - (USED.length - 1 - index) * DAY_MS
  const [from, to] = [start, start + DAY_MS].map((instant) => new Date(instant).toISOString())
  return { start: from ?? '', end: to ?? '', quantity: String(quantity), credits: `${quantity}.5`, group: null }
})
