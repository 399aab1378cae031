/** Codes of the API's faults (`extensions.code`), and the SDK's own for what never reached the API. */
export type FlorinErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'INVALID_INPUT'
  | 'CONFLICT'
  | 'IDEMPOTENCY_CONFLICT'
  | 'RATE_LIMITED'
  | 'QUERY_TOO_COMPLEX'
  | 'PAYMENT_PROVIDER_UNAVAILABLE'
  | 'INTERNAL'
  | 'CONNECTION_FAILED'
  | 'TIMED_OUT'
  | 'SIGNED_OUT'
  | (string & {})

export interface FlorinErrorDetails {
  readonly code: FlorinErrorCode
  /** The input at fault, such as "input.quantity" (INVALID_INPUT). */
  readonly field?: string | undefined
  readonly requestId?: string | undefined
  readonly retryable?: boolean
  readonly cause?: unknown
}

/** Every failure of the SDK. `code` is stable; the message is for people. */
export class FlorinError extends Error {
  override readonly name: string = 'FlorinError'
  readonly code: FlorinErrorCode
  readonly field: string | undefined
  readonly requestId: string | undefined
  /** The same call may be made again: it can succeed then, and it can't take effect twice. */
  readonly retryable: boolean

  constructor(message: string, { code, field, requestId, retryable = false, cause }: FlorinErrorDetails) {
    super(message, { cause })
    this.code = code
    this.field = field
    this.requestId = requestId
    this.retryable = retryable
  }
}

/**
 * Florin could not be reached, or did not answer in time (`CONNECTION_FAILED`, `TIMED_OUT`). For a mutation without an
 * idempotency key the outcome is unknown and `retryable` is false: read before sending it again.
 */
export class FlorinConnectionError extends FlorinError {
  override readonly name = 'FlorinConnectionError'
}

/** What an unknown throw becomes, so that callers only ever meet one base class. */
export function asFlorinError(thrown: unknown, context: string): FlorinError {
  if (thrown instanceof FlorinError) return thrown
  const reason = thrown instanceof Error ? thrown.message : String(thrown)
  return new FlorinConnectionError(`${context}: ${reason}`, {
    code: 'CONNECTION_FAILED',
    retryable: true,
    cause: thrown,
  })
}
