import { expect, test } from 'vitest'
import type { RateCard } from '../../client/types.ts'
import { mockRateCard } from '../../testing/mock-billing-state.ts'
import { english } from './english.ts'
import { createFormats } from './formats.ts'
import { planFacts } from './plan-facts.ts'

const texts = { labels: english, formats: createFormats('en-US', 'UTC') }
const rate = (parts: Partial<RateCard['usageRates'][number]>) => ({
  code: 'tokens',
  name: 'Tokens',
  meter: 'tokens',
  creditType: 'credits',
  creditCost: null,
  overage: 'BLOCK' as const,
  overagePrice: null,
  includedUnits: '0',
  ...parts,
})
const allowance = (parts: Partial<RateCard['allowances'][number]> = {}) => ({
  creditType: 'credits',
  amount: '1000',
  perQuantityOf: null,
  rollover: 'NONE' as const,
  rolloverCap: null,
  rolloverPeriods: null,
  ...parts,
})
const charge = { overage: 'CHARGE' as const }

test.each<[string, Partial<RateCard>, string[]]>([
  ['an allowance', { allowances: [allowance()] }, ['1,000 credits a month']],
  [
    'one that rolls over',
    { allowances: [allowance({ rollover: 'FULL', amount: '1' })] },
    ['1 credit a month', 'Unused credits roll over'],
  ],
  [
    'one of which a part rolls over',
    { allowances: [allowance({ rollover: 'CAPPED', rolloverCap: '200' })] },
    ['1,000 credits a month', 'Up to 200 unused credits roll over'],
  ],
  [
    'one with overage',
    { allowances: [allowance()], usageRates: [rate({ ...charge, overagePrice: { flat: { amount: '0.90' } } })] },
    ['1,000 credits a month, then $0.90 each'],
  ],
  [
    'overage alone',
    { usageRates: [rate({ ...charge, overagePrice: { flat: { amount: '0.003' } } })] },
    ['Tokens: $0.003 each'],
  ],
  [
    'a package',
    { usageRates: [rate({ creditCost: { package: { amount: '1', units: '1000' } } })] },
    ['Tokens: 1 credit for every 1,000'],
  ],
  [
    'tiers',
    { usageRates: [rate({ creditCost: { graduated: { tiers: [{ upTo: '10000', unit: '1' }, { unit: '0.5' }] } } })] },
    ['Tokens: 1 credit each up to 10,000, then 0.5 credits each'],
  ],
  ['a share', { usageRates: [rate({ creditCost: { percentage: { percent: '2.5' } } })] }, ['Tokens: 2.5% of the cost']],
  [
    'a matrix',
    { usageRates: [rate({ creditCost: { matrix: { rows: [{ unit: '10' }, { unit: '9' }], otherwise: '30' } } })] },
    ['Tokens: 9 credits to 30 credits each'],
  ],
  [
    'seats',
    {
      fixedRates: [
        { code: 'seats', name: 'Seat', price: { flat: { amount: '12.00' } }, defaultQuantity: 1, adjustable: true },
      ],
      allowances: [allowance({ perQuantityOf: 'seats' })],
    },
    ['1,000 credits for each seat', 'Seat: $12 each'],
  ],
  [
    'seats by another name',
    {
      fixedRates: [
        { code: 'seats', name: 'Seats', price: { flat: { amount: '12.00' } }, defaultQuantity: 1, adjustable: true },
      ],
      allowances: [allowance({ perQuantityOf: 'seats' })],
    },
    ['1,000 credits for each seat', 'Seats: $12 each'],
  ],
  [
    'a base fee, and users that nobody can take more of',
    {
      fixedRates: [
        { code: 'team', name: 'Team', price: { flat: { amount: '20.00' } }, defaultQuantity: 1, adjustable: false },
        { code: 'users', name: 'Users', price: { flat: { amount: '5.00' } }, defaultQuantity: 3, adjustable: false },
      ],
    },
    ['Team: $20', 'Users: $5 each'],
  ],
  [
    'features',
    {
      features: [
        { feature: 'priority_support', enabled: true, value: null },
        { feature: 'projects', enabled: true, value: 5000 },
        { feature: 'sso', enabled: false, value: null },
      ],
    },
    ['Priority support', 'Projects: 5,000'],
  ],
])('says what a card brings: %s', (_name, card, facts) => {
  expect(planFacts(mockRateCard(card), texts)).toEqual(facts)
})

test('counts the credits of all seats where their number is known', () => {
  const seats = {
    code: 'seats',
    name: 'Seats',
    price: { flat: { amount: '12.00' } },
    defaultQuantity: 3,
    adjustable: true,
  }
  const card = mockRateCard({
    fixedRates: [seats],
    usageRates: [rate({ ...charge, overagePrice: { flat: { amount: '0.90' } } })],
    allowances: [allowance({ amount: '100.5', perQuantityOf: 'seats' })],
  })
  const first = (quantities?: Record<string, number>) => planFacts(card, texts, quantities)[0]
  expect(first({ seats: 4 })).toBe('402 credits a month, then $0.90 each')
  expect(first({})).toBe('301.5 credits a month, then $0.90 each')
  expect(first()).toBe('100.5 credits for each seat, then $0.90 each')
})
