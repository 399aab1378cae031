import { describe, expect, test } from 'vitest'
import { cancelSentence, lineWords, renewalSentence } from './formats.ts'

const nextRenewalAt = '2026-12-21T12:00:00Z'
const dollars = { amount: '100.00', currency: 'USD' }
const monthly = {
  nextRenewal: dollars,
  nextRenewalAt,
  rateCard: { name: 'Premium', interval: 'MONTH' },
  trialEndsAt: null,
  taxRate: null,
} as const
const once = { nextRenewal: null, nextRenewalAt: null, rateCard: null, trialEndsAt: null, taxRate: null }

test('what comes later is named with its rhythm and its day', () => {
  expect(renewalSentence(monthly, 'en-GB')).toBe('Then $100.00 every month from 21\u00a0Dec')
  const taxed = { ...monthly, taxRate: { name: 'VAT' } }
  expect(renewalSentence(taxed, 'en-GB')).toBe('Then $100.00 every month from 21\u00a0Dec, VAT included')
  expect(cancelSentence(monthly)).toContain('until that month ends')
})

test('a renewal that is a year away names the year', () => {
  const yearly = { ...monthly, rateCard: { name: 'Premium', interval: 'YEAR' } } as const
  expect(renewalSentence(yearly, 'en-GB')).toContain('21\u00a0Dec\u00a02026')
})

test('a trial names its first charge, and the day before which it costs nothing', () => {
  const trial = { ...monthly, trialEndsAt: nextRenewalAt }
  expect(renewalSentence(trial, 'en-GB')).toBe('First charge on 21\u00a0Dec: $100.00, then every month')
  expect(cancelSentence(trial, 'en-GB')).toBe('Cancel before 21\u00a0Dec and you pay nothing.')
})

test('what renews for nothing is nothing to cancel', () => {
  const free = { ...monthly, nextRenewal: { amount: '0.00', currency: 'USD' } }
  expect(renewalSentence(free)).toBe('Renews every month, at no cost')
  expect(cancelSentence(free)).toBeNull()
})

test('what is bought once has no later', () => {
  expect(renewalSentence(once)).toBeNull()
  expect(cancelSentence(once)).toBeNull()
})

describe('a line in plain words', () => {
  const line = { description: 'Team: Seats', quantity: '2', amount: '8.00', proration: false, periodEnd: nextRenewalAt }

  test.each([
    [line, { what: 'Team: Seats', detail: null }],
    [
      { ...line, proration: true },
      { what: 'Team: Seats', detail: 'For the time left until 21\u00a0Dec' },
    ],
    [
      { ...line, description: 'Starter (credited)', amount: '-3.10', proration: true },
      { what: 'Unused part of Starter', detail: 'Paid before, taken off now' },
    ],
    [
      { ...line, description: 'Account credit', amount: '-5.00' },
      { what: 'Account credit', detail: null },
    ],
  ])('%j', (given, words) => {
    expect(lineWords(given, 'en-GB')).toEqual(words)
  })
})
