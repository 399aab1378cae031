import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addLocalDays, type Interval, isTimeZone, type Period, periodAt, periodContaining } from './calendar.ts'

const HOUR = 3_600_000
const at = (iso: string): number => Date.parse(iso)
const iso = (instant: number): string => new Date(instant).toISOString().replace(':00.000Z', 'Z')

/** The first starts of a subscription, as local dates of its anchor's zone. */
function localStarts(anchor: string, interval: Interval, timeZone: string, indexes: number[]): string[] {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  return indexes.map((n) => format.format(periodAt(at(anchor), interval, timeZone, n).start))
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index)

describe('periods count from the anchor', () => {
  it.each([
    // story                     | anchor                 | interval | n  | period
    ['the first', '2026-01-15T09:30Z', 'MONTH', 0, '2026-01-15T09:30Z', '2026-02-15T09:30Z'],
    ['short February', '2027-01-31T00:00Z', 'MONTH', 1, '2027-02-28T00:00Z', '2027-03-31T00:00Z'],
    ['back to the 31st', '2027-01-31T00:00Z', 'MONTH', 2, '2027-03-31T00:00Z', '2027-04-30T00:00Z'],
    ['leap February', '2024-01-30T00:00Z', 'MONTH', 1, '2024-02-29T00:00Z', '2024-03-30T00:00Z'],
    ['leap day, next year', '2024-02-29T00:00Z', 'YEAR', 1, '2025-02-28T00:00Z', '2026-02-28T00:00Z'],
    ['leap day, leap year', '2024-02-29T00:00Z', 'YEAR', 4, '2028-02-29T00:00Z', '2029-02-28T00:00Z'],
    ['a week', '2026-12-28T08:00Z', 'WEEK', 1, '2027-01-04T08:00Z', '2027-01-11T08:00Z'],
    ['a day over a leap day', '2024-02-28T23:59Z', 'DAY', 1, '2024-02-29T23:59Z', '2024-03-01T23:59Z'],
    ['before the anchor', '2024-03-31T00:00Z', 'MONTH', -1, '2024-02-29T00:00Z', '2024-03-31T00:00Z'],
  ] as const)('%s: %s %s %i is %s to %s', (_, anchor, interval, n, start, end) => {
    expect(periodAt(at(anchor), interval, 'UTC', n)).toEqual({ start: at(start), end: at(end), index: n })
  })

  it('S09 periods tile from 2024 to 2034, whatever day of a leap year they start on', () => {
    for (let day = at('2024-01-01T00:00Z'); day < at('2025-01-01T00:00Z'); day += 24 * HOUR) {
      for (const interval of ['MONTH', 'YEAR'] as const) {
        for (let n = 0, end = day; end < at('2035-01-01T00:00Z'); n++) {
          const period = periodAt(day, interval, 'UTC', n)
          if (period.start !== end || period.end <= end)
            expect.fail(`${iso(day)} ${interval} ${n} begins at ${iso(period.start)}`)
          end = period.end
        }
      }
    }
  })

  it('S08 a start on 31 January does not drift', () => {
    const days = localStarts('2027-01-31T12:00Z', 'MONTH', 'UTC', upTo(14)).map((start) => start.slice(0, 10))
    expect(days).toEqual([
      '2027-01-31',
      '2027-02-28',
      '2027-03-31',
      '2027-04-30',
      '2027-05-31',
      '2027-06-30',
      '2027-07-31',
      '2027-08-31',
      '2027-09-30',
      '2027-10-31',
      '2027-11-30',
      '2027-12-31',
      '2028-01-31',
      '2028-02-29',
    ])
  })

  it('S11 31 May plus a month is 30 June, not 1 July', () => {
    expect(iso(periodAt(at('2026-05-31T00:00Z'), 'MONTH', 'UTC', 0).end)).toBe('2026-06-30T00:00Z')
  })

  it.each([
    // interval | first day  | periods that start before 2035
    ['DAY', '2024-01-29', 3990],
    ['DAY', '2024-01-30', 3989],
    ['DAY', '2024-01-31', 3988],
    ['DAY', '2024-02-29', 3959],
    ['WEEK', '2024-01-29', 570],
    ['WEEK', '2024-01-30', 570],
    ['WEEK', '2024-01-31', 570],
    ['WEEK', '2024-02-29', 566],
    ['MONTH', '2024-01-29', 132],
    ['MONTH', '2024-01-30', 132],
    ['MONTH', '2024-01-31', 132],
    ['MONTH', '2024-02-29', 131],
    ['YEAR', '2024-01-29', 11],
    ['YEAR', '2024-01-30', 11],
    ['YEAR', '2024-01-31', 11],
    ['YEAR', '2024-02-29', 11],
  ] as const)('S09 by %s from %s to 2034 periods tile: %i', (interval, firstDay, count) => {
    const anchor = at(`${firstDay}T10:00Z`)
    const periods = [periodAt(anchor, interval, 'UTC', 0)]
    for (let last = periods[0] as Period; last.end < at('2035-01-01T00:00Z'); periods.push(last)) {
      const next = periodAt(anchor, interval, 'UTC', last.index + 1)
      expect(next.start).toBe(last.end)
      expect(next.end).toBeGreaterThan(next.start)
      last = next
    }
    expect(periods.length).toBe(count)
  })
})

