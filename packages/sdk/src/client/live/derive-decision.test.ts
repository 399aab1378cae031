import { expect, test } from 'vitest'
import { type BillingStateParts, mockBillingState, mockRateCard } from '../../testing/mock-billing-state.ts'
import type { AccessDecision, UsageRate } from '../types.ts'
import { deriveDecision } from './derive-decision.ts'

const METER = 'character_generation'
const rate = (creditCost: unknown): UsageRate => ({
  code: METER,
  name: 'Character generation',
  meter: METER,
  creditType: 'credits',
  creditCost,
  overage: 'BLOCK',
  overagePrice: null,
  includedUnits: '0',
})

/** A customer with 5 credits on a card with this price. */
const customer = (creditCost: unknown, access: Partial<AccessDecision> = {}, parts: BillingStateParts = {}) =>
  mockBillingState({
    balances: [{ available: '5' }],
    meters: [{ meter: METER, access }],
    subscriptions: [{ rateCard: mockRateCard({ usageRates: [rate(creditCost)] }) }],
    ...parts,
  })

const flat = (amount: string) => ({ flat: { amount } })
const covered = (cost: string) => ({ allowed: true, reason: 'COVERED', cost, available: '5', remedies: [] })

test.each([
  ['a price of one credit a unit', null, '1', 3, covered('3')],
  ['all that there is', null, '1', '5', covered('5')],
  ['a flat price', flat('0.25'), '0.25', '10', covered('2.5')],
  ['nothing', flat('2'), '2', 0, covered('0')],
])('%s is decided from the state', (_, creditCost, unit, quantity, decision) => {
  expect(deriveDecision(customer(creditCost, { cost: unit }), METER, quantity)).toEqual(decision)
})

test('quantity 1 is the decision that the state carries, refusals included', () => {
  const refused = { allowed: false, reason: 'PAYMENT_PAST_DUE' } as const
  const state = customer({ graduated: {} }, refused)
  expect(deriveDecision(state, METER, '1.0')).toBe(state.meters[0]?.access)
})

test.each<[string, ReturnType<typeof customer>, string | number]>([
  ['more than there is', customer(null), 6],
  ['tiers', customer({ graduated: { tiers: [] } }), 3],
  ['packages', customer({ package: { amount: '1', units: '1000' } }), 3],
  ['overage', customer(null, { reason: 'OVERAGE' }), 3],
  ['a maximum that is already above it', customer(null, { cost: '0' }), 3],
  ['no decimal', customer(null), 1e21],
  ['a negative quantity', customer(null), -2],
  ['a meter on no card', customer(null, {}, { meters: [] }), 1],
  ['a meter whose price is unknown', customer(null, {}, { subscriptions: [] }), 3],
])('%s: ask the API', (_, state, quantity) => {
  expect(deriveDecision(state, METER, quantity)).toBeNull()
})
