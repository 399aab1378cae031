import type { Latency, RoundResult } from './round.ts'

const WIDTHS = [5, 24, 10, 12, 7, 4, 7, 8, 9, 10, 30, 10]
const HEADINGS = [
  'round',
  'fault',
  'operations',
  'acknowledged',
  'unknown',
  'lost',
  'doubled',
  'negative',
  'answers ≠',
  'invariants',
  'p50/p99 ms before, during, after',
  'recovery s',
]

/** The line above the rounds. */
export function headings(): string {
  return lineOf(HEADINGS)
}

/** One round in one line. */
export function formatRound(result: RoundResult): string {
  const { entries, contradictions } = result.journal
  const { lost, doubled, negative, breaches } = result.verdict
  return lineOf([
    String(result.round),
    result.fault,
    String(entries.length),
    String(entries.filter(({ answer }) => answer).length),
    String(entries.filter(({ unknowns }) => unknowns > 0).length),
    String(lost),
    String(doubled),
    String(negative),
    String(contradictions.length),
    breaches.length === 0 ? 'all' : `${breaches.length} broken`,
    result.latencies.map(formatLatency).join('  '),
    (result.recoveryMs / 1_000).toFixed(1),
  ])
}

/** What was wrong, a line each: nothing is cut off that a person needs to look it up. */
export function explain({ verdict, journal }: Pick<RoundResult, 'verdict' | 'journal'>): string[] {
  return [
    ...verdict.findings,
    ...verdict.breaches.map((breach) => `broken: ${JSON.stringify(breach)}`),
    ...journal.contradictions
      .slice(0, 5)
      .map(({ entry, later }) => `answered ${JSON.stringify(entry)}, and later ${later}`),
  ]
}

export function isClean({ verdict, journal }: Pick<RoundResult, 'verdict' | 'journal'>): boolean {
  const { lost, doubled, negative, breaches } = verdict
  return lost + doubled + negative + breaches.length + journal.contradictions.length === 0
}

function formatLatency({ p50, p99 }: Latency): string {
  return `${p50.toFixed(0)}/${p99.toFixed(0)}`
}

function lineOf(cells: readonly string[]): string {
  return cells
    .map((cell, column) => (column === 1 ? cell.padEnd(WIDTHS[column] ?? 0) : cell.padStart(WIDTHS[column] ?? 0)))
    .join('  ')
}
