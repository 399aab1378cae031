import { jwtVerify, SignJWT } from 'jose'
import { realNow } from '../../platform/clock.ts'
import type { Project } from './viewer.ts'

// A customer token is `ct_` and a JWT signed with the project's own secret: subject the customer, audience the project.

const PREFIX = 'ct_'

export interface CustomerClaims {
  readonly customerId: string
  /** Epoch milliseconds, real time: credentials don't follow the sandbox clock. */
  readonly expiresAt: number
  readonly issuedAt: number
  /** It was made by a portal session, which it does not outlive. */
  readonly ofPortal: boolean
}

export async function signCustomerToken(project: Project, customerId: string, ttlSeconds: number, ofPortal = false) {
  const issuedAt = Math.floor(realNow() / 1000)
  const expiresAt = issuedAt + ttlSeconds
  const token = await new SignJWT(ofPortal ? { portal: true } : {})
    .setProtectedHeader({ alg: 'HS256', kid: project.id })
    .setSubject(customerId)
    .setAudience(project.id)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .sign(Buffer.from(project.tokenSecret))
  return { token: PREFIX + token, expiresAt: expiresAt * 1000 }
}

export function isCustomerToken(credential: string): boolean {
  return credential.startsWith(PREFIX)
}

/** The project that the token says it is for; not to be believed before `verifyCustomerToken`. */
export function projectOfToken(token: string): string | null {
  try {
    const [header = ''] = token.slice(PREFIX.length).split('.')
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid?: unknown }
    return typeof kid === 'string' && /^[0-9a-f-]{36}$/.test(kid) ? kid : null
  } catch {
    return null
  }
}

/** The token's claims, `expired`, or null if it is not a valid token of this project. */
export async function verifyCustomerToken(project: Project, token: string): Promise<CustomerClaims | 'expired' | null> {
  try {
    const { payload } = await jwtVerify(token.slice(PREFIX.length), Buffer.from(project.tokenSecret), {
      algorithms: ['HS256'],
      audience: project.id,
      requiredClaims: ['sub', 'exp', 'iat'],
      currentDate: new Date(realNow()),
    })
    return {
      customerId: payload.sub as string,
      expiresAt: (payload.exp as number) * 1000,
      issuedAt: (payload.iat as number) * 1000,
      ofPortal: payload.portal === true,
    }
  } catch (error) {
    return (error as { code?: string }).code === 'ERR_JWT_EXPIRED' ? 'expired' : null
  }
}
