import { expect, test } from 'vitest'
import { addDays, dayOf, daysBetween, isDay, startOf } from './local-days.ts'

test.each([
  ['2026-11-26', 'UTC', '2026-11-26T00:00:00.000Z'],
  ['2026-11-26', 'America/New_York', '2026-11-26T05:00:00.000Z'],
  ['2026-11-26', 'Asia/Kathmandu', '2026-11-25T18:15:00.000Z'],
  // Summer time begins, and ends, in the night after.
  ['2027-03-28', 'Europe/Berlin', '2027-03-27T23:00:00.000Z'],
  ['2027-03-29', 'Europe/Berlin', '2027-03-28T22:00:00.000Z'],
  ['2026-10-25', 'Europe/Berlin', '2026-10-24T22:00:00.000Z'],
  ['2026-10-26', 'Europe/Berlin', '2026-10-25T23:00:00.000Z'],
  // Midnight itself is skipped, and comes twice.
  ['2026-09-06', 'America/Santiago', '2026-09-06T04:00:00.000Z'],
  ['2026-11-01', 'America/Havana', '2026-11-01T04:00:00.000Z'],
  ['2026-11-26', 'Pacific/Kiritimati', '2026-11-25T10:00:00.000Z'],
])('%s begins in %s at %s', (day, zone, instant) => {
  expect(new Date(startOf(day, zone)).toISOString()).toBe(instant)
  expect(dayOf(startOf(day, zone), zone)).toBe(day)
})

test('a day is what the calendar of the place says', () => {
  const instant = Date.parse('2026-11-26T03:00:00Z')
  expect(dayOf(instant, 'America/Los_Angeles')).toBe('2026-11-25')
  expect(dayOf(instant, 'Asia/Tokyo')).toBe('2026-11-26')
})

test('days are counted over the ends of months and years', () => {
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
  expect(addDays('2028-03-01', -1)).toBe('2028-02-29')
  expect(daysBetween('2026-12-30', '2027-01-02')).toBe(3)
})

test.each([
  ['2026-02-28', true],
  ['2026-02-29', false],
  ['2026-13-01', false],
  ['26-01-01', false],
  ['', false],
])('%j is a day: %s', (text, is) => expect(isDay(text)).toBe(is))
