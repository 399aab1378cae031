import { timingSafeEqual } from 'node:crypto'
import { ApiError } from './api-error.ts'

/**
 * Lets a request with a test secret key, or a restricted one, pass, sent as bearer token or as the user name of basic authentication.
 *
 * @param expected the one key that is accepted; any `sk_test_…` or `rk_test_…` if left out.
 * @throws 401 otherwise.
 */
export function checkApiKey(authorization: string | undefined, expected: string | undefined): void {
  const key = keyIn(authorization)
  if (!key) {
    throw unauthorized(
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
    )
  }
  const accepted = expected === undefined ? /^[sr]k_test_\w+$/.test(key) : isSame(key, expected)
  if (!accepted) throw unauthorized(`Invalid API Key provided: ${masked(key)}`)
}

function keyIn(authorization = ''): string {
  const [scheme = '', credentials = ''] = authorization.split(' ')
  if (scheme.toLowerCase() === 'bearer') return credentials
  if (scheme.toLowerCase() !== 'basic') return ''
  return Buffer.from(credentials, 'base64').toString('utf8').split(':')[0] ?? ''
}

function isSame(key: string, expected: string): boolean {
  const [a, b] = [Buffer.from(key), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function masked(key: string): string {
  return key.length > 12 ? `${key.slice(0, 8)}${'*'.repeat(key.length - 12)}${key.slice(-4)}` : '*'.repeat(key.length)
}

function unauthorized(message: string): ApiError {
  return new ApiError(401, { type: 'invalid_request_error', message }, false)
}
