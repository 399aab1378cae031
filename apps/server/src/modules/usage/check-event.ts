import { feeds, parseDecimal, type Quantity } from '@florin/core'
import { checkStorable, type Fault, invalidInput } from '../../platform/errors.ts'
import type { Catalog, CatalogMeter } from '../catalog/read-catalog.ts'
import { digestFor } from './read-unique-values.ts'
import type { MeterFeed } from './spend-request.ts'

const DAY_MS = 86_400_000
/** Source: product.md, "Usage": late events count up to 35 days back. */
const LATEST_DAYS = 35
/** Clocks differ; an event from further ahead is a mistake. */
const AHEAD_MS = 5 * 60_000

/** Properties as an object, empty if left out. Throws INVALID_INPUT. */
export function checkProperties(properties: unknown): Readonly<Record<string, unknown>> {
  if (properties === null || properties === undefined) return {}
  if (typeof properties === 'object' && !Array.isArray(properties)) {
    return checkStorable(properties, 'properties') as Record<string, unknown>
  }
  throw invalidInput('properties', 'properties is an object such as { "model": "large" }')
}

/** A quantity that is greater than zero. Throws INVALID_INPUT. */
export function checkQuantity(input: unknown, field = 'quantity'): Quantity {
  const quantity = checkUsed(input, field)
  if (quantity === 0n) throw invalidInput(field, `${field} must be greater than zero`)
  return quantity
}

/**
 * Throws INVALID_INPUT where the property that a meter sums is given beside the quantity, and is another: `quantity` is 1 unless
 * it is said, and nobody may be charged for one by an oversight.
 */
export function checkAgreement(
  { aggregation, property }: CatalogMeter,
  quantity: Quantity,
  properties: Readonly<Record<string, unknown>>,
): void {
  if (aggregation !== 'SUM' || property === null || properties[property] === undefined) return
  if (parseDecimal<'quantity'>(properties[property]) === quantity) return
  const field = `properties.${property}`
  throw invalidInput(field, `${field} differs from quantity, which is what counts here: say it as quantity alone`)
}

/** What was used of what was reserved: it may have been nothing. Throws INVALID_INPUT. */
export function checkUsed(input: unknown, field = 'quantity'): Quantity {
  const quantity = parseDecimal<'quantity'>(input)
  if (quantity === null) {
    throw invalidInput(
      field,
      `${field} is not a decimal: send a string such as "1.5", at most 30 digits before and 9 after the point`,
    )
  }
  if (quantity < 0n) throw invalidInput(field, `${field} must not be negative`)
  return quantity
}

/** When the event happened, in epoch milliseconds. Throws INVALID_INPUT. */
export function checkTimestamp(timestamp: number | null | undefined, now: number): number {
  if (timestamp === null || timestamp === undefined) return now
  if (Number.isNaN(timestamp))
    throw invalidInput('timestamp', 'timestamp is not an instant such as "2027-01-31T09:30:00Z"')
  if (timestamp < now - LATEST_DAYS * DAY_MS) {
    throw invalidInput('timestamp', `timestamp is more than ${LATEST_DAYS} days ago: its period is closed`)
  }
  if (timestamp > now + AHEAD_MS) throw invalidInput('timestamp', "timestamp is in the future of the project's clock")
  return timestamp
}

/** The meters that an event feeds, each with the value it measures. `value` stands in for the property a meter wants. */
export function feedsOf(
  catalog: Catalog,
  event: { eventName: string; value: unknown; properties: Readonly<Record<string, unknown>> },
): MeterFeed[] {
  const candidates = catalog.metersByEvent.get(event.eventName) ?? []
  return candidates
    .filter((meter) => feeds(meter, event.eventName, event.properties))
    .map((meter) => {
      const { value } = event
      if (value === null || value === undefined) return propertyFeed(meter, event.properties)
      return { meter, quantity: null, value, digest: digestFor(meter, value), field: 'value' }
    })
}

/** What the property that a meter measures gives to it. */
export function propertyFeed(meter: CatalogMeter, properties: Readonly<Record<string, unknown>>): MeterFeed {
  const property = meter.property ?? 'value'
  const value = properties[property]
  return { meter, quantity: null, value, digest: digestFor(meter, value), field: `properties.${property}` }
}

/** Whether an error is something to tell this one event, rather than the whole call. */
export function isEventFault(error: unknown): error is Fault {
  return (error as Fault).code === 'INVALID_INPUT' || (error as Fault).code === 'NOT_FOUND'
}
