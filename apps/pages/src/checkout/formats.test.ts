import { expect, test } from 'vitest'
import { formatCard, formatMoney, formatNumber, renewalSentence } from './formats.ts'

const nextRenewalAt = '2026-12-21T12:00:00Z'
const dollars = { amount: '100.00', currency: 'USD' }

test.each([
  ['1234.50', 'USD', 'en-US', '$1,234.50'],
  ['500', 'JPY', 'en-US', '¥500'],
  ['1.250', 'KWD', 'en-US', 'KWD\u00a01.250'],
  ['90071992547409931.25', 'EUR', 'en-US', '€90,071,992,547,409,931.25'],
])('%s %s is shown as the currency writes it', (amount, currency, locale, shown) => {
  expect(formatMoney({ amount, currency }, locale)).toBe(shown)
})

test('credits keep all of their decimals', () => {
  expect(formatNumber('1000.000000003', 'en-US')).toBe('1,000.000000003')
})

test('what comes later is named with its rhythm and its day', () => {
  const rateCard = { name: 'Premium', interval: 'MONTH', trialDays: 0 } as const
  expect(renewalSentence({ nextRenewal: dollars, nextRenewalAt, rateCard }, 'en-GB')).toBe(
    'Then $100.00 every month from 21\u00a0Dec',
  )
})

test('a renewal that is a year away names the year', () => {
  const rateCard = { name: 'Premium', interval: 'YEAR', trialDays: 0 } as const
  expect(renewalSentence({ nextRenewal: dollars, nextRenewalAt, rateCard }, 'en-GB')).toContain('21\u00a0Dec\u00a02026')
})

test('what is bought once has no later', () => {
  expect(renewalSentence({ nextRenewal: null, nextRenewalAt: null, rateCard: null })).toBeNull()
})

test('a card is named by its brand and its last digits', () => {
  expect(formatCard({ brand: 'visa', last4: '4242' })).toBe('Visa •••• 4242')
})
