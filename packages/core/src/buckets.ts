/**
 * The hours, days and months of a usage chart, in a customer's time zone. Buckets tile: each ends where the next begins.
 */
import { localTime, type Span } from './calendar.ts'

export type Granularity = 'HOUR' | 'DAY' | 'MONTH'

const HOUR_MS = 3_600_000

/**
 * When the local hour, day or month began that an instant (epoch milliseconds) falls into. An hour that the clocks
 * repeat is two buckets; a half-hour that they repeat (Lord Howe) belongs to the hour it is in.
 */
export function bucketStart(instant: number, granularity: Granularity, timeZone: string): number {
  const local = localTime(instant, timeZone)
  if (granularity === 'HOUR') return local.round({ smallestUnit: 'hour', roundingMode: 'floor' }).epochMilliseconds
  if (granularity === 'DAY') return local.startOfDay().epochMilliseconds
  return local.with({ day: 1 }).startOfDay().epochMilliseconds
}

/**
 * Every bucket that has a part in `[from, to)`, whole and in order, empty ones included. A range of years in hours is a
 * long list: the caller bounds it.
 */
export function bucketsBetween(from: number, to: number, granularity: Granularity, timeZone: string): Span[] {
  const buckets: Span[] = []
  if (from >= to) return buckets
  for (let start = bucketStart(from, granularity, timeZone); start < to; ) {
    const end = nextBucketStart(start, granularity, timeZone)
    buckets.push({ start, end })
    start = end
  }
  return buckets
}

function nextBucketStart(start: number, granularity: Granularity, timeZone: string): number {
  if (granularity === 'HOUR') return nextHourStart(start, timeZone)
  const step = granularity === 'DAY' ? { days: 1 } : { months: 1 }
  return localTime(start, timeZone).add(step).startOfDay().epochMilliseconds
}

/** A local hour may last longer than an hour of time, never two. */
function nextHourStart(start: number, timeZone: string): number {
  const next = bucketStart(start + HOUR_MS, 'HOUR', timeZone)
  return next > start ? next : bucketStart(start + 2 * HOUR_MS, 'HOUR', timeZone)
}
