/**
 * Whether an operation may be sent again when its answer was lost: reads, and mutations whose every effect carries an
 * idempotency key. Any mention of a mutation counts as one; a wrong guess then costs a retry, not a second charge.
 */
export function isRepeatable(document: string, variables: unknown): boolean {
  return !/\bmutation\b/.test(document) || carriesKey(variables)
}

function carriesKey(variables: unknown): boolean {
  if (!isObject(variables)) return false
  const { events, input } = variables
  if (Array.isArray(events)) return events.length > 0 && events.every(hasKey)
  return hasKey(variables) || hasKey(input)
}

const hasKey = (value: unknown): boolean => isObject(value) && typeof value.idempotencyKey === 'string'

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
