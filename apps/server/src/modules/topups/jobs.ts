import { realNow } from '../../platform/clock.ts'
import type { SubscriptionDeps } from '../subscriptions/deps.ts'
import { runTopUps } from './run-top-ups.ts'

const BATCH = 100

// One way each by an index: what comes due by itself, a threshold that was crossed, a card that is new, and a charge that
// somebody else has settled. A charge that is on its way is left to who makes it, and then to the look-up of payments. A
// customer whose period is ending is left to the clock: the next allowance may be enough.
const DUE = `
  select d.customer_pk from (
  select t.customer_pk from auto_top_up t join customer c on c.pk = t.customer_pk join project p on p.id = c.project_id
  where t.due_at <= $1::timestamptz + p.clock_offset_ms * interval '1 millisecond'
  union select w.customer_pk from balance_watch w join auto_top_up t using (customer_pk, credit_type_pk)
  where w.kind = 'TOP_UP' and not w.armed and t.state = 'READY'
  union select t.customer_pk from auto_top_up t join payment_profile y using (customer_pk)
    join payment_method m on m.id = y.payment_method_id
  where y.active and t.state in ('BACKING_OFF', 'NEEDS_CUSTOMER') and m.provider_method_id <> coalesce(t.declines->>'card', '')
  union select h.customer_pk from auto_top_up_charge h join payment y on y.id = h.payment_id
  where h.status = 'PENDING' and y.status not in ('PENDING', 'PROCESSING')) d
  join customer c on c.pk = d.customer_pk join project p on p.id = c.project_id
  where not exists (select 1 from subscription s where s.customer_pk = d.customer_pk
    and s.due_at <= $1::timestamptz + p.clock_offset_ms * interval '1 millisecond')
  limit ${BATCH}`

/** Makes the top-ups that are due in every project. Any number of workers may do this: the customer's lock lets one begin. */
export async function settleTopUps(deps: SubscriptionDeps): Promise<void> {
  const due = await deps.database.query<{ customer_pk: number }>(DUE, [new Date(realNow())])
  if (due.length === 0) return
  await runTopUps(
    deps,
    due.map(({ customer_pk }) => customer_pk),
  )
}
