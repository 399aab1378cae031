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

const NUMBER = /^-?\d+(\.\d+)?$/
/** Where a cell begins: also where other countries' spreadsheets end one, which know no quotes in the middle of a line. */
const FORMULA = /(^|[;\t\r\n])(\s*)(?=[=+\-@＝＋－＠])/g

/** A text that begins like a formula would be one in a spreadsheet. Numbers may be negative. */
function cell(text: string): string {
  const safe = NUMBER.test(text) ? text : text.replaceAll(FORMULA, "$1'$2")
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
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
