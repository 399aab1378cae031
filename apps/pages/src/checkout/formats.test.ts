import { expect, test } from 'vitest'
import { formatCard, renewalSentence } from './formats.ts'

const nextRenewalAt = '2026-12-21T12:00:00Z'
const dollars = { amount: '100.00', currency: 'USD' }

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
