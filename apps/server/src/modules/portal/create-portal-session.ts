import { realNow } from '../../platform/clock.ts'
import type { Database, Transaction } from '../../platform/database.ts'
import { Fault } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { pageToken } from '../accounts/page-token.ts'
import { findCustomer } from '../accounts/read-customer.ts'
import { checkRedirect } from '../accounts/set-allowed-origins.ts'
import type { Viewer } from '../accounts/viewer.ts'

const LIFE_MS = 60 * 60_000
/** The most sessions of a customer that live at a time. */
const MOST_LIVE = 20

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
 * Opens the portal for a customer, for 60 minutes. Each call opens another session. A customer has 20 at most: one more ends
 * the oldest, whose page then says that its link has expired.
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
  await deps.database.transaction(async (tx) => {
    await endOldest(tx, customer.pk, createdAt)
    await tx.query(
      `insert into portal_session (id, project_id, customer_pk, return_url, created_at, expires_at)
       values ($1, $2, $3, $4, $5, $6)`,
      [id, project.id, customer.pk, returnUrl, new Date(createdAt), new Date(expiresAt)],
    )
  })
  return { url: `${deps.publicUrl}/portal/${pageToken('portal', project, id)}`, expiresAt }
}

/** Leaves room for one more. Two that are opened at once are counted one after the other. */
async function endOldest(tx: Transaction, customerPk: number, now: number): Promise<void> {
  await tx.query(`select 1 from customer where pk = $1 for no key update`, [customerPk])
  await tx.query(
    `update portal_session set expires_at = $2 where id in (
       select id from portal_session where customer_pk = $1 and expires_at > $2 order by created_at desc, id desc offset $3)`,
    [customerPk, new Date(now), MOST_LIVE - 1],
  )
}
