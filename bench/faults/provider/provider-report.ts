import type { ProviderRound } from './provider-round.ts'

const WIDTHS = [5, 32, 10, 7, 7, 7, 7, 7, 6, 4, 7, 7, 10, 10]
const HEADINGS = [
  'round',
  'fault',
  'operations',
  'unknown',
  'charges',
  'grants',
  'refunds',
  'events-',
  'failed',
  'lost',
  'doubled',
  'pending',
  'invariants',
  'recovery s',
]

/** The line above the rounds. */
export function providerHeadings(): string {
  return lineOf(HEADINGS)
}

/** One round in one line. */
export function formatProviderRound({ verdict, ...result }: ProviderRound): string {
  const { charges, grants, refunds, failed, lost, doubled, breaches } = verdict
  return lineOf([
    String(result.round),
    result.fault,
    String(result.deeds.length),
    String(result.deeds.filter(({ unknowns }) => unknowns > 0).length),
    ...[charges, grants, refunds, result.lostEvents, failed, lost, doubled, result.pending.length].map(String),
    breaches.length === 0 ? 'all' : `${breaches.length} broken`,
    (result.recoveryMs / 1_000).toFixed(1),
  ])
}

/** What was wrong, a line each. */
export function explainProviderRound({ verdict, pending }: ProviderRound): string[] {
  return [
    ...verdict.findings,
    ...verdict.breaches.map((breach) => `broken: ${JSON.stringify(breach)}`),
    ...pending.slice(0, 10).map((row) => `pending: ${JSON.stringify(row)}`),
  ]
}

function lineOf(cells: readonly string[]): string {
  return cells
    .map((cell, column) => (column === 1 ? cell.padEnd(WIDTHS[column] ?? 0) : cell.padStart(WIDTHS[column] ?? 0)))
    .join('  ')
}
