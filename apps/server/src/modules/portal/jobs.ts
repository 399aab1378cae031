import { realNow } from '../../platform/clock.ts'
import type { Database } from '../../platform/database.ts'

/** How long the page of a session that is over still says so, and leads back. */
const KEPT_MS = 30 * 86_400_000

/** Forgets sessions that have been over for long. Any number of workers may do it. */
export async function forgetPortalSessions({ database }: { database: Database }): Promise<void> {
  await database.query(`delete from portal_session where expires_at < $1`, [new Date(realNow() - KEPT_MS)])
}
