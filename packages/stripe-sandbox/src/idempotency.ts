import { createHash } from 'node:crypto'
import { ApiError, invalidRequest } from './api-error.ts'
import type { RawParams } from './params.ts'
import type { RememberedAnswer, Store } from './store.ts'

/** Keys are kept for at least 24 hours. Source: docs.stripe.com/api/idempotent_requests. */
const KEPT_SECONDS = 24 * 60 * 60
const MAX_KEY_LENGTH = 255

/** What makes a request the same request: its endpoint and its parameters, in any order. */
export function fingerprintOf(path: string, params: RawParams): string {
  return createHash('sha256')
    .update(`${path}\n${JSON.stringify(sorted(params))}`)
    .digest('hex')
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, each]) => [key, sorted(each)])
}

export interface IdempotencyKeys {
  /**
   * Starts a request: the remembered answer to replay, or null if the request has to be executed; then `finish` must follow.
   *
   * @throws 400 for a key that was used for another request; 409 while the first request is in flight.
   */
  begin(key: string, fingerprint: string): RememberedAnswer | null
  /** Ends a request; `answer` is null if it was refused before execution, and the key may be used again. */
  finish(key: string, answer: RememberedAnswer | null): void
  /** Forgets keys that are older than Stripe promises to keep them. */
  forgetOld(now: number): void
}

export function createIdempotencyKeys(store: Store): IdempotencyKeys {
  /** Fingerprints by key. In memory only: a request can't be in flight across a restart. */
  const inFlight = new Map<string, string>()
  return {
    begin(key, fingerprint) {
      if (key.length > MAX_KEY_LENGTH) throw invalidRequest('The idempotency key must be at most 255 characters long.')
      const answer = store.answers.get(key)
      if ((answer?.fingerprint ?? inFlight.get(key) ?? fingerprint) !== fingerprint) throw otherParameters(key)
      if (inFlight.has(key)) throw keyInUse(key)
      if (!answer) inFlight.set(key, fingerprint)
      return answer ?? null
    },
    finish(key, answer) {
      inFlight.delete(key)
      if (answer) store.answers.put(answer)
    },
    forgetOld(now) {
      for (const answer of store.answers.oldestFirst()) {
        if (answer.created + KEPT_SECONDS > now) break
        store.answers.delete(answer.id)
      }
    },
  }
}

function otherParameters(key: string): ApiError {
  const message = `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`
  return new ApiError(400, { type: 'idempotency_error', message }, false)
}

function keyInUse(key: string): ApiError {
  const message = `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`
  return new ApiError(409, { type: 'idempotency_error', code: 'idempotency_key_in_use', message }, false)
}
