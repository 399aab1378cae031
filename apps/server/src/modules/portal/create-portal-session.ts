import { realNow } from '../../platform/clock.ts'
import type { Database } from '../../platform/database.ts'
import { Fault } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { pageToken } from '../accounts/page-token.ts'
import { findCustomer } from '../accounts/read-customer.ts'
import { checkRedirect } from '../accounts/set-allowed-origins.ts'
import type { Viewer } from '../accounts/viewer.ts'

const LIFE_MS = 60 * 60_000

export interface PortalDeps {
  readonly database: Database
  readonly publicUrl: string
}

export interface PortalSession {
  readonly url: string
  /** Epoch milliseconds, real time. */
  readonly expiresAt: number
}

/**
 * Opens the portal for a customer, for 60 minutes. Each call opens another session, and writes nothing else.
 *
 * @throws Fault NOT_FOUND, FORBIDDEN for a token that a portal made, and INVALID_INPUT for a `returnUrl` outside of the
 * project's allowed origins.
 */
export async function createPortalSession(
  deps: PortalDeps,
  viewer: Viewer,
  input: { customerId: string; returnUrl: string },
): Promise<PortalSession> {
  const { project } = viewer
  if (viewer.role === 'customer' && viewer.ofPortal) {
    throw new Fault('FORBIDDEN', "a portal's own token opens no other portal: its hour would never end")
  }
  const returnUrl = await checkRedirect(deps, project, input.returnUrl, 'returnUrl')
  const customer = await findCustomer(deps.database, project, input.customerId)
  const id = newId()
  const createdAt = realNow()
  const expiresAt = createdAt + LIFE_MS
  await deps.database.query(
    `insert into portal_session (id, project_id, customer_pk, return_url, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6)`,
    [id, project.id, customer.pk, returnUrl, new Date(createdAt), new Date(expiresAt)],
  )
  return { url: `${deps.publicUrl}/portal/${pageToken('portal', project, id)}`, expiresAt }
}