describe('S12 each local day is billed once', () => {
  it.each([
    // zone                 | anchor (instant)       | local starts
    ['America/New_York', '2026-03-07T07:30Z', ['2026-03-07 02:30', '2026-03-08 03:30', '2026-03-09 02:30']],
    ['America/New_York', '2026-10-31T05:30Z', ['2026-10-31 01:30', '2026-11-01 01:30', '2026-11-02 01:30']],
    ['America/New_York', '2026-11-01T06:30Z', ['2026-11-01 01:30', '2026-11-02 01:30', '2026-11-03 01:30']],
    ['Australia/Lord_Howe', '2026-04-03T15:00Z', ['2026-04-04 02:00', '2026-04-05 02:00', '2026-04-06 02:00']],
    ['Australia/Lord_Howe', '2026-10-02T15:45Z', ['2026-10-03 02:15', '2026-10-04 02:45', '2026-10-05 02:15']],
    ['Pacific/Noumea', '2026-06-01T13:00Z', ['2026-06-02 00:00', '2026-06-03 00:00', '2026-06-04 00:00']],
  ])('%s from %s: %j', (timeZone, anchor, starts) => {
    expect(localStarts(anchor, 'DAY', timeZone, upTo(3))).toEqual(starts)
  })

  it.each([
    // zone                 | days around          | count
    ['America/New_York', '2026-03-01', '2026-04-01', 31],
    ['America/New_York', '2026-10-15', '2026-11-15', 31],
    ['Australia/Lord_Howe', '2026-03-20', '2026-04-20', 31],
    ['Australia/Lord_Howe', '2026-09-20', '2026-10-20', 30],
    ['Pacific/Apia', '2011-12-20', '2012-01-10', 20],
    ['Pacific/Noumea', '1996-11-20', '1996-12-20', 30],
    ['America/Sao_Paulo', '2018-10-20', '2018-11-20', 31],
  ])('%s from %s to %s has %i days, and they tile', (timeZone, from, to, count) => {
    const anchor = localMidnight(from, timeZone)
    const days = renewals(anchor, 'DAY', timeZone, localMidnight(to, timeZone))
    expect(days.length).toBe(count)
    expect(new Set(days.map(({ start }) => localDay(start, timeZone))).size).toBe(count)
  })

  it('a spring day lasts 23 hours, an autumn day 25', () => {
    const lengths = [at('2026-03-08T05:00Z'), at('2026-11-01T04:00Z')].map((midnight) => {
      const { start, end } = periodAt(midnight, 'DAY', 'America/New_York', 0)
      return (end - start) / HOUR
    })
    expect(lengths).toEqual([23, 25])
  })

  it('the day that Apia left out is empty, and no instant is in it', () => {
    const anchor = at('2011-12-28T20:00Z')
    const periods = upTo(4).map((n) => periodAt(anchor, 'DAY', 'Pacific/Apia', n))
    expect(periods.map(({ start, end }) => (end - start) / HOUR)).toEqual([24, 24, 0, 24])
    const skipped = periods[2] as Period
    expect(periodContaining(anchor, 'DAY', 'Pacific/Apia', skipped.start).index).toBe(3)
  })
})

