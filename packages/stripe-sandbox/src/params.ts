import { invalidRequest, missingParam } from './api-error.ts'

/** Parameters as they were parsed from the body or the query: nested objects and arrays of strings. */
export type RawParams = Readonly<Record<string, unknown>>

/** Reads one value or throws Stripe's error. `name` is the full name, for example `line_items[0][quantity]`. */
export type Reader<T> = (value: unknown, name: string) => T

type Shape = Readonly<Record<string, Reader<unknown>>>

/** What `readParams` returns: the required parameters, and those that were sent of the others. */
export type Params<S extends Shape, Required extends keyof S = never> = {
  readonly [K in Required]: ReturnType<S[K]>
} & { readonly [K in keyof S]?: ReturnType<S[K]> }

/** Reads every parameter by its reader; refuses unknown ones, then the first required one that is missing. */
export function readParams<S extends Shape, Required extends keyof S & string = never>(
  raw: RawParams,
  shape: S,
  required: readonly Required[] = [],
  parent = '',
): Params<S, Required> {
  const params: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(raw)) {
    const name = parent ? `${parent}[${key}]` : key
    const reader = Object.hasOwn(shape, key) ? shape[key] : undefined
    if (!reader) throw unknownParam(name)
    params[key] = reader(value, name)
  }
  for (const key of required) {
    if (params[key] === undefined) throw missingParam(parent ? `${parent}[${key}]` : key)
  }
  return params as Params<S, Required>
}

function unknownParam(param: string): Error {
  if (param === 'payment_method_types') {
    const message =
      'The parameter payment_method_types is no longer supported. Use allowed_payment_method_types or dynamic payment methods instead.'
    return invalidRequest(message, { code: 'payment_method_types_no_longer_supported', param })
  }
  return invalidRequest(`Received unknown parameter: ${param}`, { code: 'parameter_unknown', param })
}

/** Text that can't be empty: an empty value means "unset" in Stripe's form encoding. */
export function text(maxLength = 5000): Reader<string> {
  return (value, param) => {
    if (typeof value !== 'string') throw invalidRequest('Invalid string', { param })
    if (value === '') {
      const message = `You passed an empty string for '${param}'. We assume empty values are an attempt to unset a parameter; however '${param}' cannot be unset. You should remove '${param}' from your request or supply a non-empty value.`
      throw invalidRequest(message, { code: 'parameter_invalid_empty', param })
    }
    if (value.length > maxLength) {
      const message = `Invalid string: ${value.slice(0, 20)}...; must be at most ${maxLength} characters`
      throw invalidRequest(message, { code: 'parameter_invalid_string', param })
    }
    return value
  }
}

/** A value that an empty string unsets. */
export function clearable<T>(reader: Reader<T>): Reader<T | null> {
  return (value, name) => (value === '' ? null : reader(value, name))
}

export function integer(limits: { min?: number; max?: number } = {}): Reader<number> {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = limits
  return (value, param) => {
    const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : Number.NaN
    if (Number.isNaN(number)) {
      throw invalidRequest(`Invalid integer: ${String(value)}`, { code: 'parameter_invalid_integer', param })
    }
    if (number < min) {
      const message = `This value must be greater than or equal to ${min}.`
      throw invalidRequest(message, { code: 'parameter_invalid_integer', param })
    }
    if (number > max) {
      const message = `This value must be less than or equal to ${max}.`
      throw invalidRequest(message, { code: 'parameter_invalid_integer', param })
    }
    return number
  }
}

export const boolean: Reader<boolean> = (value, param) => {
  if (value === 'true') return true
  if (value === 'false') return false
  throw invalidRequest(`Invalid boolean: ${String(value)}`, { param })
}

export function oneOf<const T extends string>(...choices: readonly T[]): Reader<T> {
  return (value, param) => {
    const choice = choices.find((each) => each === value)
    if (choice !== undefined) return choice
    const allowed = choices.length > 1 ? `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}` : choices[0]
    throw invalidRequest(`Invalid ${param}: must be one of ${allowed}`, { param })
  }
}

export function object<S extends Shape, Required extends keyof S & string = never>(
  shape: S,
  required: readonly Required[] = [],
): Reader<Params<S, Required>> {
  return (value, name) => readParams(asObject(value, name), shape, required, name)
}

export function list<T>(reader: Reader<T>, maxLength = 100): Reader<readonly T[]> {
  return (value, param) => {
    if (!Array.isArray(value)) throw invalidRequest('Invalid array', { param })
    if (value.length > maxLength) throw invalidRequest(`Array ${param} exceeded maximum ${maxLength} allowed elements.`)
    return value.map((each, index) => reader(each, `${param}[${index}]`))
  }
}

/** Accepted, not looked into. */
export const anything: Reader<unknown> = (value) => value

function asObject(value: unknown, param: string): RawParams {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as RawParams
  throw invalidRequest('Invalid object', { param })
}
