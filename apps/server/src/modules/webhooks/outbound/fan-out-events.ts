import { realNow } from '../../../platform/clock.ts'
import type { WebhookDeps } from './deps.ts'

const BATCH = 500

/** In SQL, whether endpoint `e` wants event `o`: by its type, and by fields of its data that read the same as text. */
export const WANTS = `(cardinality(e.types) = 0 or o.type = any(e.types)) and o.type <> 'endpoint.test'
  and not exists (select 1 from jsonb_each_text(e.filter) f
    where o.data #>> string_to_array(f.key, '.') is distinct from f.value)`

/**
 * Hands events to the endpoints that want them: a delivery for each, due now. In one statement, so that an event is handed
 * out once, whoever does it and wherever it ends. Answers how many it found.
 */
export async function fanOutEvents({ database }: Pick<WebhookDeps, 'database'>): Promise<number> {
  const done = await database.query(
    `with waiting as (
       select id, project_id, type, data from outbound_event where sent_out_at is null order by id limit ${BATCH}
       for update skip locked),
     made as (
       insert into webhook_delivery (endpoint_id, event_id, next_attempt_at)
       select e.id, o.id, $1 from waiting o join webhook_endpoint e on e.project_id = o.project_id
       where e.disabled_at is null and ${WANTS} order by o.id on conflict do nothing)
     update outbound_event o set sent_out_at = $1 from waiting w where o.id = w.id returning 1`,
    [new Date(realNow())],
  )
  return done.length
}
