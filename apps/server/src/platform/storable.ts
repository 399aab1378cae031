const DEEPEST = 100
const HALF_A_CHARACTER = /\p{Surrogate}/u

/**
 * Whether PostgreSQL can keep a JSON value: it has no place for a NUL or half a surrogate pair in text, and what is
 * nested very deeply can't be walked.
 */
export function isStorable(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return !value.includes('\0') && !HALF_A_CHARACTER.test(value)
  if (value === null || typeof value !== 'object') return true
  if (depth === DEEPEST) return false
  return Object.entries(value).every(([key, item]) => isStorable(key, depth) && isStorable(item, depth + 1))
}
