import { expect, test } from 'vitest'
import { choicesOf, daysOf, granularitiesOf, instantsOf, readDays, usualGranularity } from './spans.ts'

const NOW = Date.parse('2026-11-26T23:30:00Z')
const periods = { previousPeriodStart: '2026-10-10T22:30:00Z', currentPeriodStart: '2026-11-10T23:30:00Z' }

test('days are the customer’s: it is tomorrow in Berlin already', () => {
  expect(daysOf('7', periods, NOW, 'UTC')).toEqual({ from: '2026-11-20', until: '2026-11-27' })
  expect(daysOf('7', periods, NOW, 'Europe/Berlin')).toEqual({ from: '2026-11-21', until: '2026-11-28' })
})

test('a period is all days that have a part of it; the last one ends with the day in which this one began', () => {
  expect(daysOf('period', periods, NOW, 'UTC')).toEqual({ from: '2026-11-10', until: '2026-11-27' })
  expect(daysOf('last-period', periods, NOW, 'UTC')).toEqual({ from: '2026-10-10', until: '2026-11-11' })
  // At midnight exactly there the last day is the one before.
  const sharp = { previousPeriodStart: '2026-10-10T00:00:00Z', currentPeriodStart: '2026-11-10T00:00:00Z' }
  expect(daysOf('last-period', sharp, NOW, 'UTC')).toEqual({ from: '2026-10-10', until: '2026-11-10' })
})

test('who has no subscription is offered no period, and in the first one no last one', () => {
  expect(choicesOf(undefined)).toEqual(['7', '30', '90', 'custom'])
  expect(choicesOf({ ...periods, previousPeriodStart: null })).toEqual(['period', '7', '30', '90', 'custom'])
  expect(choicesOf(periods)[1]).toBe('last-period')
})

test.each([
  ['2026-11-01', '2026-11-26', { days: { from: '2026-11-01', until: '2026-11-27' } }],
  ['2026-11-26', '2026-11-26', { days: { from: '2026-11-26', until: '2026-11-27' } }],
  ['2026-11-20', '2027-05-01', { days: { from: '2026-11-20', until: '2026-11-27' } }],
  ['', '2026-11-26', { problems: { first: 'Choose the first day.' } }],
  ['2026-11-01', '', { problems: { last: 'Choose the last day.' } }],
  ['2026-11-27', '2026-11-28', { problems: { first: 'This day is still to come: choose one until today.' } }],
  ['2026-11-20', '2026-11-19', { problems: { last: 'The last day comes before the first: choose a later one.' } }],
  ['2024-01-01', '2026-11-26', { problems: { first: 'That is more than two years: choose a later first day.' } }],
])('from %j to %j', (first, last, read) => expect(readDays({ first, last }, '2026-11-26')).toEqual(read))

test.each([
  ['2026-11-26', '2026-11-27', ['HOUR'], 'HOUR'],
  ['2026-11-20', '2026-11-27', ['HOUR', 'DAY'], 'DAY'],
  ['2026-10-28', '2026-11-27', ['DAY'], 'DAY'],
  ['2026-08-29', '2026-11-27', ['DAY', 'MONTH'], 'DAY'],
  ['2025-01-01', '2026-11-27', ['MONTH'], 'MONTH'],
])('from %s until %s may be looked at by %s', (from, until, granularities, usual) => {
  expect(granularitiesOf({ from, until })).toEqual(granularities)
  expect(usualGranularity({ from, until })).toBe(usual)
})

test('a span begins and ends at midnights of the place', () => {
  expect(instantsOf({ from: '2027-03-28', until: '2027-03-29' }, 'Europe/Berlin')).toEqual({
    from: '2027-03-27T23:00:00.000Z',
    to: '2027-03-28T22:00:00.000Z',
  })
})
