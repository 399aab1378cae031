import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bucketStart, bucketsBetween, type Granularity } from './buckets.ts'

const at = (iso: string): number => Date.parse(iso)
const iso = (instant: number): string => new Date(instant).toISOString().replace(':00.000Z', 'Z')

describe('a bucket starts', () => {
  it.each([
    // instant           | granularity | zone           | start
    ['2026-05-17T13:45Z', 'HOUR', 'UTC', '2026-05-17T13:00Z'],
    ['2026-05-17T13:45Z', 'DAY', 'UTC', '2026-05-17T00:00Z'],
    ['2026-05-17T13:45Z', 'MONTH', 'UTC', '2026-05-01T00:00Z'],
    ['2026-05-17T13:00Z', 'HOUR', 'UTC', '2026-05-17T13:00Z'],
    ['2026-05-17T13:20Z', 'HOUR', 'Asia/Kathmandu', '2026-05-17T13:15Z'],
    ['2026-05-17T03:59Z', 'DAY', 'America/New_York', '2026-05-16T04:00Z'],
    ['2026-11-20T00:00Z', 'MONTH', 'America/New_York', '2026-11-01T04:00Z'],
    ['2026-11-01T05:30Z', 'HOUR', 'America/New_York', '2026-11-01T05:00Z'],
    ['2026-11-01T06:30Z', 'HOUR', 'America/New_York', '2026-11-01T06:00Z'],
    ['2018-11-04T12:00Z', 'DAY', 'America/Sao_Paulo', '2018-11-04T03:00Z'],
    ['2026-04-04T15:15Z', 'HOUR', 'Australia/Lord_Howe', '2026-04-04T14:00Z'],
  ] as const)('%s by %s in %s: %s', (instant, granularity, timeZone, start) => {
    expect(iso(bucketStart(at(instant), granularity, timeZone))).toBe(start)
  })
})

describe('buckets between', () => {
  it.each([
    // from              | to                 | granularity | zone        | starts
    [
      '2026-05-17T13:45Z',
      '2026-05-17T16:00Z',
      'HOUR',
      'UTC',
      ['2026-05-17T13:00Z', '2026-05-17T14:00Z', '2026-05-17T15:00Z'],
    ],
    [
      '2026-03-07T12:00Z',
      '2026-03-09T04:01Z',
      'DAY',
      'America/New_York',
      ['2026-03-07T05:00Z', '2026-03-08T05:00Z', '2026-03-09T04:00Z'],
    ],
    [
      '2026-11-15T00:00Z',
      '2027-01-15T00:00Z',
      'MONTH',
      'UTC',
      ['2026-11-01T00:00Z', '2026-12-01T00:00Z', '2027-01-01T00:00Z'],
    ],
    ['2018-11-04T12:00Z', '2018-11-05T12:00Z', 'DAY', 'America/Sao_Paulo', ['2018-11-04T03:00Z', '2018-11-05T02:00Z']],
    [
      '2011-12-29T12:00Z',
      '2011-12-31T12:00Z',
      'DAY',
      'Pacific/Apia',
      ['2011-12-29T10:00Z', '2011-12-30T10:00Z', '2011-12-31T10:00Z'],
    ],
    [
      '2026-04-04T14:00Z',
      '2026-04-04T16:00Z',
      'HOUR',
      'Australia/Lord_Howe',
      ['2026-04-04T14:00Z', '2026-04-04T15:30Z'],
    ],
    ['2026-05-17T13:45Z', '2026-05-17T13:45Z', 'HOUR', 'UTC', []],
    ['2026-05-17T13:45Z', '2026-05-17T13:00Z', 'HOUR', 'UTC', []],
  ] as const)('%s and %s by %s in %s: %j', (from, to, granularity, timeZone, starts) => {
    expect(bucketsBetween(at(from), at(to), granularity, timeZone).map(({ start }) => iso(start))).toEqual(starts)
  })

  it.each([
    // day       | hours
    ['2026-03-08', 23],
    ['2026-07-04', 24],
    ['2026-11-01', 25],
  ])('%s has %i hours in New York', (day, hours) => {
    const [span] = bucketsBetween(at(`${day}T12:00Z`), at(`${day}T12:01Z`), 'DAY', 'America/New_York')
    if (!span) throw new Error('a day has a bucket')
    expect(bucketsBetween(span.start, span.end, 'HOUR', 'America/New_York').length).toBe(hours)
  })

  it('tile, and each starts where its instants say', () => {
    const from = fc.integer({ min: at('2000-01-01T00:00Z'), max: at('2100-01-01T00:00Z') })
    const zones = [
      'UTC',
      'America/New_York',
      'Australia/Lord_Howe',
      'Pacific/Apia',
      'Asia/Kathmandu',
      'Africa/Casablanca',
    ]
    const days = { HOUR: 2, DAY: 40, MONTH: 400 }
    const granularities = fc.constantFrom<Granularity>('HOUR', 'DAY', 'MONTH')
    fc.assert(
      fc.property(from, granularities, fc.constantFrom(...zones), (start, granularity, timeZone) => {
        const to = start + days[granularity] * 86_400_000
        const buckets = bucketsBetween(start, to, granularity, timeZone)
        expect(buckets[0]?.start).toBeLessThanOrEqual(start)
        expect(buckets.at(-1)?.end).toBeGreaterThanOrEqual(to)
        for (const [index, bucket] of buckets.entries()) {
          expect(bucket.end).toBeGreaterThan(bucket.start)
          expect(bucket.end).toBe(buckets[index + 1]?.start ?? bucket.end)
          expect(bucketStart(bucket.start, granularity, timeZone)).toBe(bucket.start)
          expect(bucketStart(bucket.end - 1, granularity, timeZone)).toBe(bucket.start)
        }
      }),
      { numRuns: 50 },
    )
  })
})
