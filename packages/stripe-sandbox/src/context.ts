import type { StripeEvent } from './objects.ts'
import type { RawParams } from './params.ts'
import type { Store } from './store.ts'

/** What a handler works with while it answers one request. */
export interface Context {
  readonly store: Store
  /** The origin under which the sandbox is reachable. */
  readonly publicUrl: string
  /** Unix seconds. */
  readonly now: number
  /** The account that the secret key belongs to. */
  readonly accountId: string
  /** How long a bank takes to answer a debit. */
  readonly debitSeconds: number
  /** The API request that causes this; nulls when a person or the passage of time does. */
  readonly request: { readonly id: string | null; readonly idempotency_key: string | null }
  /** Hands an event to the webhook endpoint; returns at once. */
  deliver(event: StripeEvent): void
}

/**
 * Answers one API request. Handlers are synchronous on purpose: nothing else runs between a check and its write, so a
 * double submit or two parallel refunds can't both pass the same check.
 *
 * @param id the id in the path; empty if the path has none.
 */
export type Handler = (context: Context, params: RawParams, id: string) => object

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** A path with at most one `:id`. */
  readonly path: string
  readonly handler: Handler
}
