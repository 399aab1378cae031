import type { UsageBucket } from '@florin/sdk'

/** A meter with what it counted. */
export type MeterUsage = { meter: string; buckets: readonly UsageBucket[] }

/** All that is looked at as comma-separated values: exact decimals and instants, for whoever calculates with them. */
export function csvOf(usage: readonly MeterUsage[], groupBy: string | null): string {
  const head = ['meter', 'from', 'to', ...(groupBy ? [groupBy] : []), 'quantity', 'credits']
  const rows = usage.flatMap(({ meter, buckets }) =>
    buckets.map(({ start, end, group, quantity, credits }) => [
      meter,
      start,
      end,
      ...(groupBy ? [group ?? ''] : []),
      quantity,
      credits,
    ]),
  )
  return [head, ...rows]
    .map((row) => row.map(cell).join(','))
    .join('\r\n')
    .concat('\r\n')
}

/** A text that begins like a formula would be one in a spreadsheet. Numbers may be negative. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Hands a file to the browser. */
export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
