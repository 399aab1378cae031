import { expect, test } from 'vitest'
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
  const other = method({ id: 'pm_2', type: 'SEPA_DEBIT', brand: 'sepa_debit', last4: '3000', isDefault: false })
  expect(consequencesOf(method(), [method(), other], state(), 'UTC')).toEqual([
    'Renewals and automatic top-ups are charged to your bank account ending in 3000 from now on.',
  ])
  expect(consequencesOf(other, [method(), other], state(), 'UTC')).toEqual([
    'It is no longer offered when you pay. Nothing else changes.',
  ])
})
