import { FlorinError } from './errors.ts'

/** A GraphQL error as it stands in an answer over HTTP or WebSocket. */
export interface GraphqlFault {
  readonly message: string
  readonly extensions?: Readonly<Record<string, unknown>>
}

/** Faults that time heals. They are repeated by the caller only where the call itself may be repeated. */
const PASSING = new Set(['RATE_LIMITED', 'PAYMENT_PROVIDER_UNAVAILABLE', 'INTERNAL'])

export const isFaultList = (value: unknown): value is [GraphqlFault, ...GraphqlFault[]] =>
  Array.isArray(value) && value.length > 0 && value.every((fault) => typeof fault?.message === 'string')

/** The first fault decides; Florin's operations ask for one thing each. */
export function faultToError(fault: GraphqlFault, repeatable: boolean, requestId?: string): FlorinError {
  const { code, field, requestId: reported } = fault.extensions ?? {}
  const name = typeof code === 'string' ? code : 'INTERNAL'
  return new FlorinError(fault.message, {
    code: name,
    field: typeof field === 'string' ? field : undefined,
    requestId: typeof reported === 'string' ? reported : requestId,
    retryable: repeatable && PASSING.has(name),
  })
}
