import { FlorinError } from '../errors.ts'
import { now, within } from '../timing.ts'

/** A customer's credentials, as the backend's `createCustomerToken` made them. */
export interface CustomerCredentials {
  readonly bearer: string
  readonly customerId: string
}

export interface CustomerTokens {
  /** The token in hand, or a new one if that is about to expire. Callers at the same time share one fetch. */
  get(): Promise<CustomerCredentials>
  /** Forgets a token that the API refused, unless a newer one has replaced it. */
  forget(bearer: string): void
}

/** A token that expires sooner than this is not worth connecting with. */
const EXPIRY_MARGIN_MS = 10_000
const FETCH_WITHIN_MS = 20_000

/** The backend's token of whoever is signed in; null: nobody is. */
export type FetchToken = () => Promise<string | null>

export function createCustomerTokens(fetchToken: FetchToken): CustomerTokens {
  let current: (CustomerCredentials & { expiresAt: number }) | undefined
  let pending: Promise<CustomerCredentials> | undefined

  const renew = async () => {
    current = undefined
    const bearer = await within(FETCH_WITHIN_MS, fetchToken())
    if (bearer === null) throw new FlorinError('Sign in first', { code: 'SIGNED_OUT' })
    current = readToken(bearer)
    return current
  }
  return {
    get: () => {
      if (pending) return pending
      if (current && current.expiresAt - now() > EXPIRY_MARGIN_MS) return Promise.resolve(current)
      pending = renew()
        .catch(failed)
        .finally(() => {
          pending = undefined
        })
      return pending
    },
    forget: (bearer) => {
      if (current?.bearer === bearer) current = undefined
    },
  }
}

function failed(cause: unknown): never {
  if (cause instanceof FlorinError) throw cause
  const reason = cause instanceof Error ? cause.message : String(cause)
  throw new FlorinError(`The token function failed: ${reason}`, { code: 'UNAUTHENTICATED', retryable: true, cause })
}

/** Reads `ct_<jwt>`. The signature is the API's business; the browser needs to know for whom and until when. */
function readToken(bearer: string) {
  try {
    const payload = bearer.startsWith('ct_') ? (bearer.split('.')[1] ?? '') : ''
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))
    const claims: { sub?: unknown; exp?: unknown } = JSON.parse(new TextDecoder().decode(bytes))
    if (typeof claims.sub !== 'string') throw new Error('the token has no subject')
    const expiresAt = typeof claims.exp === 'number' ? claims.exp * 1000 : Number.POSITIVE_INFINITY
    return { bearer, customerId: claims.sub, expiresAt }
  } catch (cause) {
    const message = 'The token function must resolve to a customer token (`ct_…`) of createCustomerToken'
    throw new FlorinError(message, { code: 'UNAUTHENTICATED', cause })
  }
}
