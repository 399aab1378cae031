import { ticks } from 'd3-array'
import { useMemo, useState } from 'react'
import type { FlorinError } from '../client/errors.ts'
import { formatDecimal, parseDecimal } from '../client/live/decimal.ts'
import { add, isZero } from '../client/live/price.ts'
import type { UsageBucket } from '../client/types.ts'
import { useBillingState } from './use-billing-state.ts'
import { useUsage } from './use-usage.ts'

export interface UsageChartOptions {
  readonly meter: string
  /** How many days until today, 30 unless it is said; or say `from` and `to`. */
  readonly days?: number | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly granularity?: 'HOUR' | 'DAY' | 'MONTH' | undefined
  /** What the bars stand for: the meter's unit (unless it is said), or the credits that it cost. */
  readonly measure?: 'quantity' | 'credits' | undefined
}

export interface ChartBar {
  readonly bucket: UsageBucket
  /** The exact decimal that it stands for. */
  readonly amount: string
  /** Lengths on the screen, from 0 to 1, where floats will do. */
  readonly height: number
  readonly start: number
  readonly width: number
}

export interface UsageChartView {
  /** Undefined until usage is known. The bars before stay while others are asked for. */
  readonly bars: readonly ChartBar[] | undefined
  /** Of the axis, from 0 up, with their place from 0 to 1. */
  readonly ticks: readonly { readonly value: number; readonly place: number }[]
  /** All bars together, as an exact decimal. */
  readonly total: string
  readonly empty: boolean
  readonly loading: boolean
  readonly error: FlorinError | undefined
  readonly reload: () => Promise<void>
}

const DAY_MS = 86_400_000
const TICKS = 3
const BAR_SHARE = 0.72

/** A meter's usage as bars, live: what `<UsageChart>` shows. */
export function useUsageChart(options: UsageChartOptions): UsageChartView {
  const { meter, days = 30, granularity = 'DAY', measure = 'quantity' } = options
  const { state, status, error: noState } = useBillingState()
  const span = spanOf(options, days, state?.at)
  const usage = useUsage(span && { meter, granularity, ...span })
  const { value, reload } = usage
  // Without a state nothing was asked yet, and why there is none is the reason.
  const error = usage.error ?? ((!state && status !== 'reconnecting' && noState) || undefined)
  const loading = usage.loading && !error
  const buckets = useLast(value, `${state?.customerId} ${meter} ${granularity}`)
  const chosen = useMemo(
    () => buckets && (options.from ? buckets : untilNow(buckets, state?.at).slice(granularity === 'DAY' ? -days : 0)),
    [buckets, options.from, state?.at, granularity, days],
  )
  return useMemo(() => {
    const drawn = chosen && draw(chosen, measure)
    return { ...(drawn ?? NOTHING_DRAWN), error, loading: loading && !drawn, reload }
  }, [chosen, measure, error, loading, reload])
}

const NOTHING_DRAWN = { bars: undefined, ticks: [], total: '0', empty: false }

/** Whole days around those wanted, as the customer's days may begin hours before or after ours. The same all day long. */
function spanOf({ from, to }: UsageChartOptions, days: number, at: string | undefined) {
  if (from && to) return { from, to }
  if (!at) return null
  const today = Math.floor(Date.parse(at) / DAY_MS) * DAY_MS
  const instant = (milliseconds: number) => new Date(milliseconds).toISOString()
  return { from: from ?? instant(today - days * DAY_MS), to: to ?? instant(today + 2 * DAY_MS) }
}

const untilNow = (buckets: readonly UsageBucket[], at: string | undefined) =>
  at ? buckets.filter(({ start }) => Date.parse(start) <= Date.parse(at)) : buckets

/** The last value that was known of a subject, for while the next is not. */
function useLast<Value>(value: Value | undefined, subject: string): Value | undefined {
  const [last, setLast] = useState({ value, subject })
  if (value !== undefined && (value !== last.value || subject !== last.subject)) setLast({ value, subject })
  return value ?? (last.subject === subject ? last.value : undefined)
}

function draw(buckets: readonly UsageBucket[], measure: 'quantity' | 'credits') {
  const highest = Math.max(...buckets.map((bucket) => Number(bucket[measure])), 0)
  const marks = axisOf(
    highest,
    buckets.every((bucket) => !bucket[measure].includes('.')),
  )
  const scale = marks.at(-1) || 1
  const room = 1 / Math.max(1, buckets.length)
  const bars = buckets.map((bucket, index) => ({
    bucket,
    amount: bucket[measure],
    height: Math.max(0, Number(bucket[measure])) / scale,
    start: (index + (1 - BAR_SHARE) / 2) * room,
    width: BAR_SHARE * room,
  }))
  const amounts = buckets.flatMap((bucket) => parseDecimal(bucket[measure]) ?? [])
  const total = formatDecimal(amounts.reduce(add, { digits: 0n, scale: 0 }))
  return { bars, ticks: marks.map((value) => ({ value, place: value / scale })), total, empty: isZero(total) }
}

/** Round numbers from 0 to the first above all bars; whole ones for what is counted in wholes. */
function axisOf(highest: number, whole: boolean): number[] {
  const marks = ticks(0, highest || 1, TICKS).filter((mark) => !whole || Number.isInteger(mark))
  const last = marks.at(-1) ?? 0
  const step = last - (marks.at(-2) ?? 0) || 1
  return last < highest ? [...marks, last + step] : marks
}
