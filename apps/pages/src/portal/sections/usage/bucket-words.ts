import { amountOf, formatAmount, sum } from '@florin/core'
import type { Granularity, UsageBucket } from '@florin/sdk'
import { compare } from '../../amounts.ts'

/** When a bucket is: `Nov 26, 2026`, `Nov 26, 2026, 2 PM`, `November 2026`. */
export function bucketWords(start: string, granularity: Granularity, timeZone: string, locale?: string): string {
  const options: Record<Granularity, Intl.DateTimeFormatOptions> = {
    HOUR: { day: 'numeric', month: 'short', year: 'numeric', hour: 'numeric' },
    DAY: { dateStyle: 'medium' },
    MONTH: { month: 'long', year: 'numeric' },
  }
  return new Intl.DateTimeFormat(locale, { ...options[granularity], timeZone }).format(new Date(start))
}

export type Sums = { quantity: string; credits: string }

export function sumsOf(buckets: readonly Pick<UsageBucket, 'quantity' | 'credits'>[]): Sums {
  const sumOf = (field: 'quantity' | 'credits') => formatAmount(sum(buckets.map((bucket) => amountOf(bucket[field]))))
  return { quantity: sumOf('quantity'), credits: sumOf('credits') }
}

/** What one value of a property came to, and its share of the largest: from 0 to 100. */
export type Group = Sums & { name: string | null; share: number }

/** The dearest first, and of those that cost nothing the largest. */
export function groupsOf(buckets: readonly UsageBucket[]): Group[] {
  const names = [...new Set(buckets.map(({ group }) => group))]
  const sums = names.map((name) => ({ name, ...sumsOf(buckets.filter(({ group }) => group === name)) }))
  const order = (a: Sums, b: Sums) =>
    compare(amountOf(b.credits), amountOf(a.credits)) || compare(amountOf(b.quantity), amountOf(a.quantity))
  const most = Math.max(...sums.map(({ credits }) => Number(credits)), 0)
  return sums.toSorted(order).map((each) => ({ ...each, share: most > 0 ? (100 * Number(each.credits)) / most : 0 }))
}
