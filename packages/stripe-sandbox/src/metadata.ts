import { invalidRequest } from './api-error.ts'
import { clearable, type Reader } from './params.ts'

export type Metadata = Readonly<Record<string, string>>

/** Stripe's limits: 50 keys, 40 characters a key, 500 a value. Source: docs.stripe.com/api/metadata. */
const pairs: Reader<Metadata> = (value, param) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidRequest('Invalid object', { param })
  }
  const entries = Object.entries(value)
  if (entries.length > 50) throw invalidRequest('You can only have up to 50 metadata keys.', { param })
  for (const [key, each] of entries) {
    if (typeof each !== 'string') throw invalidRequest('Metadata values must be strings', { param: `${param}[${key}]` })
    if (key.length > 40) throw invalidRequest(`Metadata keys can have up to 40 characters: ${key}`, { param })
    if (each.length > 500) throw invalidRequest('Metadata values can have up to 500 characters', { param })
  }
  return value as Metadata
}

/** Null (sent as an empty string) clears all metadata. */
export const metadata = clearable(pairs)

/** Keys that were not sent stay; an empty value removes its key. */
export function mergeMetadata(before: Metadata, changes: Metadata | null | undefined): Metadata {
  if (changes === null) return {}
  const merged = Object.entries({ ...before, ...changes })
  return Object.fromEntries(merged.filter(([, value]) => value !== ''))
}
