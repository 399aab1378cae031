const [SECOND, HOUR] = [1_000, 3_600_000]
const FIRST_MS = 5 * SECOND
const LONGEST_MS = 6 * HOUR
/** The last of them fails after about two days: longer than a provider or a database is away. */
export const MOST_ATTEMPTS = 20

/**
 * Milliseconds from a failed attempt at an event, by its number from 1, to the next one; null: that was the last. Each wait is
 * twice the one before, up to six hours.
 */
export function scheduleAttempt(attempt: number): number | null {
  if (attempt >= MOST_ATTEMPTS) return null
  return Math.min(FIRST_MS * 2 ** (attempt - 1), LONGEST_MS)
}
