import { expect, test } from 'vitest'
import { expiryOf, nameOf } from './payment-method-words.ts'
import { consequencesOf } from './removal-words.ts'

const method = (parts: object = {}) => ({
  id: 'pm_1',
  type: 'CARD' as const,
  brand: 'visa',
  last4: '4242',
  expMonth: 12,
  expYear: 2026,
  isDefault: true,
  ...parts,
})

test.each([
  [{}, 'Visa ending in 4242'],
  [{ brand: 'amex' }, 'American Express ending in 4242'],
  [{ brand: 'unheard_of' }, 'Card ending in 4242'],
  [{ type: 'SEPA_DEBIT' as const, brand: 'sepa_debit', last4: '3000' }, 'Bank account ending in 3000'],
])('%j is %s', (parts, name) => expect(nameOf(method(parts))).toBe(name))

test.each([
  // A card is good through the whole month that is printed on it, where the customer is.
  ['2026-09-30T12:00:00Z', 'UTC', 'quiet', 'Expires 12/2026'],
  ['2026-10-01T00:00:00Z', 'UTC', 'due', 'Expires soon (12/2026)'],
  ['2026-12-31T23:59:59Z', 'UTC', 'due', 'Expires this month (12/2026)'],
  ['2027-01-01T00:00:00Z', 'UTC', 'bad', 'Expired in 12/2026'],
  ['2027-01-01T00:00:00Z', 'America/New_York', 'due', 'Expires this month (12/2026)'],
] as const)('at %s in %s: %s', (now, zone, tone, words) => {
  expect(expiryOf(method(), Date.parse(now), zone)).toEqual({ tone, words })
})

test('a bank account does not expire', () => {
  expect(expiryOf(method({ type: 'SEPA_DEBIT', expMonth: 0, expYear: 0 }), 0, 'UTC')).toBeNull()
})

const state = (parts: object = {}) =>
  ({
    subscriptions: [{ status: 'ACTIVE', cancelAtPeriodEnd: false, currentPeriodEnd: '2026-12-26T00:00:00Z' }],
    autoTopUps: [{ enabled: true }],
    ...parts,
  }) as never

test('removing the only one says what follows for renewals and top-ups', () => {
  expect(consequencesOf(method(), [method()], state(), 'UTC')).toEqual([
    'It is your only payment method.',
    'If something is due on Dec 26, 2026, it can’t be collected, and your plan ends after a while unless you pay.',
    'Automatic top-ups stop until there is another one.',
  ])
  const resting = { subscriptions: [{ status: 'PAUSED' }], autoTopUps: [{ enabled: false }] }
  expect(consequencesOf(method(), [method()], state(resting), 'UTC')).toEqual(['It is your only payment method.'])
})

test('removing the default one of several says what is charged next', () => {
  const other = method({ id: 'pm_2', type: 'SEPA_DEBIT', last4: '3000', isDefault: false })
  expect(consequencesOf(method(), [method(), other], state(), 'UTC')).toEqual([
    'Renewals and automatic top-ups are charged to your bank account ending in 3000 from now on.',
  ])
  expect(consequencesOf(other, [method(), other], state(), 'UTC')).toEqual([
    'It is no longer offered when you pay. Nothing else changes.',
  ])
})
