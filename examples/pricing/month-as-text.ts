import type { CreditBalance, Month } from './example.ts'

/** The whole of a month, a line for each thing that a finance person would look at. */
export function monthAsText({ invoices, atMonthEnd, afterRenewal, subscription, later = [] }: Month): string[] {
  return [
    ...invoices.flatMap(({ status, lines, total }, index) => [
      `invoice ${index + 1}, ${status}`,
      ...lines.map(({ description, quantity, amount }) => row(description, quantity, amount)),
      row('', 'total', total),
    ]),
    ...balances("at the month's end", atMonthEnd),
    ...balances(`after the renewal, ${subscription}`, afterRenewal),
    ...later.flatMap((then) => balances(`${then.days} days later`, then.balances)),
  ]
}

const row = (description: string, quantity: string, amount: string) =>
  `  ${description.padEnd(28)}${quantity.padStart(12)}${amount.padStart(12)}`

const balances = (when: string, of: readonly CreditBalance[]) => [
  when,
  ...of.map(
    ({ creditType, available, overage, uncovered }) =>
      `  ${creditType}: ${available} left, ${overage} over, ${uncovered} uncovered`,
  ),
]

/** The lines that differ, as a diff shows them; none: the months are equal. */
export function differences(expected: Month, actual: Month): string[] {
  const [wanted, got] = [monthAsText(expected), monthAsText(actual)]
  return Array.from({ length: Math.max(wanted.length, got.length) }).flatMap((_, line) =>
    wanted[line] === got[line] ? [] : [`- ${wanted[line] ?? ''}`, `+ ${got[line] ?? ''}`],
  )
}
