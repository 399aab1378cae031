import type { ErrorDetails } from './objects.ts'

/** An answer that is an error in Stripe's shape. */
export class ApiError extends Error {
  readonly status: number
  readonly details: ErrorDetails
  /**
   * Whether an idempotency key remembers this answer. Stripe remembers what happened once execution had begun, and
   * forgets requests that validation refused. Source: docs.stripe.com/api/idempotent_requests.
   */
  readonly remembered: boolean

  constructor(status: number, details: ErrorDetails, remembered: boolean) {
    super(details.message)
    this.status = status
    this.details = details
    this.remembered = remembered
  }
}

/** 400: validation refused the request; nothing was executed. */
export function invalidRequest(message: string, rest: { code?: string; param?: string } = {}): ApiError {
  return new ApiError(400, { type: 'invalid_request_error', message, ...documented(rest) }, false)
}

/** 400: the request is well-formed, but the object's state does not allow it. */
export function stateConflict(message: string, rest: Partial<ErrorDetails> = {}): ApiError {
  return new ApiError(400, { type: 'invalid_request_error', message, ...documented(rest) }, true)
}

export function missingParam(param: string): ApiError {
  return invalidRequest(`Missing required param: ${param}.`, { code: 'parameter_missing', param })
}

/** 404 for an id in the path, 400 for one in a parameter. */
export function noSuch(noun: string, id: string, param?: string): ApiError {
  const details: ErrorDetails = {
    type: 'invalid_request_error',
    message: `No such ${noun}: '${id}'`,
    ...documented({ code: 'resource_missing', param: param ?? 'id' }),
  }
  return new ApiError(param ? 400 : 404, details, false)
}

/** 402: the bank, or Stripe, refused the card. */
export function cardError(details: Omit<ErrorDetails, 'type'>): ApiError {
  return new ApiError(402, { ...documented(details), type: 'card_error' }, true)
}

/** 429: too many requests at once; the request was not looked into. */
export function rateLimited(): ApiError {
  const message = 'Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.'
  return new ApiError(429, { type: 'invalid_request_error', message, ...documented({ code: 'rate_limit' }) }, false)
}

/** 500: what Stripe answers when it fails itself. */
export function serverError(): ApiError {
  const message = 'An unknown error occurred'
  return new ApiError(500, { type: 'api_error', message }, true)
}

function documented<T extends { code?: string }>(rest: T): T & { doc_url?: string } {
  if (rest.code === undefined) return rest
  return { ...rest, doc_url: docUrl(rest.code) }
}

export function docUrl(code: string): string {
  return `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`
}
