import { isStorable } from './storable.ts'

/** Stable codes of faults, as `extensions.code` shows them. Business outcomes are data, not faults. */
export const FAULT_CODES = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'INVALID_INPUT',
  'CONFLICT',
  'IDEMPOTENCY_CONFLICT',
  'RATE_LIMITED',
  'QUERY_TOO_COMPLEX',
  'PAYMENT_PROVIDER_UNAVAILABLE',
  'INTERNAL',
] as const

export type FaultCode = (typeof FAULT_CODES)[number]

/** A fault that the caller can do something about. The message says what is wrong and what would help. */
export class Fault extends Error {
  readonly code: FaultCode
  /** The input field at fault, as the caller wrote it. */
  readonly field: string | undefined

  constructor(code: FaultCode, message: string, field?: string) {
    super(message)
    this.code = code
    this.field = field
  }
}

export function invalidInput(field: string, message: string): Fault {
  return new Fault('INVALID_INPUT', message, field)
}

/** Refuses a value that the database can't keep as it is. Throws INVALID_INPUT. */
export function checkStorable<Value>(value: Value, field: string): Value {
  if (isStorable(value)) return value
  throw invalidInput(field, `${field} has text with a NUL or half a character in it, or is nested too deeply`)
}

/** The most that a caller may attach to a thing, in characters of JSON. */
const MOST_METADATA = 16_384

/** Refuses metadata that the database can't keep, or that is too much to carry along. Throws INVALID_INPUT. */
export function checkMetadata(value: unknown, field = 'metadata'): void {
  checkStorable(value, field)
  if (value != null && JSON.stringify(value).length > MOST_METADATA) {
    throw invalidInput(field, `${field} is at most ${MOST_METADATA} characters of JSON: keep the rest on your side`)
  }
}

export function notFound(what: string, name: string, field?: string, remedy?: string): Fault {
  const message = `there is no ${what} "${name}" in this project`
  return new Fault('NOT_FOUND', remedy ? `${message}: ${remedy}` : message, field)
}
