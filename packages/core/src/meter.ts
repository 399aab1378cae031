/**
 * How a meter turns an event into a quantity. Source: product.md, "Usage" and "Event values" in the fine print.
 */
import { ONE, parseDecimal, type Quantity, subtract, ZERO } from './decimal.ts'
import type { Properties, Scalar } from './price.ts'

export type Aggregation = 'COUNT' | 'SUM' | 'MAX' | 'UNIQUE' | 'LATEST'

export interface Meter {
  readonly eventName: string
  readonly aggregation: Aggregation
  /** The property that is measured; COUNT needs none. */
  readonly property: string | null
  /** Properties that an event must carry with this value, or one of these values. */
  readonly filters: Readonly<Record<string, Scalar | readonly Scalar[]>>
}

/** Whether the event feeds the meter. */
export function feeds(meter: Meter, eventName: string, properties: Properties): boolean {
  if (meter.eventName !== eventName) return false
  for (const key in meter.filters) {
    const wanted = meter.filters[key] as Scalar | readonly Scalar[]
    const value = properties[key] as Scalar
    if (Array.isArray(wanted) ? !wanted.includes(value) : value !== wanted) return false
  }
  return true
}

/** The event cannot be measured: which property is wrong, and what to send. */
export interface Unmeasured {
  readonly ok: false
  readonly field: string
  readonly message: string
}

export type Measured = { readonly ok: true; readonly quantity: Quantity } | Unmeasured

/**
 * What the event adds to the period's quantity. COUNT adds one, SUM its value; MAX and LATEST what a new peak adds, so
 * that a value which falls gives nothing back in the period; UNIQUE one for a value that the period has not seen.
 *
 * @param isNew for UNIQUE: whether `uniqueValueOf` the event is new in the period.
 */
export function measure(meter: Meter, value: unknown, periodQuantity: Quantity, isNew = true): Measured {
  if (meter.aggregation === 'COUNT') return { ok: true, quantity: ONE }
  if (meter.aggregation === 'UNIQUE') return measureUnique(meter, value, isNew)
  const field = fieldOf(meter)
  if (value === undefined || value === null) return missing(field)
  const quantity = parseDecimal<'quantity'>(value)
  if (quantity === null) {
    return {
      ok: false,
      field,
      message: `"${field}" is not a decimal: send a string such as "12.5", at most 9 decimals`,
    }
  }
  return measureQuantity(meter.aggregation, quantity, periodQuantity, field)
}

/** The same for a quantity that is named outright, as `consume` does. */
export function measureQuantity(
  aggregation: Aggregation,
  quantity: Quantity,
  periodQuantity: Quantity,
  field: string,
): Measured {
  if (quantity < 0n && aggregation !== 'LATEST') {
    return { ok: false, field, message: `"${field}" must not be negative` }
  }
  if (aggregation !== 'MAX' && aggregation !== 'LATEST') return { ok: true, quantity }
  return { ok: true, quantity: quantity > periodQuantity ? subtract(quantity, periodQuantity) : ZERO }
}

export type UniqueValue = { readonly ok: true; readonly value: string } | Unmeasured

/**
 * The text under which a UNIQUE meter's set remembers a value. The number 42 and the string "42" are one value: senders
 * write the same id both ways. Numbers beyond 2^53 are refused, because unlike ids would become the same.
 */
export function uniqueValueOf(meter: Meter, value: unknown): UniqueValue {
  const field = fieldOf(meter)
  if (value === undefined || value === null) return missing(field)
  if (Number.isSafeInteger(value)) return { ok: true, value: String(value) }
  if (typeof value === 'string' && value !== '') return { ok: true, value }
  return { ok: false, field, message: `"${field}" must be a string, not empty, or a whole number below 2^53` }
}

function measureUnique(meter: Meter, value: unknown, isNew: boolean): Measured {
  const unique = uniqueValueOf(meter, value)
  if (!unique.ok) return unique
  return { ok: true, quantity: isNew ? ONE : ZERO }
}

function fieldOf({ property }: Meter): string {
  return property ?? 'value'
}

function missing(field: string): Unmeasured {
  return { ok: false, field, message: `this meter measures "${field}": send it as \`value\` or in \`properties\`` }
}
