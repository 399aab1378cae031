import { expect, test } from 'vitest'
import { formatDay, relativeDay } from './days.ts'

const NOW = Date.parse('2026-11-26T22:30:00Z')

test.each([
  ['2026-11-26T23:59:00Z', 'UTC', 'today'],
  ['2026-11-27T00:00:00Z', 'UTC', 'tomorrow'],
  ['2026-12-01T00:00:00Z', 'UTC', 'in 5 days'],
  // In Berlin it is 23:30: half an hour later is tomorrow.
  ['2026-11-26T23:00:00Z', 'Europe/Berlin', 'tomorrow'],
  // In New York it is still the afternoon.
  ['2026-11-27T04:59:00Z', 'America/New_York', 'today'],
  ['2026-11-24T12:00:00Z', 'UTC', '2 days ago'],
  ['2027-02-26T12:00:00Z', 'UTC', 'in 3 months'],
  ['2029-11-27T12:00:00Z', 'UTC', 'in 3 years'],
])('%s in %s is %s', (instant, timeZone, words) => {
  expect(relativeDay(instant, NOW, timeZone, 'en')).toBe(words)
})

test('names the day where the customer is', () => {
  expect(formatDay('2026-11-30T23:30:00Z', 'Europe/Berlin', 'en-US')).toBe('Dec 1, 2026')
  expect(formatDay('2026-11-30T23:30:00Z', 'UTC', 'en-US')).toBe('Nov 30, 2026')
})
