const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** After the first failed attempt, the second, and so on. A mail that is a day late tells nobody anything. */
const WAITS = [MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 6 * HOUR_MS, 12 * HOUR_MS]

/** How long to wait after the attempt of this number, from 1; null: it was the last. */
export function scheduleResend(attempt: number): number | null {
  return WAITS[attempt - 1] ?? null
}
