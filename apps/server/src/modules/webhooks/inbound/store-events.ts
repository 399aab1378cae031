import { realNow } from '../../../platform/clock.ts'
import { arrayOf, type Transaction } from '../../../platform/database.ts'
import type { PaymentProvider } from '../../payments/provider.ts'
import { isForeign } from '../../payments/provider-calls.ts'
import type { ProviderEvent } from '../../payments/provider-events.ts'
import { topicOf } from './topic-of.ts'

/**
 * Writes events down that are not known, each once, however often and from wherever they come. What is about nothing that
 * Florin keeps, or another installation's, is stored as ignored, without what it says. A parked event that comes again is tried again: a person has sent it.
 *
 * @returns how many are to be acted on.
 */
export async function storeEvents(
  database: Pick<Transaction, 'query'>,
  provider: Pick<PaymentProvider, 'source' | 'installation'>,
  events: readonly ProviderEvent[],
): Promise<number> {
  if (events.length === 0) return 0
  const now = new Date(realNow())
  const own = await provider.installation()
  const isOurs = events.map(({ type, subject }) => topicOf(type) !== null && !isForeign(subject.metadata, own))
  const due = await database.query(
    `insert into provider_event as e (id, source, type, payload, received_at, outcome, processed_at, next_attempt_at)
     select n.id, $1, n.type, n.payload, $2, case when n.ours then null else 'IGNORED'::provider_event_outcome end,
       case when n.ours then null else $2::timestamptz end, case when n.ours then $2::timestamptz end
     from unnest($3::text[], $4::text[], $5::jsonb[], $6::boolean[]) as n(id, type, payload, ours)
     on conflict (id) do update
       set outcome = null, processed_at = null, attempts = 0, next_attempt_at = $2, payload = excluded.payload
       where e.outcome = 'PARKED'
     returning case when outcome is null then 1 end as due`,
    [
      provider.source,
      now,
      arrayOf(events.map(({ id }) => id)),
      arrayOf(events.map(({ type }) => type)),
      events.map(({ subject }, index) => (isOurs[index] ? JSON.stringify(subject) : null)),
      isOurs,
    ],
  )
  return due.filter((row) => (row as { due: number | null }).due !== null).length
}
