import { createHash } from 'node:crypto'

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000]

/** How long after each failed attempt the next one comes: ten attempts in about three days. */
export const RETRY_DELAYS: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
]

/** How much longer a wait may be, so that what failed together does not come back together. */
const SPREAD = 0.2

/**
 * Milliseconds from the end of the failed attempt with this number, from 1, to the next one; null: there is none. The spread
 * follows from the delivery and the attempt: the same again is the same.
 */
export function scheduleRetry(deliveryPk: number, attempt: number): number | null {
  const delay = RETRY_DELAYS[attempt - 1]
  if (delay === undefined) return null
  const drawn = createHash('sha256').update(`${deliveryPk}:${attempt}`).digest().readUInt32BE() / 2 ** 32
  return Math.round(delay * (1 + SPREAD * drawn))
}
