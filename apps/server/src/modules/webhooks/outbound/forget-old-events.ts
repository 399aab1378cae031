import { realNow } from '../../../platform/clock.ts'
import { firstIdAt } from '../../../platform/ids.ts'
import type { WebhookDeps } from './deps.ts'

const KEEP_MS = 30 * 86_400_000
const FORGET_AT_ONCE = 1_000

/** Events that are a month old go, and with them what became of them. */
export async function forgetOldEvents({ database }: Pick<WebhookDeps, 'database'>): Promise<void> {
  const cutoff = firstIdAt(realNow() - KEEP_MS)
  for (let gone = FORGET_AT_ONCE; gone === FORGET_AT_ONCE; ) {
    const rows = await database.query(
      `delete from outbound_event where id in (
         select id from outbound_event where id < $1 and sent_out_at is not null order by id limit ${FORGET_AT_ONCE})
       returning 1`,
      [cutoff],
    )
    gone = rows.length
  }
}
