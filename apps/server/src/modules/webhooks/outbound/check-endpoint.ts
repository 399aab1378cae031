import { checkStorable, invalidInput } from '../../../platform/errors.ts'
import { EVENT_TYPES, type EventType } from '../../events/announce-event.ts'

type Scalar = string | number | boolean | null

/** Fields of an event's data, by dotted path, and what they must be. */
export type EventFilter = Readonly<Record<string, Scalar>>

/** What an endpoint is told about, and how it is called. */
export interface EndpointTerms {
  readonly description?: string | null | undefined
  readonly types?: readonly string[] | null | undefined
  readonly filter?: unknown
}

const MOST_FIELDS = 20

/** Checks what was sent of it; what was left out stays undefined. Throws INVALID_INPUT. */
export function checkEndpoint({ description, types, filter }: EndpointTerms) {
  if (description != null && checkStorable(description, 'description').length > 500) {
    throw invalidInput('description', 'description is at most 500 characters')
  }
  return {
    description,
    types: types == null ? types : checkTypes(types),
    filter: filter == null ? (filter as null | undefined) : checkFilter(filter),
  }
}

function checkTypes(types: readonly string[]): EventType[] {
  const unknown = types.findIndex((type) => !EVENT_TYPES.includes(type as EventType))
  if (unknown === -1) return [...new Set(types)] as EventType[]
  throw invalidInput(`types.${unknown}`, `types.${unknown} is no type of event: there are ${EVENT_TYPES.join(', ')}`)
}

function checkFilter(filter: unknown): EventFilter {
  checkStorable(filter, 'filter')
  const fields = typeof filter === 'object' && !Array.isArray(filter) ? Object.entries(filter as object) : null
  if (!fields || fields.length === 0 || fields.length > MOST_FIELDS) {
    throw invalidInput(
      'filter',
      `filter is an object of 1 to ${MOST_FIELDS} fields of the event's data, such as { "percent": "20" }`,
    )
  }
  for (const [path, value] of fields) {
    if (path === '' || path.split('.').includes('')) {
      throw invalidInput(
        'filter',
        `filter names no field by "${path}": write "customerId", or "cause.type" for one inside`,
      )
    }
    if (value !== null && typeof value === 'object') {
      throw invalidInput('filter', `filter.${path} must be text, a number, true, false or null`)
    }
  }
  return filter as EventFilter
}
