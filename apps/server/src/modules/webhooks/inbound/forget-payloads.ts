import { realNow } from '../../../platform/clock.ts'
import type { InboundDeps } from './deps.ts'

const KEEP_MS = 90 * 86_400_000
const FORGET_AT_ONCE = 1_000

/** What old events said goes, with the names and addresses in it. Their ids stay: one that comes again is still known. */
export async function forgetPayloads({ database }: Pick<InboundDeps, 'database'>): Promise<void> {
  const cutoff = new Date(realNow() - KEEP_MS)
  for (let gone = FORGET_AT_ONCE; gone === FORGET_AT_ONCE; ) {
    const rows = await database.query(
      `update provider_event set payload = null, last_error = null where id in (
         select id from provider_event where payload is not null and processed_at < $1 and outcome <> 'PARKED'
         order by processed_at limit ${FORGET_AT_ONCE})
       returning 1`,
      [cutoff],
    )
    gone = rows.length
  }
}
