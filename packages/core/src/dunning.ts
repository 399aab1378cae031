/**
 * What follows a payment that did not succeed. Source: product.md, "Renewal, failure, cancellation", and "Dunning days"
 * in the fine print. A bank that wants authentication and a missing card follow the same schedule: the customer gets a
 * link, and nothing is cancelled before the last retry.
 */

const DAY_MS = 86_400_000

/** Days after the first decline on which the payment is tried again. */
const RETRY_DAYS = [1, 3, 5, 7]

/**
 * When to try again. Days count from the first decline, however late a retry ran, so that the end does not move.
 *
 * @param attempt how many attempts have failed, the first decline included: 1 or more.
 * @returns epoch milliseconds, or null after the last retry.
 */
export function nextAttempt(firstDeclineAt: number, attempt: number): number | null {
  if (!Number.isInteger(attempt) || attempt < 1) throw new Error('dunning begins with the first failed attempt')
  const days = RETRY_DAYS[attempt - 1]
  return days === undefined ? null : firstDeclineAt + days * DAY_MS
}
