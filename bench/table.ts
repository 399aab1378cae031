import { areClean, type Books } from './books.ts'
import type { Figures } from './rounds.ts'
import type { RowResult } from './rows/row.ts'

const HEADINGS = ['', 'median (min–max)', 'p50 / p99 ms', 'floor (min–max)', 'ratio', 'aim', 'lost, doubled, breaches']

/** The rows as one table of text, with the floors and what else was counted below it. */
export function formatTable(results: readonly RowResult[]): string {
  const cells = [HEADINGS, ...results.map(cellsOf)]
  const widths = HEADINGS.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  const lines = cells.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0, column))
      .join('  ')
      .trimEnd(),
  )
  const rule = '─'.repeat(widths.reduce((sum, width) => sum + width + 2, -2))
  return [lines[0], rule, ...lines.slice(1), '', ...floorsOf(results), ...notesOf(results)].join('\n')
}

function cellsOf({ name, unit, aim, measured, books }: RowResult): string[] {
  const { speed, delay } = measured
  if (delay) return [name, '', milliseconds(delay), '', '', '', summarize(books)]
  const goal = aim === null ? '' : `≥ ${aim} ${speed.ratio >= aim ? 'met' : 'MISSED'}`
  return [
    `${name}, ${unit}`,
    figures(speed.subject),
    speed.subject.latency ? milliseconds(speed.subject.latency) : '',
    figures(speed.floor),
    `${speed.ratio.toFixed(2)}×`,
    goal,
    summarize(books),
  ]
}

function figures({ median, min, max }: Figures): string {
  return `${thousands(median)} (${thousands(min)}–${thousands(max)})`
}

function thousands(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

function milliseconds({ p50, p99 }: { p50: number; p99: number }): string {
  return `${p50.toFixed(1)} / ${p99.toFixed(1)}`
}

function summarize(books: Books): string {
  const counts = `${books.lost}, ${books.doubled}, ${books.breaches.length}`
  return areClean(books) ? counts : `${counts}  BROKEN`
}

function floorsOf(results: readonly RowResult[]): string[] {
  const floors = new Set(results.flatMap(({ floor, unit }) => (floor ? [`${unit}: ${floor}`] : [])))
  return [...floors].map((floor) => `floor of ${floor}`)
}

function notesOf(results: readonly RowResult[]): string[] {
  return results.flatMap(({ measured }) => measured.counted?.notes ?? [])
}

function pad(text: string, width: number, column: number): string {
  return column === 0 ? text.padEnd(width) : text.padStart(width)
}
