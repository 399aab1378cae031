import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import { FAULT_CODES, Fault, type FaultCode } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import type { Log } from '../platform/log.ts'

/** What a caller sees of a failure: faults with their code and field, everything else only as INTERNAL with an id. */
export function formatFailure(error: unknown, log: Log): GraphQLFormattedError {
  if (!(error instanceof GraphQLError)) return formatCause(error, {}, log)
  const place = {
    ...(error.locations ? { locations: error.locations } : {}),
    ...(error.path ? { path: error.path } : {}),
  }
  if (error.originalError && !(error.originalError instanceof GraphQLError)) {
    return formatCause(error.originalError, place, log)
  }
  return { message: error.message, ...place, extensions: requestExtensions(error) }
}

/** What PostgreSQL says of text that it can't keep, where nobody looked at it before. */
const UNSTORABLE: ReadonlySet<unknown> = new Set(['22021', '22P05'])

function formatCause(cause: unknown, place: object, log: Log): GraphQLFormattedError {
  if (cause instanceof Fault) {
    const extensions = cause.field === undefined ? { code: cause.code } : { code: cause.code, field: cause.field }
    return { message: cause.message, ...place, extensions }
  }
  if (UNSTORABLE.has((cause as { code?: unknown }).code)) {
    const message = 'text must have neither a NUL nor half a character in it'
    return { message, ...place, extensions: { code: 'INVALID_INPUT' satisfies FaultCode } }
  }
  const requestId = newId()
  log.error({ requestId, err: cause }, 'unexpected failure')
  const message = `something went wrong on the server; it was logged as ${requestId}`
  return { message, ...place, extensions: { code: 'INTERNAL' satisfies FaultCode, requestId } }
}

// A request that GraphQL itself refuses (syntax, unknown field, a variable of the wrong type) is invalid input, also
// where a library has a code of its own for it.
function requestExtensions(error: GraphQLError): { code: FaultCode; field?: string } {
  const code = FAULT_CODES.find((known) => known === error.extensions.code) ?? 'INVALID_INPUT'
  const field = fieldOf(error.message)
  return field === undefined ? { code } : { code, field }
}

function fieldOf(message: string): string | undefined {
  const named =
    /^Variable "\$(\w+)" got invalid value .*? at "([^"]+)"/.exec(message)?.[2] ??
    /^Variable "\$(\w+)"/.exec(message)?.[1] ??
    /^(?:Argument|Field) "([\w.]+)"/.exec(message)?.[1]
  // What is missing, or too much, in an input object is named after it.
  const inner = /; Field "(\w+)" /.exec(message)?.[1]
  const path = named && inner ? `${named}.${inner}` : named
  return path?.replace(/\[(\d+)\]/g, '.$1').replace(/^input\./, '')
}
