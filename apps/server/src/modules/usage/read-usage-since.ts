import { amountOf, type Quantity } from '@florin/core'
import { arrayOf, type Statement, type Transaction } from '../../platform/database.ts'
import { type UsageKey, usageKey } from './read-meter-usage.ts'

const SINCE: Statement = {
  name: 'usage-since',
  text: `select w.customer_pk, m.pk as meter_pk, w.since, q.quantity
         from unnest($1::bigint[], $2::timestamptz[]) as w(customer_pk, since)
         join customer c on c.pk = w.customer_pk join meter m on m.project_id = c.project_id
         cross join lateral (select sum(u.quantity) as quantity from usage_quarter u
           where u.customer_pk = w.customer_pk and u.meter_pk = m.pk
             and u.start >= date_bin('15 minutes', w.since, 'epoch')) q
         where q.quantity is not null`,
}

/**
 * What customers and all below them have used since an instant, by meter: their own part of a period that somebody above
 * them pays for. It begins with the quarter of an hour that the instant is in.
 */
export async function readUsageSince(
  tx: Transaction,
  wanted: readonly { readonly customerPk: number; readonly since: number }[],
): Promise<Map<UsageKey, Quantity>> {
  const rows = await tx.query<{ customer_pk: number; meter_pk: number; since: number; quantity: string }>(SINCE, [
    arrayOf(wanted.map(({ customerPk }) => customerPk)),
    arrayOf(wanted.map(({ since }) => new Date(since).toISOString())),
  ])
  return new Map(
    rows.map(({ customer_pk, meter_pk, since, quantity }) => [
      usageKey(customer_pk, meter_pk, since),
      amountOf<'quantity'>(quantity),
    ]),
  )
}