describe('periodContaining', () => {
  const anchor = at('2026-01-31T12:00Z')
  it.each([
    // instant                | index
    ['2026-01-31T12:00:00.000Z', 0],
    ['2026-02-28T11:59:59.999Z', 0],
    ['2026-02-28T12:00:00.000Z', 1],
    ['2026-03-31T11:59:59.999Z', 1],
    ['2026-03-31T12:00:00.000Z', 2],
    ['2026-01-31T11:59:59.999Z', -1],
    ['2036-01-31T12:00:00.000Z', 120],
  ])('%s is in month %i', (instant, index) => {
    const period = periodContaining(anchor, 'MONTH', 'UTC', at(instant))
    expect(period).toEqual(periodAt(anchor, 'MONTH', 'UTC', index))
  })

  it('holds every instant in exactly the period that says so', () => {
    const instant = fc.integer({ min: at('2000-01-01T00:00Z'), max: at('2100-01-01T00:00Z') })
    const interval = fc.constantFrom<Interval>('DAY', 'WEEK', 'MONTH', 'YEAR')
    const zones = [
      'UTC',
      'America/New_York',
      'Australia/Lord_Howe',
      'Pacific/Apia',
      'Asia/Kathmandu',
      'Africa/Casablanca',
    ]
    fc.assert(
      fc.property(instant, instant, interval, fc.constantFrom(...zones), (start, moment, every, timeZone) => {
        const period = periodContaining(start, every, timeZone, moment)
        expect(period.start).toBeLessThanOrEqual(moment)
        expect(period.end).toBeGreaterThan(moment)
        expect(periodAt(start, every, timeZone, period.index)).toEqual(period)
        expect(periodContaining(start, every, timeZone, period.end).start).toBe(period.end)
      }),
    )
  })
})

describe('addLocalDays', () => {
  it.each([
    // from              | days | zone               | to
    ['2026-01-15T09:30Z', 14, 'UTC', '2026-01-29T09:30Z'],
    ['2026-03-01T14:00Z', 14, 'America/New_York', '2026-03-15T13:00Z'],
    ['2026-03-07T07:30Z', 1, 'America/New_York', '2026-03-08T07:30Z'],
    ['2026-03-15T13:00Z', -14, 'America/New_York', '2026-03-01T14:00Z'],
    ['2026-01-15T09:30Z', 0, 'Asia/Kathmandu', '2026-01-15T09:30Z'],
  ])('%s + %i days in %s is %s', (from, days, timeZone, to) => {
    expect(iso(addLocalDays(at(from), days, timeZone))).toBe(to)
  })
})

describe('isTimeZone', () => {
  it.each(['UTC', 'Europe/Paris', 'America/Argentina/Buenos_Aires', 'Etc/GMT+2', 'America/Port-au-Prince'])(
    '%s is',
    (name) => {
      expect(isTimeZone(name)).toBe(true)
    },
  )

  it.each(['', 'Z', '+02:00', 'Mars/Olympus', '2026-01-01T00:00[Europe/Paris]', 'Europe/Paris ', '../etc/passwd'])(
    '%o is not',
    (name) => {
      expect(isTimeZone(name)).toBe(false)
    },
  )
})

/** Each period after the other, as a renewal goes: the next one contains the end of the last. */
function renewals(anchor: number, interval: Interval, timeZone: string, until: number): Period[] {
  const periods: Period[] = []
  for (let moment = anchor; moment < until; ) {
    const period = periodContaining(anchor, interval, timeZone, moment)
    expect(period.start).toBe(moment)
    periods.push(period)
    moment = period.end
  }
  return periods
}

function localDay(instant: number, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(instant)
}

/** The first instant of a local day, found by asking `Intl`: not by the code under test. */
function localMidnight(day: string, timeZone: string): number {
  for (let instant = at(`${day}T00:00Z`) - 15 * HOUR; ; instant += HOUR / 2) {
    if (localDay(instant, timeZone) === day) return instant
  }
}
