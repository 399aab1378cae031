import type { Granularity, SubscriptionState } from '@florin/sdk'
import { addDays, dayOf, daysBetween, isDay, type LocalDay, startOf } from './local-days.ts'

/** What somebody looks at. */
export type SpanChoice = 'period' | 'last-period' | '7' | '30' | '90' | 'custom'

/** Whole days of the customer's calendar: `until` is the first day that is not in it. */
export type DaySpan = { from: LocalDay; until: LocalDay }

export const SPAN_LABELS: Readonly<Record<SpanChoice, string>> = {
  period: 'This period',
  'last-period': 'Last period',
  '7': '7 days',
  '30': '30 days',
  '90': '90 days',
  custom: 'Other days',
}

type Periods = Pick<SubscriptionState, 'previousPeriodStart' | 'currentPeriodStart'>

/** The choices that there are: without a subscription no period, in its first no last one. */
export function choicesOf(periods: Periods | undefined): SpanChoice[] {
  return [
    ...(periods ? (['period'] as const) : []),
    ...(periods?.previousPeriodStart ? (['last-period'] as const) : []),
    '7',
    '30',
    '90',
    'custom',
  ]
}

/** The days of a choice; those of a period are all days that have a part of it. */
export function daysOf(
  choice: Exclude<SpanChoice, 'custom'>,
  periods: Periods | undefined,
  now: number,
  timeZone: string,
): DaySpan {
  const until = addDays(dayOf(now, timeZone), 1)
  const start = (instant: string) => dayOf(Date.parse(instant), timeZone)
  if (choice === 'period' && periods) return { from: start(periods.currentPeriodStart), until }
  if (choice === 'last-period' && periods?.previousPeriodStart) {
    const last = dayOf(Date.parse(periods.currentPeriodStart) - 1, timeZone)
    return { from: start(periods.previousPeriodStart), until: addDays(last, 1) }
  }
  return { from: addDays(until, -(Number(choice) || 30)), until }
}

export type CustomDays = { first: string; last: string }

export type CustomProblems = Partial<Record<keyof CustomDays, string>>

const MOST_DAYS = 731

/** The days that were typed, both included, or what is wrong with them. */
export function readDays(
  { first, last }: CustomDays,
  today: LocalDay,
): { days: DaySpan } | { problems: CustomProblems } {
  if (!isDay(first)) return { problems: { first: 'Choose the first day.' } }
  if (!isDay(last)) return { problems: { last: 'Choose the last day.' } }
  if (first > today) return { problems: { first: 'This day is still to come: choose one until today.' } }
  if (last < first) return { problems: { last: 'The last day comes before the first: choose a later one.' } }
  if (daysBetween(first, last) >= MOST_DAYS) {
    return { problems: { first: 'That is more than two years: choose a later first day.' } }
  }
  return { days: { from: first, until: addDays(last > today ? today : last, 1) } }
}

/** How fine a span of days may be looked at: as many bars as a page has room for, and more than one. */
export function granularitiesOf({ from, until }: DaySpan): Granularity[] {
  const days = daysBetween(from, until)
  return [
    ...(days <= 7 ? (['HOUR'] as const) : []),
    ...(days > 1 && days <= 366 ? (['DAY'] as const) : []),
    ...(days > 31 ? (['MONTH'] as const) : []),
  ]
}

/** What is shown unless somebody wants another one. */
export function usualGranularity(span: DaySpan): Granularity {
  const days = daysBetween(span.from, span.until)
  return days <= 2 ? 'HOUR' : days <= 92 ? 'DAY' : 'MONTH'
}

/** The span as instants. They stay the same all day long, as `useUsage` wants it. */
export function instantsOf({ from, until }: DaySpan, timeZone: string): { from: string; to: string } {
  const at = (day: LocalDay) => new Date(startOf(day, timeZone)).toISOString()
  return { from: at(from), to: at(until) }
}
