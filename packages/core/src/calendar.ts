/**
 * Periods, local days and buckets of time, in a customer's time zone.
 *
 * Instants are epoch milliseconds. Spans are half-open `[start, end)`. Nothing here asks what time it is now.
 * Source: product.md, "Time"; why Temporal: docs/decisions/0003-temporal-in-core.md.
 */
import { Temporal } from 'temporal-polyfill'

/** How often a subscription renews. */
export type Interval = 'DAY' | 'WEEK' | 'MONTH' | 'YEAR'

const UNITS = { DAY: 'days', WEEK: 'weeks', MONTH: 'months', YEAR: 'years' } as const

/** Half-open: `start` belongs to the span, `end` to the next one. Epoch milliseconds. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** The `index`-th period of a subscription; the one that starts at its anchor has index 0. */
export interface Period extends Span {
  readonly index: number
}

/**
 * Period `n`, computed from the anchor and never from the period before it, so that 31 Jan, 28 Feb, 31 Mar do not drift.
 * A period starts at the anchor's local wall time, on the anchor's day of the month or the last one before it that the
 * month has. Where the clocks skip that wall time it starts as much later, where they repeat it, the first time.
 *
 * A local day that a time zone left out (30 Dec 2011 in Apia) is an empty span; `periodContaining` never returns it, so
 * "the period after this one" is the period that contains this one's end.
 */
export function periodAt(anchor: number, interval: Interval, timeZone: string, n: number): Period {
  const local = localTime(anchor, timeZone)
  return { start: periodStart(local, interval, n), end: periodStart(local, interval, n + 1), index: n }
}

/** The period that an instant falls into; before the anchor its index is negative. */
export function periodContaining(anchor: number, interval: Interval, timeZone: string, instant: number): Period {
  const local = localTime(anchor, timeZone)
  let index = intervalsBetween(local, localTime(instant, timeZone), interval)
  while (periodStart(local, interval, index) > instant) index -= 1
  while (periodStart(local, interval, index + 1) <= instant) index += 1
  return { start: periodStart(local, interval, index), end: periodStart(local, interval, index + 1), index }
}

/** The same local wall time, a number of local days later (a trial's end). */
export function addLocalDays(instant: number, days: number, timeZone: string): number {
  return localTime(instant, timeZone).add({ days }).epochMilliseconds
}

/** The calendar's local day, week (from Monday), month or year that an instant falls into. */
export function calendarPeriod(instant: number, interval: Interval, timeZone: string): Span {
  const start = calendarStart(localTime(instant, timeZone), interval).startOfDay()
  const end = start.add({ [UNITS[interval]]: 1 }).startOfDay()
  return { start: start.epochMilliseconds, end: end.epochMilliseconds }
}

/** Whether a name is an IANA time zone ("Europe/Paris", "UTC"). Offsets are not: they know nothing of summer time. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][\w+/-]*$/.test(name)) return false
  try {
    localTime(0, name)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

function calendarStart(local: Temporal.ZonedDateTime, interval: Interval): Temporal.ZonedDateTime {
  switch (interval) {
    case 'DAY':
      return local
    case 'WEEK':
      return local.subtract({ days: local.dayOfWeek - 1 })
    case 'MONTH':
      return local.with({ day: 1 })
    case 'YEAR':
      return local.with({ month: 1, day: 1 })
  }
}

function periodStart(anchor: Temporal.ZonedDateTime, interval: Interval, n: number): number {
  return anchor.add({ [UNITS[interval]]: n }).epochMilliseconds
}

/** Whole intervals between two local dates: the index of the period, or its neighbour. */
function intervalsBetween(anchor: Temporal.ZonedDateTime, later: Temporal.ZonedDateTime, interval: Interval): number {
  const unit = UNITS[interval]
  return anchor.toPlainDate().until(later.toPlainDate(), { largestUnit: unit })[unit]
}

/** An instant as wall time. @throws RangeError if there is no such time zone. */
export function localTime(instant: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone)
}
