import { realNow } from '../../platform/clock.ts'
import type { Database } from '../../platform/database.ts'
import { Fault, notFound } from '../../platform/errors.ts'
import { signCustomerToken } from '../accounts/customer-token.ts'
import { readPortal } from './read-portal.ts'

const LONGEST_S = 600

/**
 * A customer token for the portal's page: of ten minutes, or as long as the session still lives.
 *
 * @throws Fault NOT_FOUND, and UNAUTHENTICATED once the session is over.
 */
export async function createPortalToken({ database }: { database: Database }, token: string) {
  const portal = await readPortal(database, token)
  if (!portal) throw notFound('portal session', `${token.slice(0, 12)}…`, 'token')
  const left = Math.floor((portal.expiresAt - realNow()) / 1000)
  if (portal.customerId === null || left < 1) {
    throw new Fault('UNAUTHENTICATED', 'this portal session is over: open a new one with createPortalSession')
  }
  return signCustomerToken(portal.project, portal.customerId, Math.min(left, LONGEST_S), true)
}
