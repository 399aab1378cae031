import { expect, test } from 'vitest'
import { expiryDateOf, expiryOf, isExpired, nameOf, shortNameOf } from './payment-method-words.ts'

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
])('%j is %s', (parts, name) => {
  expect(nameOf(method(parts))).toBe(name)
  expect(shortNameOf(method(parts))).toBe(name.replace('ending in', '••••'))
})

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
  const account = method({ type: 'SEPA_DEBIT', brand: 'sepa_debit', expMonth: 0, expYear: 0 })
  expect([expiryOf(account, 0, 'UTC'), expiryDateOf(account)]).toEqual([null, null])
  expect(isExpired(account, Date.parse('2048-05-01T12:00:00Z'))).toBe(false)
})

test('where the customer is not known, a card serves until its month is over everywhere', () => {
  const card = method({ expMonth: 4, expYear: 2028 })
  expect(isExpired(card, Date.parse('2028-05-01T11:59:59Z'))).toBe(false)
  expect(isExpired(card, Date.parse('2028-05-01T12:00:00Z'))).toBe(true)
})
